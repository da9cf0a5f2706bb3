import type { ShownContent } from '../../main/contract/wall.ts';
import { pageCount, tilesOf } from './wall-content.ts';

/** One stop of a tour: a page of a wall. */
export interface TourStop {
  wallId: string;
  page: number;
}

/** Pages with at least one camera, of each wall in turn. */
export function stopsOf(walls: readonly { id: string; content: ShownContent }[]): TourStop[] {
  return walls.flatMap(({ id, content }) =>
    Array.from({ length: pageCount(content) }, (_, page) => ({ wallId: id, page })).filter(({ page }) =>
      tilesOf(content, page).some(({ cameraId }) => cameraId !== null),
    ),
  );
}

/** Where a tour is. Monotonic ms; `leftMs` holds while it is paused. */
export type TourClock =
  | { at: number; paused: true; leftMs: number }
  | { at: number; paused: false; dueAt: number };

export const leftOf = (clock: TourClock, now: number): number =>
  clock.paused ? clock.leftMs : Math.max(0, clock.dueAt - now);

export function pausedAt(clock: TourClock, now: number): TourClock {
  return clock.paused ? clock : { at: clock.at, paused: true, leftMs: leftOf(clock, now) };
}

export function resumedAt(clock: TourClock, now: number): TourClock {
  return clock.paused ? { at: clock.at, paused: false, dueAt: now + clock.leftMs } : clock;
}

/** At another stop, with its whole time before it. */
export function movedTo(clock: TourClock, at: number, everyMs: number, now: number): TourClock {
  return clock.paused ? { at, paused: true, leftMs: everyMs } : { at, paused: false, dueAt: now + everyMs };
}

/**
 * The clock as it is at `now`. After a sleep (a closed laptop, a throttled window) the tour goes on with the next
 * stop instead of running through all that it missed.
 */
export function ticked(clock: TourClock, stops: number, everyMs: number, now: number): TourClock {
  if (clock.paused || now < clock.dueAt || stops === 0) return clock;
  const dueAt = clock.dueAt + everyMs;
  return { at: (clock.at + 1) % stops, paused: false, dueAt: dueAt > now ? dueAt : now + everyMs };
}

/** How long before the change the next stop's pictures are fetched behind the present ones. */
export const PRELOAD_MS = 6000;

/** Twice the pictures at once are for machines that decode them: about four small ones a core. */
export const mayPreload = (playing: number, next: number, cores: number): boolean =>
  playing + next <= Math.max(8, cores * 4);
