import type { Clock } from '../base/clock.ts';

/** A step of the wall clock from one look to the next that is no mere slewing, ms. */
const STEP_MS = 500;
/** A clock that runs wild is set again and again: as many of its settings are known, the oldest are forgotten first. */
const SPANS = 64;

/** A stretch of time in which the wall clock was not set, steady ms. */
interface Span {
  from: number;
  until: number;
  /** Wall time less steady time. */
  offset: number;
}

/** Turns stamps of the wall clock into steady time, also those that it made before it was set. */
export interface WallTimes {
  /** How often the clock was set so far; asked several times a second. */
  timesSet(): number;
  /** When the clock showed this (UTC ms), in steady ms; never later than now. */
  steadyOf(stamp: number): number;
  /** By how much the clock was set forward since it showed this (UTC ms); negative: back. Ms. */
  setSince(stamp: number): number;
}

/**
 * Where the clock was set back it shows a time twice, and the later one is meant: whoever asks does so soon after the
 * stamp was made.
 */
export function createWallTimes(clock: Clock): WallTimes {
  const offsetNow = () => clock.now() - clock.monotonic();
  let last: Span = { from: Number.NEGATIVE_INFINITY, until: clock.monotonic(), offset: offsetNow() };
  /** The newest first. */
  let spans: Span[] = [last];
  let timesSet = 0;

  function look(): void {
    const [until, offset] = [clock.monotonic(), offsetNow()];
    if (Math.abs(offset - last.offset) < STEP_MS) {
      Object.assign(last, { until, offset });
      return;
    }
    // It was set at some moment since the last look.
    const from = last.until;
    last.until = until;
    last = { from, until, offset };
    spans = [last, ...spans.slice(0, SPANS - 1)];
    timesSet += 1;
  }

  function spanOf(stamp: number): Span {
    look();
    const within = ({ from, until, offset }: Span) =>
      stamp - offset >= from - STEP_MS && stamp - offset <= until + STEP_MS;
    return spans.find(within) ?? last;
  }

  return {
    timesSet() {
      look();
      return timesSet;
    },
    steadyOf: (stamp) => Math.min(clock.monotonic(), stamp - spanOf(stamp).offset),
    setSince(stamp) {
      const { offset } = spanOf(stamp);
      return last.offset - offset;
    },
  };
}
