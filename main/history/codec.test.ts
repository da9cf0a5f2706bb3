import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCell,
  addColumns,
  type CellTable,
  coarser,
  FIVE_MINUTES_MS,
  HOUR_MS,
  packCells,
  unpackCells,
} from './aggregates.ts';
import { createBitReader, createBitWriter } from './bits.ts';
import { packBlockHour, reportsInBlockHour, unpackBlockHour } from './block-hour.ts';
import { CorruptHistory, createByteReader, createByteWriter } from './bytes.ts';
import { eachCellOfColumns, packCellColumns } from './cells.ts';
import type { Columns } from './columns.ts';
import { pack, unpack } from './compress.ts';
import { createSampleTable } from './sample-table.ts';
import { createSampleWriter, readSamples, type Sample } from './samples.ts';
import { joinSections, sectionOf, splitSections } from './sections.ts';
import { readSeries, writeSeries } from './series.ts';

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

const columnsOf = ({ at, metrics, values }: Sample): Columns => ({
  times: [at],
  values: new Map(metrics.map((metric, index) => [metric, [values[index]]])),
});

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

  it('has each device’s reports once and by time, whatever pieces they came in', () => {
    fc.assert(
      fc.property(fc.array(fc.array(sample(), { minLength: 1 }), { minLength: 1 }), (batches) => {
        const pieces = batches.map((batch) => {
          const writer = createSampleWriter();
          for (const one of batch) writer.add(one);
          return writer.take();
        });
        const first = new Map<string, Sample>();
        for (const one of batches.flat())
          first.set(`${one.num} ${one.at}`, first.get(`${one.num} ${one.at}`) ?? one);
        const table = createSampleTable([...pieces, ...pieces]);
        const read = table.devices().flatMap((reports) => {
          const { times, values } = table.columns(reports, T0, T0 + 2 * HOUR_MS);
          return times.map((at, index) => ({
            num: reports.num,
            at,
            said: [...values].flatMap(([metric, column]) =>
              column[index] === undefined ? [] : [[metric, column[index]]],
            ),
          }));
        });
        const byMetric = ([a = 0]: (number | undefined)[], [b = 0]: (number | undefined)[]) => a - b;
        expect(read.map(({ said, ...one }) => ({ ...one, said: said.sort(byMetric) }))).toEqual(
          [...first.values()]
            .sort((a, b) => a.num - b.num || a.at - b.at)
            .map(({ num, at, metrics, values }) => ({
              ...{ num, at },
              said: metrics.map((metric, index) => [metric, values[index]]).sort(byMetric),
            })),
        );
      }),
    );
  });

  it('gives back each device of a row of neighbours', () => {
    fc.assert(
      fc.property(fc.array(sample(), { minLength: 1, maxLength: 300 }), (samples) => {
        const writer = createSampleWriter();
        for (const { num, at, ...said } of samples) writer.add({ num: num % 64, at: at % HOUR_MS, ...said });
        const table = createSampleTable([writer.take()]);
        const devices = table
          .devices()
          .map((reports) => ({ num: reports.num, columns: table.columns(reports, 0, HOUR_MS) }));
        const row = packBlockHour(devices);
        for (const { num, columns } of devices) {
          expect(unpackBlockHour(row, num, 0)).toEqual(columns);
          const some = new Set([...columns.values.keys()].filter((metric) => metric % 2 === 0));
          expect(unpackBlockHour(row, num, 0, some)).toEqual({
            times: columns.times,
            values: new Map([...columns.values].filter(([metric]) => some.has(metric))),
          });
        }
        expect(unpackBlockHour(row, 64, 0)).toBeUndefined();
        expect(reportsInBlockHour(row)).toBe(
          devices.reduce((sum, { columns }) => sum + columns.times.length, 0),
        );
      }),
    );
  });

  it('keeps what came in the last moment of an hour there', () => {
    const columns: Columns = { times: [HOUR_MS - 20], values: new Map([[16, [381]]]) };
    expect(unpackBlockHour(packBlockHour([{ num: 7, columns }]), 7, 0)).toEqual({
      ...columns,
      times: [HOUR_MS - 100],
    });
  });

  it('gives back any series, whichever forecast suits it', () => {
    const power = fc.tuple(fc.integer({ min: 0, max: 49 }), fc.constantFrom(-1, 0, 1));
    const number = fc.oneof(
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: -1e13, max: 1e13 }),
      power.map(([of, more]) => 2 ** of + more),
      power.map(([of, more]) => -(2 ** of) + more),
    );
    fc.assert(
      fc.property(fc.array(number), number, (values, reference) => {
        const bits = createBitWriter();
        writeSeries(bits, values, reference);
        expect(readSeries(createBitReader(bits.take()), values.length, reference)).toEqual(values);
      }),
      { examples: [[[-(2 ** 48)], 0]] },
    );
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
        for (const columns of samples.map(columnsOf)) addColumns(cells, columns, FIVE_MINUTES_MS);
        expect(unpackCells(packCells(cells))).toEqual(cells);
        const again: CellTable = new Map();
        eachCellOfColumns(packCellColumns(cells), undefined, (metric, bucket, cell) =>
          addCell(again, metric, bucket, cell),
        );
        expect(again).toEqual(cells);
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
          () => reportsInBlockHour(bytes),
          () => unpackBlockHour(bytes, 3, 0),
          () => eachCellOfColumns(bytes, undefined, () => undefined),
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
