/**
 * Keeps a live picture at the edge. What counts is the slack: how far the player still was from the end of what
 * it had when the next fragment came. Without slack the picture stops; more than needed is delay for nothing.
 */
export interface Edge {
  /** A fragment came while so many seconds were still to play; negative when it had run dry. */
  arrived(slackS: number, now: number): void;
  /** The player ran dry. */
  ranDry(now: number): void;
  /** What to do now. */
  advise(state: EdgeState, now: number): EdgeAdvice;
  /** Begins anew, after a jump: what was measured before means nothing. */
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
/** Decoding and drawing take this much. */
const LEAST_SLACK_S = 0.06;
const MOST_SLACK_S = 0.6;
/** So much more slack after running dry. */
const DRY_STEP_S = 0.03;
/** Running dry again so soon is the same event, ms. */
const DRY_ONCE_MS = 500;
/** So much less each second in which all goes well. */
const EASE_S = 0.0005;
const MEASURED_MS = 1_500;
/** A jump leaves this much more, until the first frames are decoded. */
const JUMP_EXTRA_S = 0.12;
/** Behind by more than this: jump instead of playing faster. */
const JUMP_BEHIND_S = 1.2;

export function createEdge(): Edge {
  let wanted = LEAST_SLACK_S;
  let measured: { slackS: number; at: number }[] = [];
  let easedAt: number | undefined;
  let driedAt = Number.NEGATIVE_INFINITY;

  return {
    arrived(slackS, now) {
      measured = [...measured.filter(({ at }) => now - at < MEASURED_MS), { slackS, at: now }];
    },
    ranDry(now) {
      if (now - driedAt < DRY_ONCE_MS) return;
      driedAt = now;
      wanted = Math.min(MOST_SLACK_S, wanted + DRY_STEP_S);
    },
    advise({ positionS, startS, endS }, now) {
      const easing = easedAt === undefined ? 0 : (now - easedAt) / 1000;
      easedAt = now;
      wanted = Math.max(LEAST_SLACK_S, wanted - EASE_S * easing);
      const ahead = endS - positionS;
      // Before a gap there is nothing to wait for: what follows it has come already.
      if (positionS < startS - 0.001 || ahead > JUMP_BEHIND_S)
        return { rate: 1, jumpToS: this.startS({ startS, endS }) };
      const slack = measured.length === 0 ? ahead : Math.min(...measured.map((one) => one.slackS));
      const over = slack - wanted;
      if (over > 0.02) return { rate: Math.min(FASTEST, 1 + over) };
      if (over < -0.02) return { rate: Math.max(SLOWEST, 1 + over) };
      return { rate: 1 };
    },
    reset() {
      measured = [];
    },
    startS: ({ startS, endS }) => Math.max(startS, endS - wanted - JUMP_EXTRA_S),
  };
}
