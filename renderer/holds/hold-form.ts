import { cityDay } from '../time/city-moment.ts';
import type { CityZone } from '../time/city-zone.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How much footage to come can be kept along, ms. */
export const AHEAD_CHOICES = [0, HOUR_MS, 2 * HOUR_MS, 8 * HOUR_MS, 24 * HOUR_MS] as const;

/** Only a stretch that ends about now goes on into what is still to be recorded. */
export const reachesNow = (to: number, now: number): boolean => to > now - 10 * 60_000;

/** The city's date so many days from now, as `YYYY-MM-DD`. */
export const dayAfter = (now: number, days: number, zone: CityZone): string =>
  cityDay(now + days * DAY_MS, zone);
