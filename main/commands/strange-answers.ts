import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';

const TOLD_EVERY_MS = 60_000;

/** Answers to commands that the device was not given: counted, and told to the log at most once a minute. */
export interface StrangeAnswers {
  count(deviceId: string | undefined, requestId: string): void;
  total(): number;
}

export function createStrangeAnswers({ clock, log }: { clock: Clock; log: Logger }): StrangeAnswers {
  let total = 0;
  let untold = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    total: () => total,
    count(device, requestId) {
      total += 1;
      untold += 1;
      if (clock.monotonic() - toldAt < TOLD_EVERY_MS) return;
      toldAt = clock.monotonic();
      log.warn({ device, requestId, answers: untold }, 'a device answered a command that it was not given');
      untold = 0;
    },
  };
}
