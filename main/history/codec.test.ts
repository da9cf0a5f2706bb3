import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addSamples,
  type CellTable,
  coarser,
  FIVE_MINUTES_MS,
  HOUR_MS,
  packCells,
  unpackCells,
} from './aggregates.ts';
import { createBitReader, createBitWriter } from './bits.ts';
import { CorruptHistory, createByteReader, createByteWriter } from './bytes.ts';
import { pack, unpack } from './compress.ts';
import { packColumns, unpackColumns } from './sample-columns.ts';
import { createSampleWriter, readSamples, type Sample } from './samples.ts';
import { joinSections, sectionOf, splitSections } from './sections.ts';

const T0 = Date.UTC(2026, 9, 25);

/** Reports as devices send them: any metrics, each at most once, values of any size. */
const sample = (): fc.Arbitrary<Sample> =>
  fc
    .record({
      num: fc.integer({ min: 0, max: 200_000 }),
      at: fc.integer({ min: 0, max: 36_000 }).map((tenths) => T0 + tenths * 100),
      values: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 21 }), fc.integer()), {
        selector: ([metric]) => metric,
        maxLength: 8,
      }),
    })
    .map(({ num, at, values }) => ({
      num,
      at,
      metrics: values.map(([metric]) => metric),
      values: values.map(([, value]) => value),
    }));

describe('stored history', () => {
  it('gives every integer back', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (numbers) => {
        const writer = createByteWriter(4);
        for (const number of numbers.map((value) => Math.trunc(value / 4))) writer.signed(number);
        const reader = createByteReader(writer.take());
        expect(numbers.map(() => reader.signed())).toEqual(numbers.map((value) => Math.trunc(value / 4) + 0));
        expect(reader.more()).toBe(false);
      }),
    );
  });

  it('gives every sample of a batch back, in order', () => {
    fc.assert(
      fc.property(fc.array(sample()), (samples) => {
        const writer = createSampleWriter();
        for (const one of samples) writer.add(one);
        const read: Sample[] = [];
        readSamples(unpack(pack(writer.take())), (one) => read.push(one));
        expect(read).toEqual(samples);
        expect(writer.count()).toBe(0);
      }),
    );
  });

  it('gives the columns of a device back, ordered by time', () => {
    fc.assert(
      fc.property(fc.array(sample(), { minLength: 1 }), (samples) => {
        const ordered = [...samples].sort((a, b) => a.at - b.at);
        const hour = Math.floor((ordered[0]?.at ?? 0) / HOUR_MS) * HOUR_MS;
        const { times, values } = unpackColumns(packColumns(samples), hour);
        expect(times).toEqual(ordered.map((one) => one.at));
        for (const [metric, column] of values)
          expect(column).toEqual(ordered.map((one) => one.values[one.metrics.indexOf(metric)]));
        expect(new Set(values.keys())).toEqual(new Set(samples.flatMap((one) => one.metrics)));
      }),
    );
  });

  it('reads what earlier versions packed in whole bytes', () => {
    // Two reports half a minute apart: temperature 38.1 and 38.3, and a frame rate that came with the second alone.
    const writer = createByteWriter();
    writer.unsigned(2);
    for (const time of [T0 / 100, 300]) writer.signed(time);
    writer.unsigned(2);
    writer.unsigned(16 * 2 + 1);
    for (const value of [381, 2]) writer.signed(value);
    writer.unsigned(17 * 2);
    for (const value of [0, 1]) writer.unsigned(value);
    writer.signed(250);
    const { times, values } = unpackColumns(writer.take(), T0);
    expect(times).toEqual([T0, T0 + 30_000]);
    expect([...values]).toEqual([
      [16, [381, 383]],
      [17, [undefined, 250]],
    ]);
  });

  it('gives back any numbers in Rice’s code, whatever its parameter', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.maxSafeNat(), fc.integer({ min: 0, max: 40 }))), (numbers) => {
        const writer = createBitWriter();
        for (const [value, k] of numbers) writer.rice(value, k);
        const reader = createBitReader(writer.take());
        expect(numbers.map(([, k]) => reader.rice(k))).toEqual(numbers.map(([value]) => value));
        expect(() => createBitReader(new Uint8Array(0)).rice(0)).toThrow(CorruptHistory);
      }),
    );
  });

  it('keeps count, least, most and sum of each bucket, also when made coarser', () => {
    fc.assert(
      fc.property(fc.array(sample(), { minLength: 1 }), (samples) => {
        const cells: CellTable = new Map();
        addSamples(cells, samples, FIVE_MINUTES_MS);
        expect(unpackCells(packCells(cells))).toEqual(cells);
        const hours = coarser(cells, 12);
        for (const [metric, buckets] of hours)
          for (const [bucket, cell] of buckets) {
            const inside = samples.flatMap((one) =>
              Math.floor(one.at / 3_600_000) === bucket && one.metrics.includes(metric)
                ? [one.values[one.metrics.indexOf(metric)] ?? 0]
                : [],
            );
            expect(cell).toEqual({
              count: inside.length,
              min: Math.min(...inside),
              max: Math.max(...inside),
              sum: inside.reduce((sum, value) => sum + value, 0),
            });
          }
      }),
    );
  });

  it('finds one device among the others of its block', () => {
    const sections = [3, 7, 64].map((num) => ({ num, bytes: Uint8Array.of(num, num + 1) }));
    const joined = joinSections(sections);
    expect(splitSections(joined)).toEqual(sections);
    expect(sectionOf(joined, 7)).toEqual(Uint8Array.of(7, 8));
    expect(sectionOf(joined, 8)).toBeUndefined();
  });

  it('never takes broken bytes for history without saying so, and never hangs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const read of [
          () => readSamples(bytes, () => undefined),
          () => unpackCells(bytes),
          () => splitSections(bytes),
          () => unpack(bytes),
        ])
          try {
            read();
          } catch (error) {
            expect(error).toBeInstanceOf(CorruptHistory);
          }
      }),
    );
  });
});
