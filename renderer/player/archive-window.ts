import type { Timeline } from '../../main/contract/video.ts';
import type { Span } from './spans.ts';
import { recordedFrom } from './spans.ts';

/** How much of the archive is loaded as one playlist, ms, and how much of it before the place asked for. */
export const WINDOW_MS = 3_600_000;
export const BEFORE_MS = 60_000;
/** Nearer to now than this the archive has nothing that live does not show, ms. */
export const NEAR_LIVE_MS = 15_000;
/** Footage this short at the end of a window is the rest of a part, not worth a playlist, ms. */
const CRUMB_MS = 300;

export type Place =
  /** Play `from..to`, beginning at `start`; `skipped` is the gap that was passed over. */
  | { kind: 'play'; from: number; to: number; start: number; skipped: { from: number; to: number } | null }
  | { kind: 'live' }
  | { kind: 'nothing' };

/**
 * Where to play on when `utc` is asked for.
 * @param spans what is recorded from `utc` on (and around it); `complete` when they reach to now
 */
export function placeFor(utc: number, spans: readonly Span[], now: number, newest: number | null): Place {
  if (newest === null) return { kind: 'nothing' };
  const usable = spans.filter((span) => span.to - Math.max(span.from, utc) > CRUMB_MS);
  const start = recordedFrom(usable, utc);
  if (start === undefined) return { kind: 'live' };
  return {
    kind: 'play',
    from: Math.max(0, start - BEFORE_MS),
    to: Math.min(now, start + WINDOW_MS),
    start,
    skipped: start - utc > 1000 ? { from: utc, to: start } : null,
  };
}

/** Asks the index where to play on: first about the hour ahead, then, across a longer gap, about all the rest. */
export async function findPlace(
  utc: number,
  now: number,
  timeline: (from: number, to: number) => Promise<Pick<Timeline, 'spans' | 'newest'>>,
): Promise<{ place: Place; newest: number | null }> {
  const near = await timeline(utc, Math.max(utc + 1, Math.min(now, utc + WINDOW_MS)));
  const place = placeFor(utc, near.spans, now, near.newest);
  if (place.kind !== 'live' || near.newest === null || near.newest <= utc + WINDOW_MS)
    return { place, newest: near.newest };
  const rest = await timeline(utc, near.newest);
  return { place: placeFor(utc, rest.spans, now, rest.newest), newest: rest.newest };
}

/** At the end of a window: is live the natural continuation? */
export const continuesLive = (endUtc: number, now: number): boolean => now - endUtc < NEAR_LIVE_MS;
