import type { Grey } from './grey.ts';
import { compare } from './sameness.ts';

/**
 * Pictures this close are one picture coded twice. Sensor noise of the quietest night that was tried, coded with few
 * bits, keeps pictures 0.38 apart and leaves three blocks in ten untouched.
 */
const SAME_DIFFERENCE = 0.12;
const SAME_UNTOUCHED = 0.35;
/** Something moved: beyond what an encoder's changing quality does to a still picture. */
const MOVED_DIFFERENCE = 1.2;
/** So many repetitions over so long are no chance (a looped file repeats itself too, but moves in between). */
const REPETITIONS = 4;
const LONG_ENOUGH_MS = 40_000;
/** Pictures that neither repeat nor move, after which a frozen camera is taken to live again. */
const ALIVE_AFTER = 8;
/** Pictures kept to compare with: more while it looks frozen. */
const KEPT = 3;
const KEPT_SUSPECT = 6;

export type Freeze = 'moving' | 'suspect' | 'frozen' | 'unclear';

/**
 * Watches one camera for a picture that stands still while time goes on. An encoder under rate control codes even a
 * frozen picture differently each time, so that repetition is looked for among the last few.
 */
export function createFreezeWatch() {
  let kept: Grey[] = [];
  let repetitions = 0;
  let firstAt = 0;
  let others = 0;
  let movedAt: number | null = null;

  function forget(): void {
    repetitions = 0;
    others = 0;
  }

  return {
    /** Takes the next picture; `at` is its footage time. */
    take(picture: Grey, at: number): Freeze {
      const pairs = kept.map((before) => compare(before, picture));
      kept = [...kept, picture].slice(repetitions > 0 ? -KEPT_SUSPECT : -KEPT);
      if (pairs.length === 0) return 'unclear';
      if (pairs.some((pair) => pair.difference > MOVED_DIFFERENCE)) {
        forget();
        movedAt = at;
        return 'moving';
      }
      if (pairs.some((pair) => pair.difference < SAME_DIFFERENCE && pair.untouched > SAME_UNTOUCHED)) {
        if (repetitions === 0) firstAt = at;
        repetitions += 1;
        others = 0;
      } else {
        others += 1;
        if (others >= ALIVE_AFTER) forget();
      }
      if (repetitions === 0) return 'moving';
      return repetitions >= REPETITIONS && at - firstAt >= LONG_ENOUGH_MS ? 'frozen' : 'suspect';
    },
    /** Footage time of the last picture in which something had moved; null when there was none. */
    movedAt: () => movedAt,
    /** Footage time of the first repetition that counts. */
    since: () => firstAt,
    /** Does it look frozen, but not for long enough? Then the next look should come soon. */
    doubtful: () => repetitions > 0 && repetitions < REPETITIONS * 3,
    /** The stream began anew: what came before is no neighbour. */
    reset(): void {
      kept = [];
      forget();
    },
  };
}

export type FreezeWatch = ReturnType<typeof createFreezeWatch>;
