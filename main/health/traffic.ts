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
  /** @returns by how much it jumped since the last tick, ms; 0 when it did not */
  tick(): number;
  /** UTC ms of the last jump; null when none was lately. */
  jumpedAt(): number | null;
}

export function createJumpWatch(clock: Clock): JumpWatch {
  let offset = clock.now() - clock.monotonic();
  let jump: { at: number; steady: number } | undefined;
  return {
    tick() {
      const now = clock.now() - clock.monotonic();
      const by = now - offset;
      offset = now;
      const jumped = Math.abs(by) > JUMP_MS;
      if (jumped) jump = { at: clock.now(), steady: clock.monotonic() };
      if (jump && clock.monotonic() - jump.steady > JUMP_TOLD_MS) jump = undefined;
      return jumped ? by : 0;
    },
    jumpedAt: () => jump?.at ?? null,
  };
}
