import { type ByteWriter, createByteReader, createByteWriter } from './bytes.ts';

/** One report's values: `values[i]` is of metric number `metrics[i]`, in stored units. */
export interface Sample {
  num: number;
  /** UTC ms: the device's own time, or that of receipt where its clock is wrong. */
  at: number;
  metrics: readonly number[];
  values: readonly number[];
}

/**
 * Samples one after the other, as they travel to the worker, stand in the journal and wait to be packed:
 * number, time since the one before, and pairs of metric and value; some 20 bytes each.
 */
export function createSampleWriter(): SampleWriter {
  let bytes: ByteWriter = createByteWriter();
  let count = 0;
  let before = 0;
  return {
    add({ num, at, metrics, values }) {
      const time = Math.round(at);
      bytes.unsigned(num);
      bytes.signed(time - before);
      before = time;
      bytes.unsigned(metrics.length);
      for (let i = 0; i < metrics.length; i++) {
        bytes.unsigned(metrics[i] ?? 0);
        bytes.signed(Math.round(values[i] ?? 0));
      }
      count += 1;
    },
    count: () => count,
    bytes: () => bytes.length(),
    view: () => bytes.view(),
    take() {
      const taken = bytes.take();
      bytes = createByteWriter();
      count = 0;
      before = 0;
      return taken;
    },
  };
}

export interface SampleWriter {
  add(sample: Sample): void;
  count(): number;
  bytes(): number;
  /** What waits, without copying: good until the next `add`. */
  view(): Uint8Array;
  /** Hands over what waits and begins anew. */
  take(): Uint8Array;
}

/**
 * @param only makes samples of this device alone, and merely counts through the others
 * @throws CorruptHistory
 */
export function readSamples(bytes: Uint8Array, each: (sample: Sample) => void, only?: number): void {
  const reader = createByteReader(bytes);
  let at = 0;
  while (reader.more()) {
    const num = reader.unsigned();
    at += reader.signed();
    const length = reader.unsigned();
    if (only !== undefined && num !== only) {
      reader.skip(2 * length);
      continue;
    }
    const metrics: number[] = [];
    const values: number[] = [];
    for (let i = 0; i < length; i++) {
      metrics.push(reader.unsigned());
      values.push(reader.signed());
    }
    each({ num, at, metrics, values });
  }
}
