/** What a live tile says about its picture. Only `live` may look live. */
export type LivePhase =
  | 'starting'
  | 'live'
  | 'stalled'
  | 'problem'
  | 'refused'
  | 'no-stream'
  | 'signed-out'
  | 'hidden';

/** What ends an attempt for good, until something changes at the hub. */
export type LiveEnd = 'refused' | 'no-stream' | 'signed-out';

export interface LiveSigns {
  /** Monotonic ms of the last new frame on the screen; null before the first of this attempt. */
  lastFrameAt: number | null;
  /** Whether any frame was ever shown: then an interruption is a stall, not a start. */
  everShown: boolean;
  /** The hub or the browser told why there is no picture. */
  hasProblem: boolean;
  ended: LiveEnd | null;
  hidden: boolean;
}

/** Without a new frame for this long a picture is no longer live, ms. Looked at so often that it is said within 2 s. */
export const STALL_MS = 1700;
export const LOOK_EVERY_MS = 200;

/** Older than this when it is shown, a frame is what was left over from before the camera fell silent, ms. */
export const LIVE_AGE_MS = 25_000;

/**
 * Whether a shown frame proves that the picture lives. A seek inside old footage shows frames as well, and a
 * camera that died leaves its last seconds in the playlist for whoever opens it later.
 * @param utc true time of the frame; undefined where the playlist does not tell, then only progress counts
 * @param newest newest frame shown before, UTC ms
 * @param hubNow the hub's clock, UTC ms
 */
export function provesLive(utc: number | undefined, newest: number | null, hubNow: number): boolean {
  if (utc === undefined) return true;
  return (newest === null || utc > newest) && hubNow - utc < LIVE_AGE_MS;
}

export function livePhase(signs: LiveSigns, now: number): LivePhase {
  if (signs.ended) return signs.ended;
  if (signs.hidden) return 'hidden';
  const fresh = signs.lastFrameAt !== null && now - signs.lastFrameAt <= STALL_MS;
  if (fresh) return 'live';
  if (signs.hasProblem) return 'problem';
  return signs.everShown ? 'stalled' : 'starting';
}

/**
 * After a stall the player is behind by as much as it stood still; catching up at 1.2x would take minutes. True
 * when it should jump to the edge instead.
 * @param latencyS how far behind the newest the player is; `targetS` how far it should be
 */
export function shouldJump(latencyS: number, targetS: number): boolean {
  return Number.isFinite(latencyS) && latencyS > Math.max(targetS * 2, targetS + 1.5);
}

/** Pause before attempt `attempt` (from 0), ms: one second doubling to fifteen, give or take a quarter. */
export function retryDelay(attempt: number, random: number): number {
  return Math.min(1000 * 2 ** Math.min(attempt, 10), 15_000) * (0.75 + random / 2);
}
