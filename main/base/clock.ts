/**
 * Time as the hub sees it. `now` is wall-clock UTC milliseconds and may jump (NTP, an operator);
 * `monotonic` is milliseconds that only grow and is what every timeout and age is measured with.
 */
export interface Clock {
  now(): number;
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** A clock a test turns by hand. `jump` moves wall time alone, as a corrected system clock does. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  jump(ms: number): void;
}

export function manualClock(startMs = Date.UTC(2026, 0, 15, 9, 0, 0)): ManualClock {
  let wall = startMs;
  let steady = 0;
  return {
    now: () => wall,
    monotonic: () => steady,
    advance(ms) {
      wall += ms;
      steady += ms;
    },
    jump(ms) {
      wall += ms;
    },
  };
}
