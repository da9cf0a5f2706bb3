import { writeFileSync } from 'node:fs';

/** One measured figure. `goal` is at most (or at least, where it says so) what the project asks of itself. */
export interface Figure {
  figure: string;
  value: number;
  unit: string;
  goal: string;
  /** What it is held against, measured in the same run, or the named source of the goal. */
  baseline: string;
  ok: boolean;
  /** How it was come by, and what it is not. */
  note?: string;
}

export const atMost = (
  figure: string,
  value: number,
  unit: string,
  limit: number,
  baseline: string,
): Figure => ({
  figure,
  value: round(value),
  unit,
  goal: `<= ${limit}`,
  baseline,
  ok: value <= limit,
});

export const atLeast = (
  figure: string,
  value: number,
  unit: string,
  limit: number,
  baseline: string,
): Figure => ({
  figure,
  value: round(value),
  unit,
  goal: `>= ${limit}`,
  baseline,
  ok: value >= limit,
});

/** A figure without a goal, to be seen beside the others. */
export const shown = (figure: string, value: number, unit: string, baseline = ''): Figure => ({
  ...{ figure, value: round(value), unit, goal: '', baseline, ok: true },
});

const round = (value: number) => Number(value.toPrecision(4));

/** The p-th percentile (0 to 1) by the nearest-rank method. @throws Error for no values */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)];
  if (value === undefined) throw new Error('no values were measured');
  return value;
}

export function printTable(figures: readonly Figure[]): void {
  console.table(
    figures.map(({ figure, value, unit, goal, baseline, ok, note }) => ({
      figure,
      value,
      unit,
      goal,
      ok: ok ? 'yes' : 'NO',
      baseline,
      ...(note === undefined ? {} : { note }),
    })),
  );
}

export const writeJson = (file: string, figures: readonly object[]): void =>
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
