import type { CityZone } from '../time/city-zone.ts';

export const reportRanges = ['day', 'week', 'month', 'this-month', 'last-month'] as const;
export type ReportRange = (typeof reportRanges)[number];

const DAY_MS = 86_400_000;

/** What a range means now, UTC ms. Months are those of the city's calendar; the others end now. */
export function rangeAt(range: ReportRange, now: number, zone: CityZone): { from: number; to: number } {
  const { year, month } = zone.toLocal(now);
  switch (range) {
    case 'day':
      return { from: now - DAY_MS, to: now };
    case 'week':
      return { from: now - 7 * DAY_MS, to: now };
    case 'month':
      return { from: now - 30 * DAY_MS, to: now };
    case 'this-month':
      return { from: zone.startOfDay(year, month, 1), to: now };
    case 'last-month': {
      const before = month === 1 ? { year: year - 1, month: 12 } : { year, month: month - 1 };
      return {
        from: zone.startOfDay(before.year, before.month, 1),
        to: zone.startOfDay(year, month, 1),
      };
    }
  }
}
