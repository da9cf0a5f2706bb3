import { createLateness } from './lateness.ts';

/**
 * Keeps a live picture at the edge: as far behind the line's earliest as its lateness asks for, and not further. Too
 * near, and the picture stops; more than needed is delay for nothing.
 */
export interface Edge {
  /** A fragment that begins at `startS` of the time line was taken in. */
  arrived(startS: number, now: number): void;
  /** The player ran dry there. */
  ranDry(positionS: number, now: number): void;
  /** What to do now. */
  advise(state: EdgeState, now: number): EdgeAdvice;
  /** Begins anew: what follows has another time line. */
  reset(): void;
  /** Where to begin when playing begins anew, seconds. */
  startS(state: Pick<EdgeState, 'startS' | 'endS'>): number;
}

export interface EdgeState {
  positionS: number;
  /** The newest stretch without a gap. */
  startS: number;
  endS: number;
}

export interface EdgeAdvice {
  rate: number;
  /** Where to jump; undefined when it may play on. */
  jumpToS?: number;
}

/** Nobody notices these. */
const FASTEST = 1.2;
const SLOWEST = 0.85;
/** So much of a distance is made good in a second. */
const GAIN = 2;
/** So near is right, seconds. */
const NEAR_S = 0.02;
/** Decoding and drawing take this much. */
const LEAST_SLACK_S = 0.06;
/** A line later than this may stop the picture. */
const MOST_LATE_S = 0.6;
/** So much more distance would have kept it from running dry, as far as is known before the next fragment is here. */
const DRY_STEP_S = 0.03;
/** A jump leaves this much more, until the first frames are decoded. */
const JUMP_EXTRA_S = 0.12;
/** Behind by more than this: jump instead of playing faster. */
const JUMP_BEHIND_S = 1.2;

export function createEdge(): Edge {
  let line = createLateness();

  const wantedS = (): number => Math.min(MOST_LATE_S, line.usualS()) + LEAST_SLACK_S;

  const startS = ({ startS, endS }: Pick<EdgeState, 'startS' | 'endS'>): number =>
    Math.max(startS, endS - wantedS() - JUMP_EXTRA_S);

  return {
    arrived: (startS, now) => line.add(now / 1000 - startS, now),
    ranDry(positionS, now) {
      const earliest = line.earliestS();
      // How late the fragment is that it lacks tells itself by coming; one that is here was decoded too late.
      if (earliest !== undefined)
        line.add(Math.max(earliest, now / 1000 - positionS - LEAST_SLACK_S + DRY_STEP_S), now);
    },
    advise({ positionS, startS: from, endS }, now) {
      const ahead = endS - positionS;
      // Before a gap there is nothing to wait for: what follows it has come already.
      if (positionS < from - 0.001 || ahead > JUMP_BEHIND_S)
        return { rate: 1, jumpToS: startS({ startS: from, endS }) };
      const earliest = line.earliestS();
      const distance = earliest === undefined ? ahead : now / 1000 - positionS - earliest;
      const behind = distance - wantedS();
      if (behind < -NEAR_S) return { rate: Math.max(SLOWEST, 1 + GAIN * behind) };
      // What the line still owes cannot be played: no faster than towards what is here.
      const over = Math.min(behind, ahead - wantedS());
      return { rate: over > NEAR_S ? Math.min(FASTEST, 1 + GAIN * over) : 1 };
    },
    reset() {
      line = createLateness();
    },
    startS,
  };
}
