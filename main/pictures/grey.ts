/** Every picture is looked at in this size, whatever its camera sends: small enough to be cheap, large enough to see blur. */
export const WIDTH = 320;
export const HEIGHT = 180;
export const PIXELS = WIDTH * HEIGHT;

/** A picture as brightness alone: 0 black to 255 white, row by row. */
export type Grey = Uint8Array;

/** Cells of four by four pixels: the size in which outlines are compared. */
export const CELL = 4;
export const COLUMNS = WIDTH / CELL;
export const ROWS = HEIGHT / CELL;
export const CELLS = COLUMNS * ROWS;
