import type { WeeklyHours } from '../contract/access.ts';
import type { Zone } from './zone.ts';

const MINUTE = 60_000;
const WEEK_MINUTES = 7 * 1440;
/** A week, and the day that a change of the offset may add to it. */
const HORIZON_MS = 8 * 86_400_000;

/**
 * Do the hours hold at this moment? The city's wall clock decides: an hour that a change to winter time shows
 * twice counts both times, one that a change to summer time leaves out never comes.
 */
export function withinHours(hours: WeeklyHours, zone: Zone, utc: number): boolean {
  const { day, minute } = zone.wallTime(utc);
  return hours.some((span) => span.day === day && minute >= span.fromMin && minute < span.toMin);
}

/**
 * The next moment after `utc` at which the hours may begin or end, or at which the city's clock is set and
 * the question must be asked again; null where there are no hours at all.
 */
export function nextHoursEdge(hours: WeeklyHours, zone: Zone, utc: number): number | null {
  if (hours.length === 0) return null;
  const { day, minute } = zone.wallTime(utc);
  const here = (day - 1) * 1440 + minute;
  let nearest = WEEK_MINUTES;
  for (const span of hours)
    for (const edge of [span.fromMin, span.toMin]) {
      const at = (span.day - 1) * 1440 + edge;
      nearest = Math.min(nearest, (((at - here - 1) % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES);
    }
  const edge = Math.floor(utc / MINUTE) * MINUTE + (nearest + 1) * MINUTE;
  const change = zone.nextOffsetChange(utc, HORIZON_MS);
  return change !== null && change < edge ? change : edge;
}
