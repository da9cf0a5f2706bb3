/** Drift that a camera's clock may have against ours, ms per ms: ten times what a bad crystal does. */
const LEAK = 0.0005;

/** Wall time and steady time part by more than this: somebody set the clock. */
const JUMP_MS = 1_000;

export interface UtcAnchor {
  /** A frame with this decode time and duration (ms) has arrived whole, at these wall and steady times (ms). */
  arrived(dtsMs: number, durationMs: number, nowMs: number, steadyMs: number): { clockJumped: boolean };
  /** UTC ms at which the frame with this decode time was taken. */
  utcOf(dtsMs: number): number;
}

/**
 * Puts true times on a stream's own. A frame can come late (network, a burst) but never early, so the smallest
 * `arrival - dts` seen is nearest to the truth; it leaks upwards slowly so that a camera whose clock runs slow
 * is followed too. Arrival is counted by the steady clock: a wall clock that was set is told as a jump, small
 * corrections are followed without a step.
 */
export function createUtcAnchor(): UtcAnchor {
  let state: { offset: number; wall: number; steady: number } | undefined;
  return {
    arrived(dtsMs, durationMs, nowMs, steadyMs) {
      const wall = nowMs - steadyMs;
      const lag = steadyMs - dtsMs - durationMs;
      if (!state) {
        state = { offset: lag, wall, steady: steadyMs };
        return { clockJumped: false };
      }
      const leak = LEAK * Math.max(0, steadyMs - state.steady);
      state.steady = steadyMs;
      state.offset = Math.min(state.offset + leak, lag);
      if (Math.abs(wall - state.wall) > JUMP_MS) {
        state.wall = wall;
        return { clockJumped: true };
      }
      state.wall += Math.max(-leak, Math.min(leak, wall - state.wall));
      return { clockJumped: false };
    },
    utcOf: (dtsMs) => (state ? state.offset + state.wall : 0) + dtsMs,
  };
}
