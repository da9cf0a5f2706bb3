import type { PictureProblem } from '../contract/pictures.ts';

/** What one check says: a problem, that all is well, or nothing either way. */
export type Verdict = PictureProblem | 'fine' | 'unclear';

/** So many checks in a row, over at least so long, before a problem is told. */
const NEEDED: Record<PictureProblem, { checks: number; ms: number }> = {
  black: { checks: 3, ms: 8_000 },
  // Confirmed by its own watch already.
  frozen: { checks: 1, ms: 0 },
  // A lens that seeks its focus, spray of a passing lorry.
  blurred: { checks: 4, ms: 25_000 },
  // A bus that stops in front of the camera goes on.
  moved: { checks: 6, ms: 60_000 },
};
/** The same for the way back. */
const WELL = { checks: 3, ms: 8_000 };

export interface Told {
  problem: PictureProblem;
  /** Footage time of the first check that showed it. */
  since: number;
}

/** Turns single looks into something to tell: each change has to be seen again before it counts. */
export function createConfirmation(told: Told | null) {
  let standing = told;
  let suspect: { what: PictureProblem | 'fine'; since: number; checks: number } | undefined;

  return {
    /** @returns what stands now; `at` is the footage time of the picture looked at */
    take(verdict: Verdict, at: number): Told | null {
      if (verdict === 'unclear') return standing;
      if (verdict === (standing?.problem ?? 'fine')) {
        suspect = undefined;
        return standing;
      }
      if (suspect?.what === verdict) suspect.checks += 1;
      else suspect = { what: verdict, since: at, checks: 1 };
      const needed = verdict === 'fine' ? WELL : NEEDED[verdict];
      if (suspect.checks < needed.checks || at - suspect.since < needed.ms) return standing;
      standing = verdict === 'fine' ? null : { problem: verdict, since: suspect.since };
      suspect = undefined;
      return standing;
    },
    told: () => standing,
    /** Is something about to change? Then the next check should come soon. */
    doubtful: () => suspect !== undefined,
    clear(): void {
      standing = null;
      suspect = undefined;
    },
  };
}

export type Confirmation = ReturnType<typeof createConfirmation>;
