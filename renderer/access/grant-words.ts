import type { Grant, WeeklyHours } from '../../main/contract/access.ts';

export type GrantState = 'active' | 'future' | 'expired' | 'ended';

/** Whether a grant holds now, as far as its dates say; weekly hours are told beside it. */
export function grantState(grant: Pick<Grant, 'from' | 'until' | 'endedAt'>, now: number): GrantState {
  if (grant.endedAt !== null && grant.endedAt <= now) return 'ended';
  if (grant.until !== null && grant.until <= now) return 'expired';
  return grant.from > now ? 'future' : 'active';
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** `пн–пт 09:00–18:00, сб 10:00–14:00`. @param day the short name of a day, 1 is Monday */
export function weeklyText(weekly: WeeklyHours, day: (day: number) => string): string {
  const byHours = new Map<string, number[]>();
  for (const { day: number, fromMin, toMin } of weekly) {
    const hours = `${clock(fromMin)}–${clock(toMin)}`;
    byHours.set(hours, [...(byHours.get(hours) ?? []), number]);
  }
  return [...byHours].map(([hours, days]) => `${dayRanges(days, day)} ${hours}`).join(', ');
}

function dayRanges(days: readonly number[], name: (day: number) => string): string {
  const sorted = [...new Set(days)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const day of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === day - 1) last[1] = day;
    else ranges.push([day, day]);
  }
  return ranges
    .map(([from, to]) =>
      from === to ? name(from) : `${name(from)}${to === from + 1 ? ', ' : '–'}${name(to)}`,
    )
    .join(', ');
}

/** Twenty letters and figures that nobody mistakes for one another: over 110 bits. */
export function madeUpPassword(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  let password = '';
  while (password.length < 20)
    // Bytes past the last whole round of letters would favour the first ones.
    for (const byte of random(new Uint8Array(32)))
      if (byte < 256 - (256 % letters.length) && password.length < 20)
        password += letters[byte % letters.length];
  return password.replace(/(.{5})(?=.)/g, '$1-');
}
