/** The one clock that all cameras of the archive follow: UTC ms of the footage, run at a speed. */
export interface MasterClock {
  /** @param at monotonic ms for which the time is wanted; now by default */
  now(at?: number): number;
  set(utc: number): void;
  /** 1/4 to 16; negative runs backwards. */
  rate(): number;
  setRate(rate: number): void;
  /** Whether the person wants it to run. */
  playing(): boolean;
  setPlaying(playing: boolean): void;
  /** Stands still until the pictures are there, without forgetting that it plays. */
  held(): boolean;
  setHeld(held: boolean): void;
  running(): boolean;
}

/** @param monotonic ms that never jump, e.g. `performance.now` */
export function createMasterClock(utc: number, monotonic: () => number): MasterClock {
  let anchor = { utc, at: monotonic() };
  let rate = 1;
  let playing = false;
  let held = false;
  const running = () => playing && !held;
  const now = (at = monotonic()) => anchor.utc + (running() ? (at - anchor.at) * rate : 0);
  /** Takes the time as it is before something changes how it runs. */
  const anchored = (change: () => void) => {
    const at = monotonic();
    anchor = { utc: now(at), at };
    change();
  };
  return {
    now,
    set(to) {
      anchor = { utc: to, at: monotonic() };
    },
    rate: () => rate,
    setRate: (next) =>
      anchored(() => {
        rate = next;
      }),
    playing: () => playing,
    setPlaying: (next) =>
      anchored(() => {
        playing = next;
      }),
    held: () => held,
    setHeld: (next) =>
      anchored(() => {
        held = next;
      }),
    running,
  };
}

/** Off by more than this a picture is not nudged but put where it belongs, ms. */
export const JUMP_MS = 350;
/** Within this nothing is corrected, ms. */
const DEAD_ZONE_MS = 8;
/** In this time an error would be taken back, ms; at most so much faster or slower. */
const TAKE_BACK_MS = 900;
const MOST_NUDGE = 0.2;

/**
 * The speed at which a picture that is `errorMs` ahead of the clock (behind, when negative) runs back into step;
 * undefined when it is so far off that it must be put there.
 */
export function nudgedRate(rate: number, errorMs: number): number | undefined {
  if (Math.abs(errorMs) > JUMP_MS) return undefined;
  if (Math.abs(errorMs) < DEAD_ZONE_MS) return rate;
  const nudge = Math.max(-MOST_NUDGE, Math.min(MOST_NUDGE, -errorMs / TAKE_BACK_MS));
  // Media elements take no speed under 1/16.
  return Math.max(0.0625, rate * (1 + nudge));
}
