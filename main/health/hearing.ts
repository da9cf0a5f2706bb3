import type { Clock } from '../base/clock.ts';

/** A second hand this late means that the hub itself stood still (suspended, blocked, starved). */
const STALL_MS = 3_000;
/** What a stall counts for, however long it was; no message is stamped later than the tick after it. */
const STALL_COUNTS_MS = 1_000;
/** So long without another one a stall of our own counts as over. */
const RECOVERED_MS = 3_000;

/**
 * Time in which the hub was able to hear the devices, ms. It stands still while the broker is away, while nothing
 * can be stored and while the hub itself is stalled: silence then is ours, not theirs (rule of liveness 4).
 */
export interface Hearing {
  /** Of this very moment, for stamping a message. */
  stamp(): number;
  /** As of the last tick. */
  now(): number;
  resumedAt(): number;
  /** False while something keeps the time from passing. */
  hears(): boolean;
  /** Some times a second. */
  tick(): void;
  /** `reason` keeps the time from passing until it is resumed. */
  freeze(reason: string): void;
  resume(reason: string): void;
  /** An external broker proved to be there at this `clock.monotonic()`; from the first call on, only such proof lets time pass. */
  heard(monotonicMs: number): void;
  /** UTC ms since when the hub itself stalls; null when it keeps up. */
  stalledSince(): number | null;
}

export function createHearing(clock: Clock): Hearing {
  const frozen = new Set<string>();
  let heardUntil: number | undefined;
  let now = 0;
  let resumedAt = 0;
  let lastTick = clock.monotonic();
  let counted = lastTick;
  let stalledSince: number | null = null;
  let stalledAt = Number.NEGATIVE_INFINITY;

  function tick(): void {
    const monotonic = clock.monotonic();
    const late = monotonic - lastTick;
    lastTick = monotonic;
    if (late > STALL_MS) {
      stalledSince ??= Math.round(clock.now() - late);
      stalledAt = monotonic;
      now += frozen.size > 0 ? 0 : STALL_COUNTS_MS;
      counted = monotonic;
      resumedAt = now;
      return;
    }
    if (monotonic - stalledAt >= RECOVERED_MS) stalledSince = null;
    if (frozen.size > 0) return;
    const until = heardUntil === undefined ? monotonic : Math.min(monotonic, heardUntil);
    now += Math.max(0, until - counted);
    counted = Math.max(counted, until);
  }

  return {
    stamp: () =>
      frozen.size > 0 ? now : now + Math.min(STALL_COUNTS_MS, Math.max(0, clock.monotonic() - counted)),
    now: () => now,
    resumedAt: () => resumedAt,
    hears: () => frozen.size === 0,
    stalledSince: () => stalledSince,
    tick,
    heard(monotonicMs) {
      heardUntil = Math.max(heardUntil ?? 0, monotonicMs);
    },
    freeze(reason) {
      if (frozen.size === 0) tick();
      frozen.add(reason);
    },
    resume(reason) {
      if (!frozen.delete(reason) || frozen.size > 0) return;
      counted = clock.monotonic();
      resumedAt = now;
    },
  };
}
