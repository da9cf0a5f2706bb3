import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Hold } from '../contract/holds.ts';
import type { Database } from '../storage/tables.ts';
import type { HeldFootage } from './held.ts';

/** A hold as it is stored; what somebody may do with it is decided elsewhere. */
export type HoldRecord = Omit<
  Hold,
  'hiddenCameras' | 'bytes' | 'mine' | 'mayEnd' | 'mayProlong' | 'mayApprove'
>;

const who = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' });

function recordOf(row: Selectable<Database['hold']>, cameraIds: string[]): HoldRecord {
  return {
    id: row.id,
    cameraIds,
    from: row.from_ms,
    to: row.to_ms,
    until: row.until_ms,
    keptUntil: row.kept_until_ms,
    basis: row.basis,
    state: row.state,
    by: { id: row.by_id, name: row.by_name },
    at: row.at,
    approvedBy: who(row.approved_by_id, row.approved_by_name),
    approvedAt: row.approved_at,
    endedAt: row.ended_at,
    endedBy: who(row.ended_by_id, row.ended_by_name),
    endReason: row.end_reason,
    endNote: row.end_note,
  };
}

/** What of a hold changes after it was made. */
const changing = (hold: HoldRecord) => ({
  until_ms: hold.until,
  kept_until_ms: hold.keptUntil,
  state: hold.state,
  approved_by_id: hold.approvedBy?.id ?? null,
  approved_by_name: hold.approvedBy?.name ?? null,
  approved_at: hold.approvedAt,
  ended_at: hold.endedAt,
  ended_by_id: hold.endedBy?.id ?? null,
  ended_by_name: hold.endedBy?.name ?? null,
  end_reason: hold.endReason,
  end_note: hold.endNote,
});

/** What holds that are not over keep. A clock is not asked: a hold lasts until its end is stored. */
export const heldStretches: HeldFootage = (db) =>
  db
    .selectFrom('hold')
    .innerJoin('hold_camera', 'hold_camera.hold_id', 'hold.id')
    .where('hold.state', '!=', 'ended')
    .select(['hold_camera.camera_id as cameraId', 'hold.from_ms as fromMs', 'hold.to_ms as toMs'])
    .execute();

/** The holds' tables: every statement that reads or writes them. */
export function createHoldStore(db: Kysely<Database>) {
  async function withCameras(rows: Selectable<Database['hold']>[]): Promise<HoldRecord[]> {
    if (rows.length === 0) return [];
    const cameras = new Map<string, string[]>();
    // SQLite takes so many values in one statement.
    for (let start = 0; start < rows.length; start += 500) {
      const ids = rows.slice(start, start + 500).map(({ id }) => id);
      const found = await db
        .selectFrom('hold_camera')
        .selectAll()
        .where('hold_id', 'in', ids)
        .orderBy('camera_id')
        .execute();
      for (const { hold_id, camera_id } of found)
        cameras.set(hold_id, [...(cameras.get(hold_id) ?? []), camera_id]);
    }
    return rows.map((row) => recordOf(row, cameras.get(row.id) ?? []));
  }

  return {
    async insert(trx: Transaction<Database>, hold: HoldRecord): Promise<void> {
      await trx
        .insertInto('hold')
        .values({
          id: hold.id,
          from_ms: hold.from,
          to_ms: hold.to,
          basis: hold.basis,
          by_id: hold.by.id,
          by_name: hold.by.name,
          at: hold.at,
          ...changing(hold),
        })
        .execute();
      await trx
        .insertInto('hold_camera')
        .values(hold.cameraIds.map((camera_id) => ({ hold_id: hold.id, camera_id })))
        .execute();
    },
    async update(trx: Transaction<Database>, hold: HoldRecord): Promise<void> {
      await trx.updateTable('hold').set(changing(hold)).where('id', '=', hold.id).execute();
    },
    /** All that are not over. */
    async open(): Promise<HoldRecord[]> {
      return withCameras(await db.selectFrom('hold').selectAll().where('state', '!=', 'ended').execute());
    },
    async get(id: string): Promise<HoldRecord | undefined> {
      const row = await db.selectFrom('hold').selectAll().where('id', '=', id).executeTakeFirst();
      return row && (await withCameras([row]))[0];
    },
    /** Those that are over, newest first, from `before` (an id) on. */
    async ended(limit: number, before: string | undefined): Promise<HoldRecord[]> {
      let query = db
        .selectFrom('hold')
        .selectAll()
        .where('state', '=', 'ended')
        .orderBy('id', 'desc')
        .limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      return withCameras(await query.execute());
    },
  };
}

export type HoldStore = ReturnType<typeof createHoldStore>;
