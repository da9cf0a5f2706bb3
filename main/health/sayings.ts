import type { AckPayload, EventPayload, StatusPayload } from '../contract/mqtt-payloads.ts';
import { type Columns, DEFAULT_HEARTBEAT_MS, NO_HEARTBEAT_MS } from './columns.ts';
import type { DeviceState } from './payloads.ts';
import type { EventRow } from './store.ts';
import type { Tongues } from './tongues.ts';
import type { Receipt, Tracker } from './tracker.ts';

/** What a sound message means for its device, whoever brought it. */
export interface Sayings {
  status(num: number, status: StatusPayload, receipt: Receipt): void;
  state(num: number, state: DeviceState, receipt: Receipt): void;
  event(num: number, event: EventPayload, receipt: Receipt): void;
  ack(num: number, ack: AckPayload, receipt: Receipt): void;
}

export function createSayings(options: {
  columns: Columns;
  tracker: Tracker;
  event(row: EventRow): void;
  /** Told of each answer to a command. */
  answered(num: number, ack: AckPayload, at: number): void;
  tongues: Pick<Tongues, 'spokeOurs'>;
}): Sayings {
  const { columns, tracker, tongues } = options;
  return {
    status(num, status, receipt) {
      tongues.spokeOurs(num);
      tracker.status(num, status, receipt);
    },
    state(num, state, receipt) {
      tongues.spokeOurs(num);
      // Who reports to us has a rhythm, whatever else it may speak.
      if (columns.heartbeatMs[num] === NO_HEARTBEAT_MS) tracker.rhythm(num, DEFAULT_HEARTBEAT_MS);
      tracker.state(num, state, receipt);
    },
    event(num, { session, seq, ts, type, severity, source, data }, receipt) {
      tracker.spoke(num, session, receipt);
      options.event({
        num,
        at: receipt.rxAt,
        session,
        seq,
        ts,
        type,
        severity,
        body: JSON.stringify({ source, data }),
      });
    },
    ack(num, ack, receipt) {
      tracker.spoke(num, columns.session[num] ?? Number.NaN, receipt);
      if (!receipt.retained) options.answered(num, ack, receipt.rxAt);
    },
  };
}
