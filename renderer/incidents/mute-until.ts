import { cityMoment } from '../time/city-moment.ts';
import type { CityZone } from '../time/city-zone.ts';

/** The hub mutes for at most a week; a minute of that is left for its clock to differ. */
export const LONGEST_MUTE_MS = 7 * 86_400_000 - 60_000;
/** Hours of the city's clock at which shifts change. */
const SHIFT_HOURS = [8, 20] as const;
/** A change nearer than this is over before anybody could miss the sound, ms. */
const NEAR_MS = 600_000;
const DAY_MS = 86_400_000;

/** The next change of each shift, the sooner first, UTC ms. */
export function nextShiftChanges(now: number, zone: CityZone): number[] {
  const next = (hour: number): number[] => {
    for (const days of [0, 1, 2]) {
      // Noon, so that an hour put forward or back never leaves the day.
      const { year, month, day } = zone.toLocal(now);
      const date = new Date(Date.UTC(year, month - 1, day, 12) + days * DAY_MS);
      const resolved = zone.fromLocal({
        ...{ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
        ...{ hour, minute: 0, second: 0, ms: 0 },
      });
      const at = resolved.kind === 'one' ? resolved.utc : resolved.choices[0];
      if (at > now + NEAR_MS) return [at];
    }
    return [];
  };
  return SHIFT_HOURS.flatMap(next).sort((a, b) => a - b);
}

export type MuteUntil = { until: number } | { problem: 'no-time' | 'past' | 'too-long' };

/** What a person wrote as the end: `YYYY-MM-DDTHH:MM` of the city's clock. */
export function readMuteUntil(text: string, now: number, zone: CityZone): MuteUntil {
  const until = cityMoment(text, zone);
  if (until === undefined) return { problem: 'no-time' };
  if (until <= now) return { problem: 'past' };
  return until - now > LONGEST_MUTE_MS ? { problem: 'too-long' } : { until };
}
