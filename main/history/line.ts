import type { Cell } from './aggregates.ts';

/** What is drawn of one metric: at each point in how many reports it stood, and what they said, in stored units. */
export interface Line {
  /** Points outside of the line are passed over. */
  add(point: number, count: number, min: number, max: number, sum: number): void;
  addCell(point: number, cell: Readonly<Cell>): void;
  /** In the metric's unit; null where no report was. */
  drawn(scale: number): Record<'avg' | 'min' | 'max', (number | null)[]>;
}

/** Plain arrays of numbers: a chart of a week is made of thousands of cells. */
export function createLine(length: number): Line {
  const counts = new Float64Array(length);
  const sums = new Float64Array(length);
  const mins = new Float64Array(length).fill(Number.POSITIVE_INFINITY);
  const maxs = new Float64Array(length).fill(Number.NEGATIVE_INFINITY);

  function add(point: number, count: number, min: number, max: number, sum: number): void {
    if (point < 0 || point >= length) return;
    counts[point] = (counts[point] ?? 0) + count;
    sums[point] = (sums[point] ?? 0) + sum;
    if (min < (mins[point] ?? 0)) mins[point] = min;
    if (max > (maxs[point] ?? 0)) maxs[point] = max;
  }

  const each = (value: (point: number, count: number) => number) =>
    Array.from(counts, (count, point) => (count === 0 ? null : value(point, count)));
  return {
    add,
    addCell: (point, { count, min, max, sum }) => add(point, count, min, max, sum),
    drawn: (scale) => ({
      avg: each((point, count) => (sums[point] ?? 0) / count / scale),
      min: each((point) => (mins[point] ?? 0) / scale),
      max: each((point) => (maxs[point] ?? 0) / scale),
    }),
  };
}
