import { MetricTable } from '../contract/history.ts';
import { type Cell, FIVE_MINUTES_MS, HOUR_MS } from './aggregates.ts';
import { blockOf, DAY_MS } from './blocks.ts';
import type { HistoryDb } from './history-db.ts';
import { createLine, type Line } from './line.ts';
import { samplesOf } from './sample-rows.ts';
import type { Sample } from './samples.ts';
import { eachCellOf } from './tiers.ts';

export interface ChartRequest {
  num: number;
  metrics: readonly string[];
  from: number;
  to: number;
  points: number;
}

export interface ChartAnswer {
  stepMs: number;
  resolutionMs: number;
  series: { metric: string; unit: string; avg: Values; min: Values; max: Values }[];
}
type Values = (number | null)[];

/** Beyond this range every single report is finer than any chart shows. */
const LONGEST_RAW_MS = 26 * HOUR_MS;
/** Beyond this range hourly cells are fine enough. */
const LONGEST_FIVE_MINUTES_MS = 62 * DAY_MS;
/** Reports do not come quite evenly: a bucket this much longer than their usual distance has one each time. */
const UNEVEN = 1.25;

/** Lines by the number of their metric, at the resolution that serves the range best. */
interface Found {
  lines: ReadonlyMap<number, Line>;
  stepMs: number;
  resolutionMs: number;
}

/**
 * A device's metrics over a range: every report for a day, five-minute cells for two months, hourly ones beyond.
 * Points without a report are null: a gap stays a gap.
 * @throws CorruptHistory
 */
export async function chart(
  db: HistoryDb,
  request: ChartRequest,
  waiting: readonly Sample[],
  oldestSample: number,
): Promise<ChartAnswer> {
  const { from, to } = request;
  const numbers = request.metrics.map((id) => MetricTable.findIndex((metric) => metric.id === id));
  const wanted = new Set(numbers);
  const raw = to - from <= LONGEST_RAW_MS && from >= oldestSample;
  const { lines, stepMs, resolutionMs } = raw
    ? await fromSamples(db, request, waiting, wanted)
    : await fromCells(db, request, waiting, wanted);
  const series = numbers.map((number, index) => ({
    metric: request.metrics[index] ?? '',
    unit: MetricTable[number]?.unit ?? '',
    ...(lines.get(number) ?? createLine(0)).drawn(MetricTable[number]?.scale ?? 1),
  }));
  return { stepMs, resolutionMs, series };
}

/** An empty line for each metric. */
function linesOf(
  { from, to }: ChartRequest,
  wanted: ReadonlySet<number>,
  stepMs: number,
): ReadonlyMap<number, Line> {
  const length = Math.ceil((to - from) / stepMs);
  return new Map([...wanted].map((number) => [number, createLine(length)]));
}

async function fromSamples(
  db: HistoryDb,
  request: ChartRequest,
  waiting: readonly Sample[],
  wanted: ReadonlySet<number>,
): Promise<Found> {
  const { num, from, to, points } = request;
  const rows = await db
    .selectFrom('samples')
    .select(['data', 'start_ms'])
    .where('block', '=', blockOf(num))
    .where('start_ms', '>', from - HOUR_MS)
    .where('start_ms', '<', to)
    .execute();
  const found = rows.flatMap(({ data, start_ms }) => samplesOf(data, num, start_ms, wanted) ?? []);
  const times = [...found.flatMap((columns) => columns.times), ...waiting.map(({ at }) => at)];
  const stepMs = Math.max(1, Math.ceil(Math.max((to - from) / points, usualDistance(times) * UNEVEN)));
  const lines = linesOf(request, wanted, stepMs);
  const take = (at: number, line: Line | undefined, value: number | undefined): void => {
    if (value !== undefined && at >= from && at < to)
      line?.add(Math.floor((at - from) / stepMs), 1, value, value, value);
  };
  for (const columns of found)
    for (const [metric, values] of columns.values) {
      const line = lines.get(metric);
      for (const [index, at] of columns.times.entries()) take(at, line, values[index]);
    }
  for (const { at, metrics, values } of waiting)
    for (const [index, metric] of metrics.entries()) take(at, lines.get(metric), values[index]);
  return { lines, stepMs, resolutionMs: 0 };
}

/** Median time between neighbouring reports, ms; 0 for fewer than two. */
export function usualDistance(times: readonly number[]): number {
  const ordered = [...times].sort((a, b) => a - b);
  const distances = ordered.slice(1).map((time, index) => time - (ordered[index] ?? time));
  distances.sort((a, b) => a - b);
  return distances[distances.length >> 1] ?? 0;
}

async function fromCells(
  db: HistoryDb,
  request: ChartRequest,
  waiting: readonly Sample[],
  wanted: ReadonlySet<number>,
): Promise<Found> {
  const { num, from, to, points } = request;
  const bucketMs = to - from > LONGEST_FIVE_MINUTES_MS ? HOUR_MS : FIVE_MINUTES_MS;
  const rows = await db
    .selectFrom('aggregates')
    .select(['tier', 'data'])
    .where('block', '=', blockOf(num))
    .where('tier', 'in', ['part', 'span', bucketMs === HOUR_MS ? 'hour' : 'day'])
    .where('day', '>=', Math.floor(from / DAY_MS))
    .where('day', '<=', Math.floor(to / DAY_MS))
    .execute();
  const stepMs = Math.max(Math.ceil((to - from) / points), bucketMs);
  const lines = linesOf(request, wanted, stepMs);
  // A cell stands where its bucket begins, whatever is drawn at a point.
  const point = (at: number): number => Math.floor((Math.floor(at / bucketMs) * bucketMs - from) / stepMs);
  for (const { tier, data } of rows) {
    const cellMs = tier === 'hour' ? HOUR_MS : FIVE_MINUTES_MS;
    const draw = (metric: number, bucket: number, cell: Cell) =>
      lines.get(metric)?.addCell(point(bucket * cellMs), cell);
    eachCellOf({ tier, data, num }, wanted, draw);
  }
  for (const { at, metrics, values } of waiting)
    for (const [index, metric] of metrics.entries()) {
      const value = values[index];
      if (value !== undefined) lines.get(metric)?.add(point(at), 1, value, value, value);
    }
  return { lines, stepMs, resolutionMs: bucketMs };
}
