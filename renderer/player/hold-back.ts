/**
 * Keeps a player of LL-HLS as far behind the live edge as the playlist asks (RFC 8216bis, PART-HOLD-BACK). hls.js
 * itself plays faster only while more than a second is buffered: three short parts behind the edge that never is,
 * and the picture would stay as late as it happened to begin.
 */
export interface HoldBack {
  /** The player ran dry: on this line the distance is too short. */
  ranDry(now: number): void;
  /** How fast to play. */
  rate(place: HoldBackPlace, now: number): number;
}

export interface HoldBackPlace {
  /** Behind the place asked for by so many seconds; negative when it is nearer to the edge. */
  behindS: number;
  /** Buffered before the player, seconds. */
  aheadS: number;
}

/** Nobody notices these. */
const FASTEST = 1.2;
const SLOWEST = 0.85;
/** So near is right. */
const NEAR_S = 0.03;
/** With less than this buffered the edge is only thought to be ahead: no faster towards it. */
const LEAST_AHEAD_S = 0.25;
/** So much more distance after running dry. */
const DRY_STEP_S = 0.1;
const MOST_EXTRA_S = 1.5;
/** Running dry again so soon is the same event, ms. */
const DRY_ONCE_MS = 500;
/** So much less each second in which all goes well. */
const EASE_S = 0.005;

export function createHoldBack(): HoldBack {
  let extraS = 0;
  let driedAt = Number.NEGATIVE_INFINITY;
  let easedAt: number | undefined;

  return {
    ranDry(now) {
      if (now - driedAt < DRY_ONCE_MS) return;
      driedAt = now;
      extraS = Math.min(MOST_EXTRA_S, extraS + DRY_STEP_S);
    },
    rate({ behindS, aheadS }, now) {
      extraS = Math.max(0, extraS - (EASE_S * (now - (easedAt ?? now))) / 1000);
      easedAt = now;
      const over = behindS - extraS;
      if (over < -NEAR_S) return Math.max(SLOWEST, 1 + over);
      return over > NEAR_S && aheadS > LEAST_AHEAD_S ? Math.min(FASTEST, 1 + over) : 1;
    },
  };
}
