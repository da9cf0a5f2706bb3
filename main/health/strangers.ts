import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';

const TOLD_EVERY_MS = 60_000;

/** Messages of devices that the registry does not have: counted, and told to the log at most once a minute. */
export interface Strangers {
  count(reason: string): void;
  total(): number;
}

export function createStrangers({ clock, log }: { clock: Clock; log: Logger }): Strangers {
  let total = 0;
  let untold = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    total: () => total,
    count(reason) {
      total += 1;
      untold += 1;
      if (clock.monotonic() - toldAt < TOLD_EVERY_MS) return;
      toldAt = clock.monotonic();
      log.warn({ reason, messages: untold }, 'messages came from devices that are not registered');
      untold = 0;
    },
  };
}
