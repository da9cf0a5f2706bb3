import type { Clock } from '../../base/clock.ts';

const WINDOW_MS = 10 * 60_000;
/** A rate from less than this says nothing. */
const SHORTEST_MS = 10_000;

/** Bytes a second over the last ten minutes. */
export function createRateMeter(clock: Clock) {
  const looks: { at: number; total: number }[] = [{ at: clock.monotonic(), total: 0 }];
  let total = 0;
  return {
    add(bytes: number): void {
      total += bytes;
    },
    /** To be called every few seconds. */
    look(): void {
      const now = clock.monotonic();
      looks.push({ at: now, total });
      while ((looks[1]?.at ?? now) <= now - WINDOW_MS) looks.shift();
    },
    /** 0 until there is something to tell. */
    bytesPerSecond(): number {
      const first = looks[0];
      const last = looks.at(-1);
      if (!first || !last || last.at - first.at < SHORTEST_MS) return 0;
      return Math.round(((last.total - first.total) / (last.at - first.at)) * 1000);
    },
  };
}
