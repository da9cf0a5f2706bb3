import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';

/** Why the embedded broker sent somebody away or ended his connection. */
export const RefusalReasons = [
  /** Unknown device, wrong secret, no credentials where they are needed. */
  'sign-in',
  /** A certificate that our authority did not sign, or no TLS at all. */
  'tls',
  /** A topic that is not his. */
  'topic',
  /** More messages than any sound device sends. */
  'flood',
  /** A frame longer than allowed, or no MQTT. */
  'frame',
  /** Reads too slowly what he subscribed. */
  'slow',
  /** More connections of one device than it needs: the oldest went. */
  'crowd',
  /** As many connections as the hub takes: turned away before a word. */
  'full',
  /** Did not say in time who he is. */
  'silent',
  /** Too many connections of one address that have not said who they are: turned away before a word. */
  'address',
  /** Too many failed sign-ins of one address: turned away before a word. */
  'guessing',
  /** More filters than one connection needs. */
  'filters',
  /** More packets that are no messages (PINGREQ, SUBSCRIBE, UNSUBSCRIBE, acknowledgements) than any sound device sends. */
  'control',
  /** A Will for a topic that is not his: refused at CONNECT. */
  'will',
  /** His certificate ended or was taken back while he was connected. */
  'certificate',
] as const;
export type RefusalReason = (typeof RefusalReasons)[number];
export type RefusalCounts = Readonly<Record<RefusalReason, number>>;

const TOLD_EVERY_MS = 60_000;

/** Counts refusals, and tells the log of each kind at most once a minute: a storm must not fill the disk. */
export interface Refusals {
  count(reason: RefusalReason, who: string): void;
  totals(): RefusalCounts;
}

export const noRefusals = (): Record<RefusalReason, number> => ({
  ...{ 'sign-in': 0, tls: 0, topic: 0, flood: 0, frame: 0, slow: 0, crowd: 0, full: 0 },
  ...{ silent: 0, address: 0, guessing: 0, filters: 0, control: 0, will: 0, certificate: 0 },
});

export function createRefusals({ clock, log }: { clock: Clock; log: Logger }): Refusals {
  const totals = noRefusals();
  const told = new Map<RefusalReason, { at: number; total: number }>();
  return {
    totals: () => ({ ...totals }),
    count(reason, who) {
      totals[reason] += 1;
      const last = told.get(reason);
      if (last && clock.monotonic() - last.at < TOLD_EVERY_MS) return;
      log.warn(
        { reason, who: who.slice(0, 64), times: totals[reason] - (last?.total ?? 0) },
        'refused at the broker',
      );
      told.set(reason, { at: clock.monotonic(), total: totals[reason] });
    },
  };
}
