import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import {
  type DeviceEvent,
  type HealthStatus,
  HealthStatus as HealthStatusSchema,
  type StatusReason,
  StatusReasons,
} from '../contract/health.ts';
import type { Database } from '../storage/tables.ts';
import { type QuarantineBatch, writeQuarantine } from './quarantine/store.ts';

export interface StateRow {
  num: number;
  status: HealthStatus;
  reason: StatusReason;
  since: number;
  session: number | null;
  seq: number | null;
  lastRxAt: number | null;
  heartbeatMs: number;
  flags: number;
  /** Older than `session`; in it the device is heard in vain. */
  olderSession: number | null;
}

export interface ChangeRow {
  num: number;
  at: number;
  status: HealthStatus;
  reason: StatusReason;
  /** Status beneath maintenance and flapping. */
  base: HealthStatus;
}

export interface EventRow {
  num: number;
  at: number;
  session: number;
  seq: number;
  ts: number;
  type: string;
  severity: string;
  body: string;
}

export interface ResetRow {
  num: number;
  at: number;
  oldSession: number;
  newSession: number;
}

/** All that one round of storing writes, in one transaction. */
export interface HealthBatch {
  states: StateRow[];
  changes: ChangeRow[];
  events: EventRow[];
  resets: ResetRow[];
  quarantine: QuarantineBatch;
  contacts: { chunk: number; data: Uint8Array }[];
  /** Until when the hub was able to hear; null keeps what is stored. */
  aliveAt: number | null;
  /** Journal rows up to this one have their effect in what is stored with this batch or before. */
  journalUpTo: number;
}

const EventBody = z.object({
  source: z.record(z.string(), z.unknown()).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});
const Reason = z.enum(StatusReasons).catch('none');
const ROWS_A_STATEMENT = 500;

const slices = <T>(rows: T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / ROWS_A_STATEMENT) }, (_, index) =>
    rows.slice(index * ROWS_A_STATEMENT, (index + 1) * ROWS_A_STATEMENT),
  );

export interface HealthStore {
  loadStates(): Promise<StateRow[]>;
  loadContacts(): Promise<{ chunk: number; data: Uint8Array }[]>;
  /** The last time each device began anew with a lower session. */
  loadResets(): Promise<Omit<ResetRow, 'at'>[]>;
  /** UTC ms at which the hub last wrote that it was able to hear devices; null on the first start. */
  lastAlive(): Promise<number | null>;
  write(batch: HealthBatch): Promise<void>;
  /** Newest first. */
  changes(num: number, limit: number): Promise<ChangeRow[]>;
  events(num: number, limit: number): Promise<DeviceEvent[]>;
}

export function createHealthStore(db: Kysely<Database>): HealthStore {
  return {
    async loadStates() {
      const rows = await db.selectFrom('health_states').selectAll().execute();
      return rows.map((row) => ({
        num: row.num,
        status: HealthStatusSchema.parse(row.status),
        reason: Reason.parse(row.reason),
        since: row.since,
        session: row.session,
        seq: row.seq,
        lastRxAt: row.last_rx_at,
        heartbeatMs: row.heartbeat_ms,
        flags: row.flags,
        olderSession: row.older_session,
      }));
    },
    loadContacts: () => db.selectFrom('health_contacts').selectAll().execute(),
    async loadResets() {
      const rows = await db
        .selectFrom('session_resets')
        .select(['num', 'old_session', 'new_session'])
        .orderBy('at')
        .execute();
      const last = new Map(rows.map((row) => [row.num, row]));
      return [...last.values()].map((row) => ({
        num: row.num,
        oldSession: row.old_session,
        newSession: row.new_session,
      }));
    },
    async lastAlive() {
      const row = await db.selectFrom('health_alive').select('at').where('id', '=', 1).executeTakeFirst();
      return row?.at ?? null;
    },
    write: (batch) => db.transaction().execute((trx) => writeBatch(trx, batch)),
    async changes(num, limit) {
      const rows = await db
        .selectFrom('status_changes')
        .select(['num', 'at', 'status', 'reason', 'base'])
        .where('num', '=', num)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        num: row.num,
        at: row.at,
        status: HealthStatusSchema.parse(row.status),
        reason: Reason.parse(row.reason),
        base: HealthStatusSchema.parse(row.base ?? row.status),
      }));
    },
    async events(num, limit) {
      const rows = await db
        .selectFrom('device_events')
        .selectAll()
        .where('num', '=', num)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => {
        const body = EventBody.parse(JSON.parse(row.body));
        return {
          at: row.at,
          deviceTs: row.ts,
          type: row.type,
          severity: z.enum(['info', 'warning', 'critical']).parse(row.severity),
          source: body.source ?? {},
          data: body.data ?? {},
        };
      });
    },
  };
}

async function writeBatch(trx: Transaction<Database>, batch: HealthBatch): Promise<void> {
  for (const rows of slices(batch.states))
    await trx
      .insertInto('health_states')
      .values(
        rows.map((row) => ({
          num: row.num,
          status: row.status,
          reason: row.reason,
          since: row.since,
          session: row.session,
          seq: row.seq,
          last_rx_at: row.lastRxAt,
          heartbeat_ms: row.heartbeatMs,
          flags: row.flags,
          older_session: row.olderSession,
        })),
      )
      .onConflict((conflict) =>
        conflict.column('num').doUpdateSet((eb) => ({
          status: eb.ref('excluded.status'),
          reason: eb.ref('excluded.reason'),
          since: eb.ref('excluded.since'),
          session: eb.ref('excluded.session'),
          seq: eb.ref('excluded.seq'),
          last_rx_at: eb.ref('excluded.last_rx_at'),
          heartbeat_ms: eb.ref('excluded.heartbeat_ms'),
          flags: eb.ref('excluded.flags'),
          older_session: eb.ref('excluded.older_session'),
        })),
      )
      .execute();
  for (const rows of slices(batch.changes)) await trx.insertInto('status_changes').values(rows).execute();
  for (const rows of slices(batch.events))
    await trx
      .insertInto('device_events')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['num', 'session', 'seq', 'ts']).doNothing())
      .execute();
  for (const rows of slices(batch.resets))
    await trx
      .insertInto('session_resets')
      .values(
        rows.map((row) => ({
          num: row.num,
          at: row.at,
          old_session: row.oldSession,
          new_session: row.newSession,
        })),
      )
      .execute();
  await writeQuarantine(trx, batch.quarantine);
  for (const row of batch.contacts)
    await trx
      .insertInto('health_contacts')
      .values(row)
      .onConflict((conflict) => conflict.column('chunk').doUpdateSet({ data: row.data }))
      .execute();
  if (batch.aliveAt !== null)
    await trx
      .insertInto('health_alive')
      .values({ id: 1, at: batch.aliveAt })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ at: batch.aliveAt ?? 0 }))
      .execute();
  await trx.deleteFrom('message_journal').where('id', '<=', batch.journalUpTo).execute();
}
