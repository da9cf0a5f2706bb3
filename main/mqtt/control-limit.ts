import type { Clock } from '../base/clock.ts';

/** Packets that are no messages, of one device at once: a gateway subscribes for each of thousands, and takes it back. */
const AT_ONCE = 12_000;
/** And a second from then on. A sound device pings twice a minute. */
const A_SECOND = 20;
/** Devices in debt that are remembered; the oldest goes for a new one. */
const DEBTORS_LIMIT = 10_000;

/** What one connection may still send beside messages. */
export interface ControlBudget {
  /** Whose it is, once that is known. */
  of(deviceId: string): void;
  /** @returns false when it is used up */
  spend(packets: number): boolean;
  /** The connection is over: what it used up counts for the device's next one. */
  close(deviceId: string): void;
}

export interface ControlLimit {
  /** For a connection that was just opened. */
  budget(): ControlBudget;
}

/** What a bucket has left, and when it was looked at by `clock.monotonic()`. */
interface Bucket {
  left: number;
  at: number;
}

/**
 * Bounds PINGREQ, SUBSCRIBE, UNSUBSCRIBE and acknowledgements of devices that are signed in: each costs the broker as
 * much as a message does, and none of them is counted by the flood guard, which knows messages only. Who ends his
 * connection to come back at once finds his budget as he left it.
 */
export function createControlLimit({ clock }: { clock: Clock }): ControlLimit {
  const debtors = new Map<string, Bucket>();

  function filled(bucket: Bucket): Bucket {
    const now = clock.monotonic();
    bucket.left = Math.min(AT_ONCE, bucket.left + ((now - bucket.at) / 1000) * A_SECOND);
    bucket.at = now;
    return bucket;
  }

  return {
    budget() {
      let own: Bucket = { left: AT_ONCE, at: clock.monotonic() };
      return {
        of(deviceId) {
          const debt = debtors.get(deviceId);
          if (debt && filled(debt).left < own.left) own = { ...debt };
        },
        spend(packets) {
          const left = filled(own).left - packets;
          // However much it sent at once: a device that was mended is not to wait for hours.
          own.left = Math.max(0, left);
          return left >= 0;
        },
        close(deviceId) {
          debtors.delete(deviceId);
          if (filled(own).left > AT_ONCE / 2) return;
          debtors.set(deviceId, own);
          const [oldest] = debtors.keys();
          if (debtors.size > DEBTORS_LIMIT && oldest !== undefined) debtors.delete(oldest);
        },
      };
    },
  };
}
