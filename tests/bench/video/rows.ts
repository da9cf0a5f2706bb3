import { percentile } from '../figures.ts';

/** One line of the table of what video reaches. */
export interface Row {
  name: string;
  unit: string;
  /** Null where the figure is a single value, which is then in `p95`, or is missing. */
  p50: number | null;
  p95: number | null;
  limit: number;
  /** What it is held against, measured in the same run where it can be. */
  baseline: string;
  ok: boolean;
  /** Why a figure is missing or is not what it seems. */
  note?: string;
}

const round = (value: number) => Number(value.toPrecision(4));

/** Of many values the half and the 95th of a hundred, which has to stay within `limit`. @throws Error for no values */
export function spread(
  name: string,
  unit: string,
  values: readonly number[],
  limit: number,
  baseline: string,
): Row {
  const p95 = percentile(values, 0.95);
  return {
    name,
    unit,
    p50: round(percentile(values, 0.5)),
    p95: round(p95),
    limit,
    baseline,
    ok: p95 <= limit,
  };
}

export const single = (
  name: string,
  unit: string,
  value: number,
  limit: number,
  baseline: string,
  note?: string,
): Row => ({
  ...{ name, unit, p50: null, p95: round(value), limit, baseline, ok: value <= limit },
  ...(note === undefined ? {} : { note }),
});

/** A figure that could not be measured: never ok, and says why. */
export const missing = (name: string, note: string): Row => ({
  ...{ name, unit: '', p50: null, p95: null, limit: Number.NaN, baseline: '', ok: false, note },
});
