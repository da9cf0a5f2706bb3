import { CELL, CELLS, COLUMNS, type Grey, HEIGHT, ROWS, WIDTH } from './grey.ts';

/**
 * Where a scene's edges are, whatever light falls on it: the gradient of each cell, held against its surroundings.
 * 0 is no edge, 1 an edge that stands out as much as its surroundings are rich.
 */
export type Outline = Float32Array;

/** Cells to each side that count as surroundings. */
const AROUND = 5;
/** Gradient that sensor noise alone has: below it nothing stands out. */
const NOISE = 6;

export function outlineOf(grey: Grey): Outline {
  const gradient = cellGradients(grey);
  const around = boxMean(gradient, AROUND);
  const outline = new Float32Array(CELLS);
  for (let i = 0; i < CELLS; i++) outline[i] = (gradient[i] ?? 0) / ((around[i] ?? 0) + NOISE);
  return outline;
}

/** Mean gradient of each cell. */
function cellGradients(grey: Grey): Float32Array {
  const cells = new Float32Array(CELLS);
  for (let y = 0; y < HEIGHT - 1; y++) {
    const row = Math.floor(y / CELL) * COLUMNS;
    for (let x = 0, at = y * WIDTH; x < WIDTH - 1; x++, at++) {
      const here = grey[at] ?? 0;
      const cell = row + ((x / CELL) | 0);
      cells[cell] =
        (cells[cell] ?? 0) + Math.abs((grey[at + 1] ?? 0) - here) + Math.abs((grey[at + WIDTH] ?? 0) - here);
    }
  }
  for (let i = 0; i < CELLS; i++) cells[i] = (cells[i] ?? 0) / (CELL * CELL);
  return cells;
}

/** Mean over a square around each cell, by sums over rows and columns. */
function boxMean(cells: Float32Array, reach: number): Float32Array {
  const sums = new Float64Array((COLUMNS + 1) * (ROWS + 1));
  for (let y = 0; y < ROWS; y++) {
    let row = 0;
    for (let x = 0; x < COLUMNS; x++) {
      row += cells[y * COLUMNS + x] ?? 0;
      sums[(y + 1) * (COLUMNS + 1) + x + 1] = (sums[y * (COLUMNS + 1) + x + 1] ?? 0) + row;
    }
  }
  const sum = (y: number, x: number) => sums[y * (COLUMNS + 1) + x] ?? 0;
  const means = new Float32Array(CELLS);
  for (let y = 0; y < ROWS; y++)
    for (let x = 0; x < COLUMNS; x++) {
      const [top, bottom] = [Math.max(0, y - reach), Math.min(ROWS, y + reach + 1)];
      const [left, right] = [Math.max(0, x - reach), Math.min(COLUMNS, x + reach + 1)];
      const total = sum(bottom, right) - sum(top, right) - sum(bottom, left) + sum(top, left);
      means[y * COLUMNS + x] = total / ((bottom - top) * (right - left));
    }
  return means;
}

/** How alike two outlines are when the second is moved by `dx`, `dy` cells: their correlation over what overlaps, -1 to 1. */
export function likeness(a: Outline, b: Outline, dx = 0, dy = 0): number {
  let [sumA, sumB, squaresA, squaresB, products, count] = [0, 0, 0, 0, 0, 0];
  for (let y = Math.max(0, dy); y < Math.min(ROWS, ROWS + dy); y++)
    for (let x = Math.max(0, dx); x < Math.min(COLUMNS, COLUMNS + dx); x++) {
      const one = a[y * COLUMNS + x] ?? 0;
      const other = b[(y - dy) * COLUMNS + x - dx] ?? 0;
      sumA += one;
      sumB += other;
      squaresA += one * one;
      squaresB += other * other;
      products += one * other;
      count += 1;
    }
  const variance = (squaresA - sumA ** 2 / count) * (squaresB - sumB ** 2 / count);
  return variance > 0 ? (products - (sumA * sumB) / count) / Math.sqrt(variance) : 0;
}

export interface Shift {
  /** Cells to the right and down by which the scene stands elsewhere than in the reference. */
  dx: number;
  dy: number;
  likeness: number;
}

/** The best of small moves: a mast sways in the wind. */
export function steadied(now: Outline, reference: Outline, sway = 1): Shift {
  return best(now, reference, -sway, sway, -sway, sway);
}

/** The best of moves up to a quarter of the picture; some 8 ms, for pictures already found to be moved. */
export function findShift(now: Outline, reference: Outline): Shift {
  const [x, y] = [COLUMNS >> 2, ROWS >> 2];
  return best(now, reference, -x, x, -y, y);
}

function best(
  now: Outline,
  reference: Outline,
  left: number,
  right: number,
  up: number,
  down: number,
): Shift {
  let found: Shift = { dx: 0, dy: 0, likeness: likeness(now, reference) };
  for (let dy = up; dy <= down; dy++)
    for (let dx = left; dx <= right; dx++) {
      const here = likeness(now, reference, dx, dy);
      if (here > found.likeness) found = { dx, dy, likeness: here };
    }
  return found;
}
