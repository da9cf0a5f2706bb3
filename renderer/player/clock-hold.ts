import type { Standing } from './archive-camera.ts';
import type { MasterClock } from './master-clock.ts';

/** Cameras that are not there after this long no longer keep the others waiting, ms. */
const PATIENCE_MS = 4_000;

/** Lets the clock stand while somebody's picture is on its way, but not for ever. */
export function createClockHold(clock: MasterClock, monotonic: () => number) {
  let since: number | null = null;
  return {
    /** @returns whether the clock was stopped or let go */
    update(standings: readonly Standing[]): boolean {
      const waiting = standings.includes('waiting');
      since = waiting ? (since ?? monotonic()) : null;
      const patient = since !== null && monotonic() - since < PATIENCE_MS;
      const held = waiting && (patient || !standings.includes('ready'));
      if (held === clock.held()) return false;
      clock.setHeld(held);
      return true;
    },
    /** Patience begins anew: the clock goes elsewhere. */
    reset(): void {
      since = null;
    },
  };
}
