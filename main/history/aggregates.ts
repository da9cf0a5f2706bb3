import { createByteReader, createByteWriter } from './bytes.ts';
import type { Columns } from './columns.ts';

/** What is left of the reports of one bucket of time, in stored units. */
export interface Cell {
  count: number;
  min: number;
  max: number;
  sum: number;
}

/** One device's cells: by metric number, by bucket number (`floor(at / bucketMs)`). */
export type CellTable = Map<number, Map<number, Cell>>;

export const FIVE_MINUTES_MS = 300_000;
export const HOUR_MS = 3_600_000;

export function addCell(table: CellTable, metric: number, bucket: number, cell: Readonly<Cell>): void {
  const buckets = table.get(metric) ?? new Map<number, Cell>();
  if (buckets.size === 0) table.set(metric, buckets);
  const here = buckets.get(bucket);
  if (!here) {
    buckets.set(bucket, { ...cell });
    return;
  }
  here.count += cell.count;
  here.sum += cell.sum;
  here.min = Math.min(here.min, cell.min);
  here.max = Math.max(here.max, cell.max);
}

/** Takes in one device's reports. */
export function addColumns(table: CellTable, { times, values }: Columns, bucketMs: number): void {
  for (const [metric, column] of values)
    for (let i = 0; i < times.length; i++) {
      const value = column[i];
      if (value === undefined) continue;
      const bucket = Math.floor((times[i] ?? 0) / bucketMs);
      addCell(table, metric, bucket, { count: 1, min: value, max: value, sum: value });
    }
}

export function mergeTable(into: CellTable, from: CellTable): void {
  for (const [metric, buckets] of from)
    for (const [bucket, cell] of buckets) addCell(into, metric, bucket, cell);
}

/** The same reports in buckets `factor` times as long. */
export function coarser(table: CellTable, factor: number): CellTable {
  const result: CellTable = new Map();
  for (const [metric, buckets] of table)
    for (const [bucket, cell] of buckets) addCell(result, metric, Math.floor(bucket / factor), cell);
  return result;
}

/** Differences all through: neighbouring buckets resemble each other. */
export function packCells(table: CellTable): Uint8Array {
  const writer = createByteWriter();
  const metrics = [...table.keys()].sort((a, b) => a - b);
  writer.unsigned(metrics.length);
  for (const metric of metrics) {
    const buckets = [...(table.get(metric) ?? [])].sort(([a], [b]) => a - b);
    writer.unsigned(metric);
    writer.unsigned(buckets.length);
    let bucketBefore = 0;
    let minBefore = 0;
    for (const [bucket, { count, min, max, sum }] of buckets) {
      writer.unsigned(bucket - bucketBefore);
      writer.unsigned(count);
      writer.signed(min - minBefore);
      writer.unsigned(max - min);
      writer.unsigned(sum - count * min);
      bucketBefore = bucket;
      minBefore = min;
    }
  }
  return writer.take();
}

/**
 * Tells the cells of the metrics wanted one by one, without making anything of the others.
 * @throws CorruptHistory
 */
export function eachCell(
  bytes: Uint8Array,
  wanted: ReadonlySet<number>,
  tell: (metric: number, bucket: number, cell: Cell) => void,
): void {
  const reader = createByteReader(bytes);
  for (let metrics = reader.unsigned(); metrics > 0; metrics--) {
    const metric = reader.unsigned();
    const length = reader.unsigned();
    if (!wanted.has(metric)) {
      reader.skip(NUMBERS_A_CELL * length);
      continue;
    }
    let bucket = 0;
    const cell: Cell = { count: 0, min: 0, max: 0, sum: 0 };
    for (let left = length; left > 0; left--) {
      bucket += reader.unsigned();
      cell.count = reader.unsigned();
      cell.min += reader.signed();
      cell.max = cell.min + reader.unsigned();
      cell.sum = reader.unsigned() + cell.count * cell.min;
      tell(metric, bucket, cell);
    }
  }
}
const NUMBERS_A_CELL = 5;

/** @throws CorruptHistory */
export function unpackCells(bytes: Uint8Array): CellTable {
  const reader = createByteReader(bytes);
  const table: CellTable = new Map();
  for (let metrics = reader.unsigned(); metrics > 0; metrics--) {
    const metric = reader.unsigned();
    const buckets = new Map<number, Cell>();
    let bucket = 0;
    let min = 0;
    for (let left = reader.unsigned(); left > 0; left--) {
      bucket += reader.unsigned();
      const count = reader.unsigned();
      min += reader.signed();
      const max = min + reader.unsigned();
      buckets.set(bucket, { count, min, max, sum: reader.unsigned() + count * min });
    }
    table.set(metric, buckets);
  }
  return table;
}
