import { describe, expect, it } from 'vitest';
import { cityZone } from '../time/city-zone.ts';
import { rangeAt } from './report-range.ts';
import { gradeOf, hundredths, knownPercent, mostlyUnknown, unknownShare } from './report-words.ts';

const berlin = cityZone('Europe/Berlin');
const at = (iso: string) => Date.parse(iso);

describe('ranges of a report', () => {
  it('are months of the city, the one of 31 days and an hour too', () => {
    const now = at('2026-11-05T12:00:00Z');
    expect(rangeAt('this-month', now, berlin)).toEqual({ from: at('2026-10-31T23:00:00Z'), to: now });
    const october = rangeAt('last-month', now, berlin);
    expect(october).toEqual({ from: at('2026-09-30T22:00:00Z'), to: at('2026-10-31T23:00:00Z') });
    expect((october.to - october.from) / 3_600_000).toBe(31 * 24 + 1);
  });

  it('go back over the turn of the year', () => {
    const now = at('2027-01-01T00:30:00Z');
    expect(rangeAt('last-month', now, berlin)).toEqual({
      from: at('2026-11-30T23:00:00Z'),
      to: at('2026-12-31T23:00:00Z'),
    });
  });

  it('end now where they are days', () => {
    expect(rangeAt('week', 8 * 86_400_000, berlin)).toEqual({ from: 86_400_000, to: 8 * 86_400_000 });
  });
});

describe('shares', () => {
  it('are never rounded up to a hundred', () => {
    expect(hundredths(0.99999)).toBe(99.99);
    expect(hundredths(1)).toBe(100);
    expect(hundredths(0.57)).toBe(57);
  });

  it('of what nobody knows are of all time', () => {
    const times = { up: 50, down: 10, downByParent: 0, flapping: 0, maintenanceUp: 0, maintenanceDown: 0 };
    expect(unknownShare({ ...times, unknown: 40 })).toBe(0.4);
    expect(unknownShare({ ...times, up: 0, down: 0, unknown: 0 })).toBe(1);
  });

  it('of next to nothing are of no per cent of the time, never of one rounded up', () => {
    const known = (up: number) => {
      const none = { down: 0, downByParent: 0, flapping: 0, maintenanceUp: 0, maintenanceDown: 0 };
      const times = { ...none, up, unknown: 1_000 - up };
      return [knownPercent(times), mostlyUnknown(times)];
    };
    expect([0, 9, 10, 100, 499, 500].map(known)).toEqual([
      ...[
        [0, true],
        [0, true],
        [1, true],
      ],
      ...[
        [10, true],
        [49, true],
        [50, false],
      ],
    ]);
  });

  it('without any knowledge have no grade', () => {
    expect([null, 0.9, 0.98, 0.999].map(gradeOf)).toEqual(['none', 'bad', 'poor', 'good']);
  });
});
