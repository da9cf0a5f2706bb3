import type { PictureProblem } from '../contract/pictures.ts';
import { type Confirmation, createConfirmation, type Told, type Verdict } from './confirm.ts';
import { createFreezeWatch } from './frozen.ts';
import { COLUMNS, type Grey, ROWS } from './grey.ts';
import { look } from './judge.ts';
import { hourClass, isReady, type Learned, learn, readyOnes } from './learned.ts';
import { measure } from './measures.ts';
import { findShift, outlineOf } from './outline.ts';
import type { Urgency } from './schedule.ts';

/** Under this likeness the old view is not in the new one at all. */
const FOUND_AGAIN = 0.45;

export interface Finding extends Told {
  seenAt: number;
  goodAt: number | null;
  shift: { rightPct: number; downPct: number } | null;
}

export interface WatchState {
  finding: Finding | null;
  learned: Learned;
}

/** One camera's pictures as they come: what is usual, what is wrong, how sure that is. */
export function createWatch({ finding, learned }: WatchState) {
  const freeze = createFreezeWatch();
  const confirmation: Confirmation = createConfirmation(
    finding && { problem: finding.problem, since: finding.since },
  );
  let standing = finding;
  let goodAt = finding?.goodAt ?? null;
  let checkedAt: number | null = null;

  function verdictOn(grey: Grey, at: number): Verdict {
    const measures = measure(grey);
    const outline = outlineOf(grey);
    const hours = hourClass(at);
    const seen = look(measures, outline, learned, hours);
    const still = freeze.take(grey, at);
    // A black picture stands still too: what is seen says more than that it stays.
    if (seen !== 'fine' && seen !== 'unclear') return seen;
    if (still === 'frozen') return 'frozen';
    if (still === 'suspect') return confirmation.told()?.problem === 'frozen' ? 'frozen' : 'unclear';
    if (seen === 'fine') learn(learned, hours, measures, outline);
    return seen;
  }

  function findMove(grey: Grey): Finding['shift'] {
    const outline = outlineOf(grey);
    let best: ReturnType<typeof findShift> | undefined;
    for (const normal of readyOnes(learned)) {
      const shift = findShift(outline, normal.outline);
      if (!best || shift.likeness > best.likeness) best = shift;
    }
    if (!best || best.likeness < FOUND_AGAIN) return null;
    return {
      rightPct: Math.round((best.dx / COLUMNS) * 100),
      downPct: Math.round((best.dy / ROWS) * 100),
    };
  }

  return {
    /** Takes the next picture. @returns whether what stands is another problem than before */
    take(grey: Grey, at: number): { changed: boolean } {
      const verdict = verdictOn(grey, at);
      checkedAt = at;
      const before: PictureProblem | null = confirmation.told()?.problem ?? null;
      const told = confirmation.take(verdict, at);
      if (verdict === 'fine' && !told) goodAt = at;
      if (!told) standing = null;
      else if (standing?.problem !== told.problem)
        standing = {
          ...told,
          ...(told.problem === 'frozen' ? { since: freeze.since() } : {}),
          seenAt: at,
          // While a picture stands still nothing is wrong with what it shows.
          goodAt: told.problem === 'frozen' ? (freeze.movedAt() ?? goodAt) : goodAt,
          shift: told.problem === 'moved' ? findMove(grey) : null,
        };
      else if (verdict === told.problem) standing.seenAt = at;
      return { changed: before !== (told?.problem ?? null) };
    },
    finding: () => standing,
    learned: () => learned,
    checkedAt: () => checkedAt,
    urgency(): Urgency {
      if (confirmation.doubtful() || freeze.doubtful()) return 'doubtful';
      if (standing) return 'standing';
      return learned.some(isReady) ? 'routine' : 'learning';
    },
    /** A person says that this is how the camera shall look: all that was learned is forgotten. */
    accept(): void {
      learned = [];
      confirmation.clear();
      freeze.reset();
      standing = null;
    },
    /** The stream began anew. */
    restarted: () => freeze.reset(),
  };
}

export type Watch = ReturnType<typeof createWatch>;
