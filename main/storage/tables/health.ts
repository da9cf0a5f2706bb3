import type { Generated } from 'kysely';

export interface HealthTables {
  /** Last known state of each device that ever spoke or whose stream the hub saw. Times are UTC ms. */
  health_states: {
    num: number;
    status: string;
    reason: string;
    since: number;
    session: number | null;
    seq: number | null;
    last_rx_at: number | null;
    heartbeat_ms: number;
    /** Bits of `main/health/evidence.ts`. */
    flags: number;
    /** The session, older than its live one, in which it was heard in vain; null when it was not. */
    older_session: number | null;
  };
  /** Place in the session and last contact of 1,024 devices by number: two float64 columns, written in turn. */
  health_contacts: { chunk: number; data: Uint8Array };
  /** Every status change, for good. `base` is the status beneath maintenance and flapping; null in old rows. */
  status_changes: {
    id: Generated<number>;
    num: number;
    at: number;
    status: string;
    reason: string;
    base: string | null;
  };
  /** A device began again with a lower session: factory reset or replaced unit. */
  session_resets: { num: number; at: number; old_session: number; new_session: number };
  device_events: {
    id: Generated<number>;
    num: number;
    at: number;
    session: number;
    seq: number;
    /** The device's own time, UTC ms: with session and seq it tells a repeated delivery from a new event. */
    ts: number;
    type: string;
    severity: string;
    /** JSON `{source, data}` as the device sent them. */
    body: string;
  };
  /** Broken messages of each device: how many, and the last one's reason. */
  quarantine: { num: number; count: number; last_reason: string; last_at: number };
  /** The same by reason and dialect, with the newest message's topic; `sample`: JSON of a `QuarantineSample`. Bounded. */
  quarantine_reasons: {
    num: number;
    tongue: string;
    reason: string;
    count: number;
    first_at: number;
    last_at: number;
    topic: string;
    place: string | null;
    detail: string | null;
    sample: string;
  };
  /** Messages whose acknowledgement went out but whose effect is not stored yet, one row a batch. */
  message_journal: { id: Generated<number>; messages: string };
  /** One row: when the hub last wrote that it was listening. */
  health_alive: { id: number; at: number };
  /** When nothing could be known of any device: the hub was down, or heard nothing. Open while it lasts. */
  blind_spans: { id: Generated<number>; from_ms: number; until_ms: number | null; reason: string };
  /** `rule`: JSON of a `ThresholdInput`; `place` is its place in the list. */
  thresholds: { id: string; place: number; rule: string };
  device_credentials: { device_id: string; secret_hmac: Uint8Array; created_at: number };
}
