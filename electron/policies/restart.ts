/** A hub that dies more often than this within the window is not started again by itself. */
const DELAYS_MS: readonly number[] = [500, 2_000, 8_000];
const WINDOW_MS = 5 * 60_000;

/**
 * How long to wait before the hub is started again, or undefined when that has not helped and a person should
 * decide. `deaths` are the monotonic times (ms) of its deaths, this one included.
 */
export function restartDelayMs(deaths: readonly number[], nowMs: number): number | undefined {
  const recent = deaths.filter((death) => nowMs - death < WINDOW_MS).length;
  return DELAYS_MS[Math.max(0, recent - 1)];
}
