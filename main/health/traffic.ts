import type { Clock } from '../base/clock.ts';

const SECONDS = 10;
const JUMP_MS = 5_000;
/** How long a jump of the clock is worth telling, ms. */
const JUMP_TOLD_MS = 600_000;

/** Counts messages over the last ten seconds. */
export interface RateMeter {
  count(): void;
  tick(): void;
  perSecond(): number;
}

export function createRateMeter(): RateMeter {
  const seconds = new Float64Array(SECONDS);
  let at = 0;
  return {
    count() {
      seconds[at] = (seconds[at] ?? 0) + 1;
    },
    tick() {
      at = (at + 1) % SECONDS;
      seconds[at] = 0;
    },
    perSecond: () => seconds.reduce((sum, count) => sum + count, 0) / SECONDS,
  };
}

/** Notices when wall time went another way than steady time: a corrected clock, or one that runs wild. */
export interface JumpWatch {
  tick(): void;
  /** UTC ms of the last jump; null when none was lately. */
  jumpedAt(): number | null;
}

export function createJumpWatch(clock: Clock): JumpWatch {
  let offset = clock.now() - clock.monotonic();
  let jump: { at: number; steady: number } | undefined;
  return {
    tick() {
      const now = clock.now() - clock.monotonic();
      if (Math.abs(now - offset) > JUMP_MS) jump = { at: clock.now(), steady: clock.monotonic() };
      offset = now;
      if (jump && clock.monotonic() - jump.steady > JUMP_TOLD_MS) jump = undefined;
    },
    jumpedAt: () => jump?.at ?? null,
  };
}
