import { createByteReader } from './bytes.ts';
import type { Columns } from './columns.ts';

/**
 * Samples of many devices in plain columns, read device by device. As objects, those of a partition would outlive many
 * collections while it is packed, and be most of what its thread holds.
 */
export interface SampleTable {
  /** Devices in ascending order, and which reports are theirs. */
  devices(): readonly Reports[];
  /** Of these reports, those taken within [from, to), UTC ms. */
  columns(reports: Reports, from: number, to: number): Columns;
  /** Beginnings of the spans of `ms` milliseconds into which these reports fall, UTC ms. */
  spans(reports: Reports, ms: number): ReadonlySet<number>;
}

/** One device's reports by time: places `begin` to before `end` in the table. */
export interface Reports {
  readonly num: number;
  readonly begin: number;
  readonly end: number;
}

interface Raw {
  nums: Uint32Array;
  ats: Float64Array;
  /** Where a sample's pairs begin; those of the next follow them. */
  starts: Uint32Array;
  metrics: Uint16Array;
  values: Float64Array;
}

/** How many samples and pairs of metric and value there are. @throws CorruptHistory */
function counted(pieces: readonly Uint8Array[]): { samples: number; pairs: number } {
  let samples = 0;
  let pairs = 0;
  for (const piece of pieces) {
    const reader = createByteReader(piece);
    while (reader.more()) {
      reader.skip(2);
      const length = reader.unsigned();
      reader.skip(2 * length);
      samples += 1;
      pairs += length;
    }
  }
  return { samples, pairs };
}

/** What sample writers wrote, sample by sample. @throws CorruptHistory */
function read(pieces: readonly Uint8Array[]): Raw {
  const { samples, pairs } = counted(pieces);
  const raw: Raw = {
    nums: new Uint32Array(samples),
    ats: new Float64Array(samples),
    starts: new Uint32Array(samples + 1),
    metrics: new Uint16Array(pairs),
    values: new Float64Array(pairs),
  };
  let sample = 0;
  let pair = 0;
  for (const piece of pieces) {
    const reader = createByteReader(piece);
    for (let at = 0; reader.more(); sample++) {
      raw.nums[sample] = reader.unsigned();
      at += reader.signed();
      raw.ats[sample] = at;
      raw.starts[sample] = pair;
      for (let left = reader.unsigned(); left > 0; left--, pair++) {
        raw.metrics[pair] = reader.unsigned();
        raw.values[pair] = reader.signed();
      }
    }
  }
  raw.starts[samples] = pair;
  return raw;
}

/**
 * @param pieces what sample writers wrote; a report that was delivered twice counts once: nobody reports twice at the
 * same moment
 * @throws CorruptHistory
 */
export function createSampleTable(pieces: readonly Uint8Array[]): SampleTable {
  const { nums, ats, starts, metrics, values } = read(pieces);
  const num = (sample: number): number => nums[sample] ?? 0;
  const at = (sample: number): number => ats[sample] ?? 0;
  const order = Uint32Array.from(nums.keys()).sort((a, b) => num(a) - num(b) || at(a) - at(b) || a - b);
  let kept = 0;
  for (const sample of order) {
    const before = order[kept - 1];
    if (before !== undefined && num(before) === num(sample) && at(before) === at(sample)) continue;
    order[kept] = sample;
    kept += 1;
  }
  const sampleAt = (place: number): number => order[place] ?? 0;

  function devices(): Reports[] {
    const found: Reports[] = [];
    for (let begin = 0; begin < kept; ) {
      const here = num(sampleAt(begin));
      let end = begin + 1;
      while (end < kept && num(sampleAt(end)) === here) end += 1;
      found.push({ num: here, begin, end });
      begin = end;
    }
    return found;
  }

  return {
    devices,
    spans({ begin, end }, ms) {
      const starts = new Set<number>();
      for (let place = begin; place < end; place++) starts.add(Math.floor(at(sampleAt(place)) / ms) * ms);
      return starts;
    },
    columns({ begin, end }, from, to) {
      const times: number[] = [];
      const columns = new Map<number, (number | undefined)[]>();
      for (let place = begin; place < end; place++) {
        const sample = sampleAt(place);
        if (at(sample) < from || at(sample) >= to) continue;
        times.push(at(sample));
        for (let pair = starts[sample] ?? 0; pair < (starts[sample + 1] ?? 0); pair++) {
          const metric = metrics[pair] ?? 0;
          const column = columns.get(metric) ?? [];
          if (column.length === 0) columns.set(metric, column);
          // Reports before this one may have said nothing of it.
          while (column.length < times.length - 1) column.push(undefined);
          if (column.length < times.length) column.push(values[pair]);
        }
      }
      for (const column of columns.values()) while (column.length < times.length) column.push(undefined);
      return { times, values: columns };
    },
  };
}
