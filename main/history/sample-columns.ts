import { type ByteReader, createByteReader, createByteWriter } from './bytes.ts';
import type { Sample } from './samples.ts';

/** Times are kept to a tenth of a second: reports come each half minute. */
const TIME_UNIT_MS = 100;

/**
 * One device's samples of an hour as columns: times as differences of differences, then each metric's values as
 * differences, so that a steady device costs a few bits a report once compressed.
 */
export function packColumns(samples: readonly Sample[]): Uint8Array {
  const ordered = [...samples].sort((a, b) => a.at - b.at);
  const writer = createByteWriter(ordered.length * 8 + 16);
  writer.unsigned(ordered.length);
  let time = 0;
  let step = 0;
  for (const { at } of ordered) {
    const now = Math.round(at / TIME_UNIT_MS);
    writer.signed(now - time - step);
    step = time === 0 ? 0 : now - time;
    time = now;
  }
  const metrics = [...new Set(ordered.flatMap((sample) => sample.metrics))].sort((a, b) => a - b);
  writer.unsigned(metrics.length);
  for (const metric of metrics) {
    const column = ordered.map((sample) => sample.values[sample.metrics.indexOf(metric)]);
    const full = column.every((value) => value !== undefined);
    writer.unsigned(metric * 2 + (full ? 1 : 0));
    let before = 0;
    for (const value of column) {
      if (!full) writer.unsigned(value === undefined ? 0 : 1);
      if (value === undefined) continue;
      writer.signed(value - before);
      before = value;
    }
  }
  return writer.take();
}

export interface Columns {
  /** UTC ms, ascending. */
  times: number[];
  /** By metric number: a value for each time, undefined where the report had none. */
  values: Map<number, (number | undefined)[]>;
}

/** @throws CorruptHistory */
export function unpackColumns(bytes: Uint8Array): Columns {
  const reader = createByteReader(bytes);
  const count = reader.unsigned();
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
    values.set(Math.floor(head / 2), column(reader, count, head % 2 === 1));
  }
  return { times, values };
}

function column(reader: ByteReader, count: number, full: boolean): (number | undefined)[] {
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
