/** Waiting times between attempts, ms: growing, never all at once, never hopeless. */
export interface Backoff {
  next(code: string): number;
  reset(): void;
}

const FIRST_MS = 700;
const LONGEST_MS = 15_000;
/** Cameras lock an account after some wrong passwords; an operator needs the time anyway. */
const UNAUTHORISED_MS = 60_000;

/** `random` gives numbers in [0, 1): jitter of ±25 % keeps a city's cameras from coming back in one second. */
export function createBackoff(random: () => number = Math.random): Backoff {
  let attempts = 0;
  return {
    next(code) {
      const wait =
        code === 'unauthorised' && attempts > 0
          ? UNAUTHORISED_MS
          : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 10));
      attempts += 1;
      return Math.round(wait * (0.75 + random() * 0.5));
    },
    reset() {
      attempts = 0;
    },
  };
}
