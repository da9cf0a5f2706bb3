/** One line of a chart. Null is where nothing was reported. All three lists are as long as the chart's times. */
export interface ChartLine {
  label: string;
  avg: readonly (number | null)[];
  min: readonly (number | null)[];
  max: readonly (number | null)[];
  /** Whether values hold until the next one, as channels do. */
  stepped?: boolean;
}

/** How far the vertical scale reaches: from nought up, 0 to 100, or about the values. */
export type ChartScale = 'from-zero' | 'percent' | 'free';

/** Points without a neighbour on either side: no line shows them, so they are drawn as dots. */
export function lonePoints(values: readonly (number | null | undefined)[]): number[] {
  const lone: number[] = [];
  for (let i = 0; i < values.length; i++)
    if (values[i] != null && values[i - 1] == null && values[i + 1] == null) lone.push(i);
  return lone;
}

/** What a line comes to over the whole range; null without a single value. */
export interface LineSummary {
  avg: number;
  min: number;
  max: number;
  /** Share of the range that nothing was reported for, 0 to 1. */
  gaps: number;
}

export function summaryOf({ avg, min, max }: ChartLine): LineSummary | null {
  let sum = 0;
  let count = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const [i, value] of avg.entries()) {
    if (value === null) continue;
    sum += value;
    count += 1;
    least = Math.min(least, min[i] ?? value);
    most = Math.max(most, max[i] ?? value);
  }
  if (count === 0) return null;
  return { avg: sum / count, min: least, max: most, gaps: 1 - count / avg.length };
}

/** The vertical scale for values from `least` to `most`; never without height. */
export function scaleRange(
  scale: ChartScale,
  least: number | null,
  most: number | null,
): [min: number, max: number] {
  if (scale === 'percent') return [0, 100];
  if (least === null || most === null) return [0, 1];
  if (scale === 'from-zero') return [0, most <= 0 ? 1 : most * 1.08];
  const room = Math.max((most - least) * 0.15, 1);
  return [least - room, most + room];
}
