import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import type { FoundProblem } from './stream-problem.ts';

/** Between two looks at a server that is not there. */
const LOOK_MS = 1_000;
/** However dead a server looks, so often it is really tried. */
const TRY_ANYWAY_MS = 60_000;

export interface ReturnWait {
  clock: Clock;
  /** What backing off asks for, ms. */
  waitMs: number;
  /** Null while the server answers; undefined for addresses that cannot be asked. */
  look: (() => Promise<FoundProblem | null>) | undefined;
  signal: AbortSignal;
  random?: () => number;
  /** Resolves after so many ms, or when the wait is over. */
  pause?: (ms: number) => Promise<unknown>;
}

/**
 * Waits until another attempt makes sense. A server that is gone is looked at each second, which costs next to
 * nothing, and met the moment it is back; one that answers but gives no picture is left alone for its time.
 * @returns whether the server went and came back: then waiting times begin anew
 */
export async function waitForReturn({
  clock,
  waitMs,
  look,
  signal,
  random = Math.random,
  pause = (ms) => sleep(Math.max(0, ms), undefined, { signal }).catch(() => undefined),
}: ReturnWait): Promise<boolean> {
  const begun = clock.monotonic();
  const left = () => begun + waitMs - clock.monotonic();
  let gone = false;
  while (!signal.aborted) {
    if (!look) {
      await pause(left());
      return false;
    }
    await pause(Math.min(LOOK_MS * (0.75 + random() * 0.5), gone ? LOOK_MS * 2 : Math.max(left(), 0)));
    if (signal.aborted) return false;
    const there = (await look()) === null;
    if (there && gone) return true;
    gone ||= !there;
    if (there && left() <= 0) return false;
    if (clock.monotonic() - begun > TRY_ANYWAY_MS) return false;
  }
  return false;
}
