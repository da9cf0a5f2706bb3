/** Left, top, right, bottom, px. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

const touches = (a: Box, b: Box): boolean => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

/** Where a name may stand when its own place is taken: near enough to be read as that place's name. In its heights. */
const STEPS: readonly (readonly [across: number, down: number])[] = [
  [0, 0],
  [0, -1],
  [0, 1],
  [0, -2],
  [0, 2],
  [-0.5, 0],
  [0.5, 0],
  [-0.5, -1],
  [0.5, -1],
  [-0.5, 1],
  [0.5, 1],
  [0, -3],
  [0, 3],
];

/**
 * The first free place for a name about (x, y); null where there is none.
 * @param taken boxes that it may not touch
 */
export function placeLabel(
  x: number,
  y: number,
  width: number,
  height: number,
  taken: readonly Box[],
): { x: number; y: number; box: Box } | null {
  // What is further away than any step leads is not asked again for each.
  const reach: Box = [x - width, y - 3.5 * height, x + width, y + 3.5 * height];
  const near = taken.filter((box) => touches(reach, box));
  for (const [across, down] of STEPS) {
    const at = { x: x + across * width, y: y + down * height };
    const box: Box = [at.x - width / 2, at.y - height / 2, at.x + width / 2, at.y + height / 2];
    if (!near.some((other) => touches(box, other))) return { ...at, box };
  }
  return null;
}
