import type { Clock } from '../base/clock.ts';

/** At most `count` in any `windowMs` for each key, on monotonic time. */
export interface RateLimit {
  /** Null: admitted and counted. Else the seconds until the next one would be. */
  take(key: string): number | null;
}

export function createRateLimit(
  clock: Clock,
  { count, windowMs }: { count: number; windowMs: number },
): RateLimit {
  const taken = new Map<string, number[]>();
  let sweptAt = clock.monotonic();

  function sweep(now: number): void {
    if (now - sweptAt < windowMs) return;
    sweptAt = now;
    for (const [key, times] of taken) if ((times.at(-1) ?? 0) <= now - windowMs) taken.delete(key);
  }

  return {
    take(key) {
      const now = clock.monotonic();
      sweep(now);
      const times = (taken.get(key) ?? []).filter((at) => at > now - windowMs);
      taken.set(key, times);
      const oldest = times[0];
      if (times.length >= count && oldest !== undefined) return Math.ceil((oldest + windowMs - now) / 1000);
      times.push(now);
      return null;
    },
  };
}
