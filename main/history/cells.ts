import type { Cell, CellTable } from './aggregates.ts';
import { createBitReader, createBitWriter } from './bits.ts';
import { type ByteReader, CorruptHistory, createByteReader, createByteWriter } from './bytes.ts';
import { readSeries, writeSeries } from './series.ts';

/** Cells of one metric lie behind those of another only in bits; more of them than this in a section cannot be. */
const MOST_CELLS = 100_000;

const by = ([a]: [number, unknown], [b]: [number, unknown]): number => a - b;

/** Which buckets have cells, and how many reports each is of: the same for most metrics of a device. */
function packFrame(buckets: readonly [number, Cell][]): Uint8Array {
  const bits = createBitWriter();
  const steps = buckets.slice(1).map(([bucket], index) => bucket - (buckets[index]?.[0] ?? 0));
  writeSeries(bits, steps, 1);
  writeSeries(
    bits,
    buckets.map(([, { count }]) => count),
  );
  return bits.take();
}

/** The whole part of the mean, what is left of the sum, and how far least and most lie from the mean. */
function packBody(buckets: readonly [number, Cell][]): Uint8Array {
  const bits = createBitWriter();
  const means = buckets.map(([, { sum, count }]) => Math.floor(sum / count));
  const column = (of: (cell: Cell, mean: number) => number) =>
    writeSeries(
      bits,
      buckets.map(([, cell], index) => of(cell, means[index] ?? 0)),
    );
  column((_, mean) => mean);
  column(({ sum, count }, mean) => sum - count * mean);
  column(({ min }, mean) => mean - min);
  column(({ max }, mean) => max - mean);
  return bits.take();
}

/**
 * One device's cells of a day as columns in bits: first the frames, each once, then each metric's number, its frame and
 * its cells.
 */
export function packCellColumns(table: CellTable): Uint8Array {
  const frames = new Map<string, { place: number; first: number; length: number; bytes: Uint8Array }>();
  const bodies = [...table].sort(by).map(([metric, cells]) => {
    const buckets = [...cells].sort(by);
    const bytes = packFrame(buckets);
    const first = buckets[0]?.[0] ?? 0;
    const name = `${first} ${buckets.length} ${bytes.join(' ')}`;
    const frame = frames.get(name) ?? { place: frames.size, first, length: buckets.length, bytes };
    frames.set(name, frame);
    return { metric, frame: frame.place, bytes: packBody(buckets) };
  });
  const writer = createByteWriter(1_024);
  writer.unsigned(frames.size);
  for (const { first, length, bytes } of frames.values()) {
    writer.unsigned(first);
    writer.unsigned(length);
    writer.unsigned(bytes.length);
    writer.raw(bytes);
  }
  writer.unsigned(bodies.length);
  for (const { metric, frame, bytes } of bodies) {
    writer.unsigned(metric);
    writer.unsigned(frame);
    writer.unsigned(bytes.length);
    writer.raw(bytes);
  }
  return writer.take();
}

interface Frame {
  first: number;
  length: number;
  bytes: Uint8Array;
}

function readFrames(reader: ByteReader): Frame[] {
  const frames: Frame[] = [];
  for (let left = reader.unsigned(); left > 0; left--) {
    const first = reader.unsigned();
    const length = reader.unsigned();
    if (length > MOST_CELLS) throw new CorruptHistory('a stored section has more cells than there are');
    frames.push({ first, length, bytes: reader.raw(reader.unsigned()) });
  }
  return frames;
}

/**
 * Tells the cells of the metrics wanted one by one, without making anything of the others. What is told is one object,
 * good until the next.
 * @throws CorruptHistory
 */
export function eachCellOfColumns(
  bytes: Uint8Array,
  wanted: ReadonlySet<number> | undefined,
  tell: (metric: number, bucket: number, cell: Cell) => void,
): void {
  const reader = createByteReader(bytes);
  const frames = readFrames(reader);
  const opened = new Map<Frame, { steps: number[]; counts: number[] }>();
  for (let left = reader.unsigned(); left > 0; left--) {
    const metric = reader.unsigned();
    const frame = frames[reader.unsigned()];
    const body = reader.raw(reader.unsigned());
    if (!frame) throw new CorruptHistory('stored cells have no frame');
    if (wanted && !wanted.has(metric)) continue;
    let columns = opened.get(frame);
    if (!columns) {
      const bits = createBitReader(frame.bytes);
      columns = {
        steps: readSeries(bits, Math.max(0, frame.length - 1), 1),
        counts: readSeries(bits, frame.length),
      };
      opened.set(frame, columns);
    }
    const bits = createBitReader(body);
    const [means, rests, belows, aboves] = Array.from({ length: 4 }, () => readSeries(bits, frame.length));
    const cell: Cell = { count: 0, min: 0, max: 0, sum: 0 };
    for (let i = 0, bucket = frame.first; i < frame.length; i++) {
      if (i > 0) bucket += columns.steps[i - 1] ?? 0;
      const mean = means?.[i] ?? 0;
      cell.count = columns.counts[i] ?? 0;
      cell.sum = cell.count * mean + (rests?.[i] ?? 0);
      cell.min = mean - (belows?.[i] ?? 0);
      cell.max = mean + (aboves?.[i] ?? 0);
      tell(metric, bucket, cell);
    }
  }
}
