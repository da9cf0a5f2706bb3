import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageOf } from './coverage.ts';
import { lossDb, reachM } from './propagation.ts';

const point = (change: object = {}) => ({
  id: 'ap-1',
  lat: 55.75,
  lon: 37.6,
  status: 'online' as const,
  radios: [{ band: '5' as const, channel: 36, widthMHz: 20, txPowerDbm: 20 }],
  ...change,
});

describe('loss of ITU-R P.1411-12, 4.1.1', () => {
  it('is what the formula gives for its table', () => {
    // 21.2 lg 100 + 29.2 + 21.1 lg 2.4 and 40 lg 100 + 10.2 + 23.6 lg 5
    expect(lossDb('open', 100, 2.4)).toBeCloseTo(79.622, 2);
    expect(lossDb('hidden', 100, 5)).toBeCloseTo(106.696, 2);
  });

  it('is undone by the reach, within the distances that the model knows', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('open' as const, 'hidden' as const),
        fc.double({ min: 6, max: 650, noNaN: true }),
        fc.double({ min: 2.4, max: 7.1, noNaN: true }),
        fc.double({ min: 0, max: 36, noNaN: true }),
        (sight, distance, frequency, power) => {
          const level = power - lossDb(sight, distance, frequency);
          expect(reachM(sight, power, frequency, level)).toBeCloseTo(distance, 6);
        },
      ),
    );
  });

  it('claims nothing beyond the longest distance measured', () => {
    expect(reachM('open', 60, 2.4, -70)).toBe(660);
    expect(reachM('hidden', 90, 2.4, -70)).toBe(715);
  });
});

describe('coverage', () => {
  it('is a street in sight and a block behind houses', () => {
    const [disc] = coverageOf([point()], '5').discs;
    expect(disc?.openM).toBeCloseTo(144, 0);
    expect(disc?.hiddenM).toBeCloseTo(37.46, 1);
    expect(disc?.onAir).toBe(true);
  });

  it('grows with power, and shrinks from 2.4 to 6 GHz', () => {
    const radius = (band: '2.4' | '5' | '6', channel: number, txPowerDbm: number) =>
      coverageOf([point({ radios: [{ band, channel, widthMHz: 20, txPowerDbm }] })], band).discs[0]?.openM ??
      0;
    expect(radius('5', 36, 23)).toBeGreaterThan(radius('5', 36, 20));
    expect(radius('2.4', 6, 20)).toBeGreaterThan(radius('5', 36, 20));
    expect(radius('5', 36, 20)).toBeGreaterThan(radius('6', 37, 20));
  });

  it('takes the strongest radio of the band, leaves other bands and untold powers out', () => {
    const radios = [
      { band: '5' as const, channel: 36, widthMHz: 80, txPowerDbm: 10 },
      { band: '5' as const, channel: 149, widthMHz: 80, txPowerDbm: 23 },
      { band: '2.4' as const, channel: 1, widthMHz: 20, txPowerDbm: null },
    ];
    const strongest = point({ radios: radios.slice(1, 2) });
    expect(coverageOf([point({ radios })], '5')).toEqual(coverageOf([strongest], '5'));
    expect(coverageOf([point({ radios })], '2.4')).toEqual({ discs: [], untold: 1 });
    expect(coverageOf([point({ radios })], '6')).toEqual({ discs: [], untold: 0 });
  });

  it('knows which points leave a hole', () => {
    const onAir = (status: 'offline' | 'never-seen' | 'suspect' | 'degraded') =>
      coverageOf([point({ status })], '5').discs[0]?.onAir;
    expect([onAir('offline'), onAir('never-seen')]).toEqual([false, false]);
    expect([onAir('suspect'), onAir('degraded')]).toEqual([true, true]);
  });
});
