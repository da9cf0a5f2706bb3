import { HOUR_MS } from './aggregates.ts';
import { type BitReader, createBitReader, createBitWriter, riceParameter } from './bits.ts';
import { type ByteReader, createByteReader, createByteWriter } from './bytes.ts';
import type { Sample } from './samples.ts';

/** Times are kept to a tenth of a second: reports come each half minute. */
const TIME_UNIT_MS = 100;
/** Where older sections have their count, which never is nought. */
const BITS = 0;
/** In place of a Rice parameter: no value differs from the first. */
const STEADY = 63;

const zigzag = (value: number): number => (value >= 0 ? value * 2 : value * -2 - 1);
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Differences, and how they are best written. */
interface Coded {
  codes: number[];
  parameter: number;
}

function coded(differences: readonly number[]): Coded {
  const codes = differences.map(zigzag);
  const sum = codes.reduce((total, code) => total + code, 0);
  return { codes, parameter: sum === 0 ? STEADY : riceParameter(sum / codes.length) };
}

/**
 * One device's samples of an hour as columns. Whole bytes first: how many, the first time within its hour, and of each
 * metric its number, first value and parameter. Then bits: times as differences of differences, each metric's values
 * as differences, in Rice's code, which costs measured noise hardly more than the noise itself.
 */
export function packColumns(samples: readonly Sample[]): Uint8Array {
  const ordered = [...samples].sort((a, b) => a.at - b.at);
  const head = createByteWriter(64);
  const bits = createBitWriter();
  const times = ordered.map(({ at }) => Math.round(at / TIME_UNIT_MS));
  const first = times[0] ?? 0;
  head.unsigned(BITS);
  head.unsigned(ordered.length);
  head.unsigned(first % (HOUR_MS / TIME_UNIT_MS));
  const write = ({ codes, parameter }: Coded): void => {
    if (parameter !== STEADY) for (const code of codes) bits.rice(code, parameter);
  };
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const timeCodes = coded(steps.map((step, index) => step - (steps[index - 1] ?? 0)));
  head.unsigned(timeCodes.parameter);
  write(timeCodes);
  const metrics = [...new Set(ordered.flatMap((sample) => sample.metrics))].sort((a, b) => a - b);
  head.unsigned(metrics.length);
  for (const metric of metrics) {
    const column = ordered.map((sample) => sample.values[sample.metrics.indexOf(metric)]);
    const there = column.filter((value) => value !== undefined);
    const full = there.length === column.length;
    const values = coded(there.slice(1).map((value, index) => value - (there[index] ?? 0)));
    head.unsigned(metric * 2 + (full ? 1 : 0));
    head.signed(there[0] ?? 0);
    head.unsigned(values.parameter);
    if (!full) for (const value of column) bits.plain(value === undefined ? 0 : 1, 1);
    write(values);
  }
  head.raw(bits.take());
  return head.take();
}

export interface Columns {
  /** UTC ms, ascending. */
  times: number[];
  /** By metric number: a value for each time, undefined where the report had none. */
  values: Map<number, (number | undefined)[]>;
}

/**
 * @param startMs of the hour that the section belongs to, UTC
 * @param wanted numbers of the metrics to answer; all without it
 * @throws CorruptHistory
 */
export function unpackColumns(bytes: Uint8Array, startMs: number, wanted?: ReadonlySet<number>): Columns {
  const reader = createByteReader(bytes);
  const mark = reader.unsigned();
  if (mark !== BITS) return older(reader, mark);
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

/** Sections of earlier versions: everything in whole bytes, the time in full. */
function older(reader: ByteReader, count: number): Columns {
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
    values.set(Math.floor(head / 2), olderColumn(reader, count, head % 2 === 1));
  }
  return { times, values };
}

function olderColumn(reader: ByteReader, count: number, full: boolean): (number | undefined)[] {
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
