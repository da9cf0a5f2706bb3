import { type AvailabilityLine, MOSTLY_UNKNOWN } from '../../main/contract/reports.ts';

/** Hundredths of a per cent, cut and not rounded: one hundred is only what never failed. */
export const hundredths = (share: number): number => Math.floor(share * 10_000 + 1e-6) / 100;

export type Times = AvailabilityLine['times'];

export const allTime = (times: Times): number => Object.values(times).reduce((sum, ms) => sum + ms, 0);

/** How much of the time nobody knows, 0 to 1. */
export function unknownShare(times: Times): number {
  const all = allTime(times);
  return all === 0 ? 1 : times.unknown / all;
}

/** Whether a share of the known time would look like the truth about a time of which little is known. */
export const mostlyUnknown = (times: Times): boolean => unknownShare(times) > MOSTLY_UNKNOWN;

/** How much of the time is known, whole per cent, cut: 0 is less than one. */
export const knownPercent = (times: Times): number => Math.floor((1 - unknownShare(times)) * 100 + 1e-6);

/** Below these shares a line is bad, then worth a look. */
const BAD = 0.95;
const POOR = 0.99;
export const gradeOf = (share: number | null): 'none' | 'bad' | 'poor' | 'good' =>
  share === null ? 'none' : share < BAD ? 'bad' : share < POOR ? 'poor' : 'good';
