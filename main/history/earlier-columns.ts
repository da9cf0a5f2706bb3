import { type BitReader, createBitReader } from './bits.ts';
import { type ByteReader, createByteReader } from './bytes.ts';
import type { Columns } from './columns.ts';

/** Times stand in tenths of a second. */
const TIME_UNIT_MS = 100;
/** Where still older sections have their count, which never is nought. */
const BITS = 0;
/** In place of a Rice parameter: no value differs from the first. */
const STEADY = 63;

const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/**
 * One device's samples of an hour as earlier versions packed them: whole bytes first, how many, the first time within
 * its hour, and of each metric its number, first value and parameter; then bits, times as differences of differences,
 * each metric's values as differences, in Rice's code. They are kept for some days, and only read.
 * @param startMs of the hour that the section belongs to, UTC
 * @param wanted numbers of the metrics to answer; all without it
 * @throws CorruptHistory
 */
export function unpackColumns(bytes: Uint8Array, startMs: number, wanted?: ReadonlySet<number>): Columns {
  const reader = createByteReader(bytes);
  const mark = reader.unsigned();
  if (mark !== BITS) return firstVersion(reader, mark);
  const count = reader.unsigned();
  const firstTime = startMs / TIME_UNIT_MS + reader.unsigned();
  const timeParameter = reader.unsigned();
  const metrics = Array.from({ length: reader.unsigned() }, () => {
    const head = reader.unsigned();
    return {
      ...{ metric: Math.floor(head / 2), full: head % 2 === 1 },
      first: reader.signed(),
      parameter: reader.unsigned(),
    };
  });
  const bits = createBitReader(bytes.subarray(reader.at()));
  let time = firstTime;
  let step = 0;
  const times = Array.from({ length: count }, (_, index) => {
    if (index > 0) {
      step += difference(bits, timeParameter);
      time += step;
    }
    return time * TIME_UNIT_MS;
  });
  const values = new Map<number, (number | undefined)[]>();
  const last = wanted ? Math.max(...wanted) : Number.POSITIVE_INFINITY;
  for (const { metric, full, first, parameter } of metrics) {
    if (metric > last) break;
    const there = Array.from({ length: count }, () => full || bits.plain(1) === 1);
    if (wanted && !wanted.has(metric)) {
      const codes = parameter === STEADY ? 0 : there.filter(Boolean).length - 1;
      for (let i = 0; i < codes; i++) bits.rice(parameter);
      continue;
    }
    let before: number | undefined;
    values.set(
      metric,
      there.map((is) => {
        if (!is) return undefined;
        before = before === undefined ? first : before + difference(bits, parameter);
        return before;
      }),
    );
  }
  return { times, values };
}

const difference = (bits: BitReader, parameter: number): number =>
  parameter === STEADY ? 0 : unzigzag(bits.rice(parameter));

/** Sections of the first version: everything in whole bytes, the time in full. */
function firstVersion(reader: ByteReader, count: number): Columns {
  const times: number[] = [];
  let time = 0;
  let step = 0;
  for (let i = 0; i < count; i++) {
    const now = time + step + reader.signed();
    step = time === 0 ? 0 : now - time;
    time = now;
    times.push(time * TIME_UNIT_MS);
  }
  const values = new Map<number, (number | undefined)[]>();
  for (let left = reader.unsigned(); left > 0; left--) {
    const head = reader.unsigned();
    values.set(Math.floor(head / 2), firstColumn(reader, count, head % 2 === 1));
  }
  return { times, values };
}

function firstColumn(reader: ByteReader, count: number, full: boolean): (number | undefined)[] {
  const values: (number | undefined)[] = [];
  let before = 0;
  for (let i = 0; i < count; i++) {
    if (!full && reader.unsigned() === 0) {
      values.push(undefined);
      continue;
    }
    before += reader.signed();
    values.push(before);
  }
  return values;
}
