import { MetricTable } from '../contract/history.ts';
import {
  addCell,
  addSamples,
  type Cell,
  type CellTable,
  FIVE_MINUTES_MS,
  HOUR_MS,
  mergeTable,
  unpackCells,
} from './aggregates.ts';
import { blockOf, DAY_MS } from './blocks.ts';
import { readDaySection, readPartSections } from './compaction.ts';
import { unpack } from './compress.ts';
import type { HistoryDb } from './history-db.ts';
import { unpackColumns } from './sample-columns.ts';
import type { Sample } from './samples.ts';
import { sectionOf } from './sections.ts';

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

/** Buckets of a range by the index of their metric, at the resolution that serves it best. */
interface Found {
  cells: CellTable;
  bucketMs: number;
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
  const raw = to - from <= LONGEST_RAW_MS && from >= oldestSample;
  const found = raw
    ? await fromSamples(db, request, waiting, numbers)
    : await fromCells(db, request, waiting, to - from > LONGEST_FIVE_MINUTES_MS ? HOUR_MS : FIVE_MINUTES_MS);
  const stepMs = Math.max(Math.ceil((to - from) / request.points), found.bucketMs, 1);
  const length = Math.ceil((to - from) / stepMs);
  const series = numbers.map((number, index) => {
    const metric = MetricTable[number];
    const buckets: (Cell | undefined)[] = Array.from({ length });
    for (const [bucket, cell] of found.cells.get(number) ?? []) {
      const at = Math.floor((bucket * found.bucketMs - from) / stepMs);
      if (at >= 0 && at < length) buckets[at] = merged(buckets[at], cell);
    }
    const scale = metric?.scale ?? 1;
    return {
      metric: request.metrics[index] ?? '',
      unit: metric?.unit ?? '',
      avg: buckets.map((cell) => (cell ? cell.sum / cell.count / scale : null)),
      min: buckets.map((cell) => (cell ? cell.min / scale : null)),
      max: buckets.map((cell) => (cell ? cell.max / scale : null)),
    };
  });
  return { stepMs, resolutionMs: found.resolutionMs, series };
}

function merged(a: Cell | undefined, b: Cell): Cell {
  if (!a) return b;
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

async function fromSamples(
  db: HistoryDb,
  { num, from, to, points }: ChartRequest,
  waiting: readonly Sample[],
  numbers: readonly number[],
): Promise<Found> {
  const rows = await db
    .selectFrom('samples')
    .select(['data', 'start_ms'])
    .where('block', '=', blockOf(num))
    .where('start_ms', '>', from - HOUR_MS)
    .where('start_ms', '<', to)
    .execute();
  const times: number[] = [];
  const readings: { at: number; metric: number; value: number }[] = [];
  const take = (at: number, metric: number, value: number | undefined): void => {
    if (value !== undefined && at >= from && at < to && numbers.includes(metric))
      readings.push({ at, metric, value });
  };
  for (const { data, start_ms } of rows) {
    const section = sectionOf(unpack(data), num);
    if (!section) continue;
    const columns = unpackColumns(section, start_ms);
    times.push(...columns.times);
    for (const [metric, values] of columns.values)
      for (const [index, at] of columns.times.entries()) take(at, metric, values[index]);
  }
  for (const { at, metrics, values } of waiting) {
    times.push(at);
    for (const [index, metric] of metrics.entries()) take(at, metric, values[index]);
  }
  const bucketMs = Math.max(1, Math.ceil(Math.max((to - from) / points, usualDistance(times) * UNEVEN)));
  const cells: CellTable = new Map();
  for (const { at, metric, value } of readings)
    addCell(cells, metric, Math.floor((at - from) / bucketMs), {
      count: 1,
      min: value,
      max: value,
      sum: value,
    });
  // Buckets were counted from the range's own beginning.
  return { cells: shifted(cells, from / bucketMs), bucketMs, resolutionMs: 0 };
}

function shifted(cells: CellTable, by: number): CellTable {
  return new Map(
    [...cells].map(([metric, buckets]) => [
      metric,
      new Map([...buckets].map(([bucket, cell]) => [bucket + by, cell])),
    ]),
  );
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
  { num, from, to }: ChartRequest,
  waiting: readonly Sample[],
  bucketMs: number,
): Promise<Found> {
  const rows = await db
    .selectFrom('aggregates')
    .select(['tier', 'data'])
    .where('block', '=', blockOf(num))
    .where('tier', 'in', ['part', bucketMs === HOUR_MS ? 'hour' : 'day'])
    .where('day', '>=', Math.floor(from / DAY_MS))
    .where('day', '<=', Math.floor(to / DAY_MS))
    .execute();
  const cells: CellTable = new Map();
  const factor = bucketMs / FIVE_MINUTES_MS;
  for (const { tier, data } of rows) {
    if (tier !== 'part') {
      const section = sectionOf(data, num);
      if (section) mergeTable(cells, readDaySection(section));
      continue;
    }
    const section = readPartSections(data).find((part) => part.num === num);
    if (!section) continue;
    for (const [metric, buckets] of unpackCells(section.bytes))
      for (const [bucket, cell] of buckets) addCell(cells, metric, Math.floor(bucket / factor), cell);
  }
  addSamples(cells, waiting, bucketMs);
  return { cells, bucketMs, resolutionMs: bucketMs };
}
