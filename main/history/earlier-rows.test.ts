import { describe, expect, it } from 'vitest';
import { FIVE_MINUTES_MS } from './aggregates.ts';
import { createByteWriter } from './bytes.ts';
import { pack } from './compress.ts';
import type { Tier } from './history-db.ts';
import { reportsIn, samplesOf } from './sample-rows.ts';
import { joinSections } from './sections.ts';
import { eachCellOf, tablesOf } from './tiers.ts';

const T0 = Date.UTC(2026, 9, 25);
const HALF_MINUTE = 30_000;
const TEMPERATURE = 16;
const BITRATE = 18;
const CPU = 13;

/**
 * As the version before columns in bits wrote them: six reports of a camera (7), the third without a temperature, and of
 * a switch (9) that told the same each time; both in the first minutes of an hour.
 */
const HOUR_ROW = 'ASi1L/0gK1kBAAIHGAIOAAYABgIg+gUAJfgjA/+YAAAADfW1rWtYAAZuBgEbHD//mAAAAAA=';
const PART_ROW = 'ASi1L/0gJyUBAOACBxcCCwIQAeDh7AIF+gUCBBIG+CMjaQENHAAAAgAvY/gqYQ==';
const DAY_ROW = 'AgchAhUBKLUv/SAXuQAAAhAB4OHsAgX6BQIEEgHg4ewCBvgjI2kBKLUv/SALWQAAAQ0B4OHsAgYcAAA=';

const times = (offset: number): number[] =>
  Array.from({ length: 6 }, (_, index) => T0 + offset + index * HALF_MINUTE);

describe('what earlier versions packed', () => {
  it('is read report by report', () => {
    const row = Buffer.from(HOUR_ROW, 'base64');
    expect(samplesOf(row, 7, T0)).toEqual({
      times: times(0),
      values: new Map([
        [TEMPERATURE, [381, 382, undefined, 381, 382, 383]],
        [BITRATE, [2300, 2307, 2314, 2321, 2328, 2335]],
      ]),
    });
    expect(samplesOf(row, 9, T0, new Set([CPU]))).toEqual({
      times: times(11_000),
      values: new Map([[CPU, [14, 14, 14, 14, 14, 14]]]),
    });
    expect(samplesOf(row, 8, T0)).toBeUndefined();
    expect(reportsIn(row)).toBe(12);
  });

  it('is read where everything stood in whole bytes', () => {
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
    const row = pack(joinSections([{ num: 3, bytes: writer.take() }]));
    expect(samplesOf(row, 3, T0)).toEqual({
      times: [T0, T0 + HALF_MINUTE],
      values: new Map([
        [16, [381, 383]],
        [17, [undefined, 250]],
      ]),
    });
    expect(reportsIn(row)).toBe(2);
  });

  it('is read cell by cell, of parts of a day and of whole days', () => {
    const bucket = T0 / FIVE_MINUTES_MS;
    const temperatures = { count: 5, min: 381, max: 383, sum: 1909 };
    const rows: [Tier, string][] = [
      ['part', PART_ROW],
      ['day', DAY_ROW],
    ];
    for (const [tier, text] of rows) {
      const data = Buffer.from(text, 'base64');
      const told: unknown[] = [];
      const wanted = new Set([TEMPERATURE]);
      eachCellOf({ tier, data, num: 7 }, wanted, (metric, at, cell) => told.push([metric, at, { ...cell }]));
      expect(told).toEqual([[TEMPERATURE, bucket, temperatures]]);
      expect(tablesOf(tier, data).map(({ num, table }) => [num, table()])).toEqual([
        [
          7,
          new Map([
            [TEMPERATURE, new Map([[bucket, temperatures]])],
            [BITRATE, new Map([[bucket, { count: 6, min: 2300, max: 2335, sum: 13_905 }]])],
          ]),
        ],
        [9, new Map([[CPU, new Map([[bucket, { count: 6, min: 14, max: 14, sum: 84 }]])]])],
      ]);
    }
  });
});
