import { HOUR_MS } from './aggregates.ts';
import { type BitReader, createBitReader, createBitWriter } from './bits.ts';
import { type ByteReader, CorruptHistory, createByteReader, createByteWriter } from './bytes.ts';
import type { Columns } from './columns.ts';
import { readNear, readSeries, writeNear, writeSeries } from './series.ts';

/** Times are kept to a tenth of a second: reports come each half minute. */
const TIME_UNIT_MS = 100;
const UNITS_AN_HOUR = HOUR_MS / TIME_UNIT_MS;
/** An hour has 36,000 units. */
const FIRST_TIME_BITS = 16;

/** What most devices of a row have in common stands once, in front of them. */
interface Common {
  /** Lists of metrics that devices report. */
  shapes: number[][];
  /** Near what a metric's first value is, by number. */
  references: ReadonlyMap<number, number>;
  count: number;
  stepUnits: number;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

const shapeOf = (columns: Columns): number[] => [...columns.values.keys()].sort((a, b) => a - b);
/** Cut off, not rounded: what came in the last moment of an hour would stand at its beginning. */
const unitsOf = (columns: Columns): number[] => columns.times.map((at) => Math.floor(at / TIME_UNIT_MS));
const stepsOf = (units: readonly number[]): number[] =>
  units.slice(1).map((unit, index) => unit - (units[index] ?? 0));
const firstOf = (column: readonly (number | undefined)[]): number =>
  column.find((value) => value !== undefined) ?? 0;

function commonOf(devices: readonly Columns[]): Common {
  const shapes = new Map<string, number[]>();
  const firsts = new Map<number, number[]>();
  for (const columns of devices) {
    const shape = shapeOf(columns);
    shapes.set(shape.join(' '), shape);
    for (const metric of shape) {
      const here = firsts.get(metric) ?? [];
      if (here.push(firstOf(columns.values.get(metric) ?? [])) === 1) firsts.set(metric, here);
    }
  }
  return {
    shapes: [...shapes.values()],
    references: new Map([...firsts].map(([metric, values]) => [metric, median(values)])),
    count: median(devices.map(({ times }) => times.length)),
    stepUnits: median(devices.flatMap((columns) => stepsOf(unitsOf(columns)))),
  };
}

const bitsFor = (choices: number): number => Math.ceil(Math.log2(Math.max(1, choices)));

function packDevice(columns: Columns, common: Common): Uint8Array {
  const bits = createBitWriter();
  const units = unitsOf(columns);
  const name = shapeOf(columns).join(' ');
  const shape = common.shapes.findIndex((one) => one.join(' ') === name);
  bits.plain(shape, bitsFor(common.shapes.length));
  writeNear(bits, units.length, common.count);
  bits.plain((units[0] ?? 0) % UNITS_AN_HOUR, FIRST_TIME_BITS);
  writeSeries(bits, stepsOf(units), common.stepUnits);
  for (const metric of common.shapes[shape] ?? []) {
    const column = columns.values.get(metric) ?? [];
    const there = column.filter((value) => value !== undefined);
    const full = there.length === column.length;
    bits.plain(full ? 1 : 0, 1);
    if (!full) for (const value of column) bits.plain(value === undefined ? 0 : 1, 1);
    writeSeries(bits, there, common.references.get(metric));
  }
  return bits.take();
}

/**
 * Neighbouring devices' reports of an hour in one row. Whole bytes first: what they have in common, then a directory of
 * numbers and lengths, so that one device is read without the others; behind it each device in bits: its times as
 * steps, each metric's values as series. Devices ascend by number, each has a report, and each metric of it a value.
 */
export function packBlockHour(devices: readonly { num: number; columns: Columns }[]): Uint8Array {
  const common = commonOf(devices.map(({ columns }) => columns));
  const writer = createByteWriter(4_096);
  writer.unsigned(common.count);
  writer.unsigned(common.stepUnits);
  writer.unsigned(common.shapes.length);
  for (const shape of common.shapes) {
    writer.unsigned(shape.length);
    let before = 0;
    for (const metric of shape) {
      writer.unsigned(metric - before);
      before = metric;
    }
  }
  for (const [, reference] of [...common.references].sort(([a], [b]) => a - b)) writer.signed(reference);
  const sections = devices.map(({ num, columns }) => ({ num, bytes: packDevice(columns, common) }));
  writer.unsigned(sections.length);
  const directory = createBitWriter();
  writeSeries(directory, sections.map(({ num }, index) => num - (sections[index - 1]?.num ?? 0)).slice(1), 1);
  writeSeries(
    directory,
    sections.map(({ bytes }) => bytes.length),
  );
  const packed = directory.take();
  writer.unsigned(sections[0]?.num ?? 0);
  writer.unsigned(packed.length);
  writer.raw(packed);
  for (const { bytes } of sections) writer.raw(bytes);
  return writer.take();
}

function readCommon(reader: ByteReader): Common {
  const count = reader.unsigned();
  const stepUnits = reader.unsigned();
  const many = reader.unsigned();
  const shapes: number[][] = [];
  for (let left = many; left > 0; left--) {
    const length = reader.unsigned();
    const shape: number[] = [];
    for (let metric = 0, i = 0; i < length; i++) {
      metric += reader.unsigned();
      shape.push(metric);
    }
    shapes.push(shape);
  }
  const metrics = [...new Set(shapes.flat())].sort((a, b) => a - b);
  return {
    shapes,
    count,
    stepUnits,
    references: new Map(metrics.map((metric) => [metric, reader.signed()])),
  };
}

/** What stands before the devices, and where each of them is. @throws CorruptHistory */
function open(row: Uint8Array): { common: Common; sections: { num: number; bytes: Uint8Array }[] } {
  const reader = createByteReader(row);
  const common = readCommon(reader);
  const count = reader.unsigned();
  if (count > row.length) throw new CorruptHistory('a stored row says that it has more devices than bytes');
  let num = reader.unsigned();
  const directory = createBitReader(reader.raw(reader.unsigned()));
  const steps = readSeries(directory, Math.max(0, count - 1), 1);
  const lengths = readSeries(directory, count);
  const sections = lengths.map((length, index) => {
    if (index > 0) num += steps[index - 1] ?? 0;
    if (length < 0) throw new CorruptHistory('a stored length is below nought');
    return { num, bytes: reader.raw(length) };
  });
  return { common, sections };
}

function countOf(bits: BitReader, common: Common): number {
  const count = readNear(bits, common.count);
  // The flood guard lets no device say half as much in an hour.
  if (count < 1 || count > UNITS_AN_HOUR) throw new CorruptHistory('a stored count cannot be');
  return count;
}

/** How many reports a row holds. @throws CorruptHistory */
export function reportsInBlockHour(row: Uint8Array): number {
  const { common, sections } = open(row);
  let reports = 0;
  for (const { bytes } of sections) {
    const bits = createBitReader(bytes);
    bits.plain(bitsFor(common.shapes.length));
    reports += countOf(bits, common);
  }
  return reports;
}

/**
 * One device's reports; undefined when the row has none.
 * @param startMs of the row's hour, UTC
 * @param wanted numbers of the metrics to answer; all without it
 * @throws CorruptHistory
 */
export function unpackBlockHour(
  row: Uint8Array,
  num: number,
  startMs: number,
  wanted?: ReadonlySet<number>,
): Columns | undefined {
  const { common, sections } = open(row);
  const section = sections.find((one) => one.num === num);
  if (!section) return undefined;
  const bits = createBitReader(section.bytes);
  const shape = common.shapes[bits.plain(bitsFor(common.shapes.length))] ?? [];
  const count = countOf(bits, common);
  let unit = startMs / TIME_UNIT_MS + bits.plain(FIRST_TIME_BITS);
  const times = [unit * TIME_UNIT_MS];
  for (const step of readSeries(bits, count - 1, common.stepUnits)) {
    unit += step;
    times.push(unit * TIME_UNIT_MS);
  }
  const last = wanted ? Math.max(...wanted) : Number.POSITIVE_INFINITY;
  const values = new Map<number, (number | undefined)[]>();
  for (const metric of shape) {
    if (metric > last) break;
    const there = bits.plain(1) === 1 ? undefined : times.map(() => bits.plain(1) === 1);
    const held = there ? there.filter(Boolean).length : times.length;
    const series = readSeries(bits, held, common.references.get(metric));
    if (wanted && !wanted.has(metric)) continue;
    let next = 0;
    values.set(metric, there ? there.map((is) => (is ? series[next++] : undefined)) : series);
  }
  return { times, values };
}
