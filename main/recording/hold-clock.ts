import type { Clock } from '../base/clock.ts';

/** How much further wall time may have run than steady time before it counts as a jump. */
const JUMP_MS = 5 * 60_000;
/** A machine that has just started may not know the time yet. */
const AFTER_START_MS = 10 * 60_000;
/** After a jump forward there is this long to set the clock right. */
const AFTER_JUMP_MS = 60 * 60_000;

/**
 * The time by which holds end: wall time, but only when it can be believed. A clock that leaps into next year by
 * mistake must not delete evidence; ending late does no harm.
 */
export interface HoldClock {
  /** UTC ms up to which holds are over; undefined while the clock is in doubt. */
  due(): number | undefined;
}

export function createHoldClock(clock: Clock): HoldClock {
  let wall = clock.now();
  let steady = clock.monotonic();
  let doubtUntil = steady + AFTER_START_MS;
  return {
    due() {
      const now = clock.now();
      const monotonic = clock.monotonic();
      if (now - wall - (monotonic - steady) > JUMP_MS) doubtUntil = monotonic + AFTER_JUMP_MS;
      wall = now;
      steady = monotonic;
      return monotonic < doubtUntil ? undefined : now;
    },
  };
}
