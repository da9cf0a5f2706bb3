import type { Generated } from 'kysely';

export interface CommandTables {
  /** One order: a command for one device or many. Times are UTC ms. */
  command_runs: {
    id: string;
    /** Made by the client; a person's key names one run for good. */
    key: string;
    person_id: string;
    person_name: string;
    from_address: string;
    /** JSON of a `CommandSpec`. */
    spec: string;
    reason: string;
    started_at: number;
    ended_at: number | null;
    state: string;
    state_reason: string | null;
    stage: number;
    /** When the stage began. */
    stage_at: number;
    /** JSON: devices of each stage. */
    stages: string;
    /** Failures of the stage that a person has gone on from. */
    forgiven: number;
    expires_in_s: number;
    stop_at_failed_pct: number;
    pause_between_stages: number;
  };
  /** One device's part of a run. */
  commands: {
    seq: Generated<number>;
    /** `requestId` on the wire. */
    id: string;
    run_id: string;
    num: number;
    device_id: string;
    device_name: string;
    device_kind: string;
    /** Who is told: of a `poe-cycle` the switch, at `port`. */
    executor_id: string;
    port: string | null;
    stage: number;
    state: string;
    reason: string | null;
    device_reason: string | null;
    /** JSON of what the device showed of it, before and at the end. */
    before: string | null;
    after: string | null;
    asked_at: number;
    sent_at: number | null;
    published_at: number | null;
    /** The device may begin until then. */
    expires_at: number | null;
    accepted_at: number | null;
    done_at: number | null;
    ended_at: number | null;
    waits_until: number | null;
  };
}
