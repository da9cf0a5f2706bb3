import { type Kysely, sql } from 'kysely';
import type { TrackName } from '../contract/video.ts';
import type { Database } from '../storage/tables.ts';
import { bytesOf, endOf, type FileRow } from './file-row.ts';
import { type HeldFootage, isIn } from './held.ts';
import type { InitSegment } from './init-segment.ts';
import { packEntries } from './segment-entries.ts';

/** A file as retention sees it. */
export interface OldFile {
  id: number;
  camera_id: string;
  track: TrackName;
  path: string;
  bytes: number;
  start_ms: number;
  end_ms: number;
}

/** Rows of one statement: SQLite is asked once for fifty cameras. */
const ROWS_AT_ONCE = 50;

const stored = (row: FileRow) => ({
  camera_id: row.cameraId,
  track: row.track,
  disk: row.disk,
  path: row.path,
  first_msn: row.firstMsn,
  start_ms: Math.floor(row.startMs),
  init_hash: row.initHash,
  break_before: row.breakBefore,
  segment_count: row.entries.length,
  end_ms: endOf(row),
  bytes: bytesOf(row),
  state: row.state,
  segments: packEntries(row.entries),
});

/** Every statement that changes what footage is known; each one a transaction. */
export function createIndexWrite(db: Kysely<Database>) {
  return {
    /** Stores rows as they are now, all in one transaction. */
    async save(rows: readonly FileRow[]): Promise<void> {
      await db.transaction().execute(async (trx) => {
        for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
          await trx
            .insertInto('recording_file')
            .values(rows.slice(at, at + ROWS_AT_ONCE).map(stored))
            .onConflict((conflict) =>
              conflict.column('path').doUpdateSet(({ ref }) => ({
                segment_count: ref('excluded.segment_count'),
                end_ms: ref('excluded.end_ms'),
                bytes: ref('excluded.bytes'),
                state: ref('excluded.state'),
                segments: ref('excluded.segments'),
              })),
            )
            .execute();
      });
    },

    async saveInit(cameraId: string, init: InitSegment): Promise<void> {
      await db
        .insertInto('recording_init')
        .values({
          camera_id: cameraId,
          hash: init.hash,
          bytes: init.bytes,
          codec: init.codec,
          width: init.width,
          height: init.height,
          timescale: init.timescale,
        })
        .onConflict((conflict) => conflict.columns(['camera_id', 'hash']).doNothing())
        .execute();
    },

    /**
     * First step of a deletion: from now on nobody finds these files; their bytes may go. What is held stays:
     * asked in the same transaction, so that a hold and a deletion never pass each other. @returns what goes
     */
    async markDeleting(files: readonly OldFile[], held: HeldFootage): Promise<OldFile[]> {
      return db.transaction().execute(async (trx) => {
        const kept = await held(trx);
        const going = files.filter((file) => !kept.some((stretch) => isIn(file, stretch)));
        if (going.length === 0) return [];
        const until = new Map<string, { camera_id: string; track: TrackName; until_ms: number }>();
        for (const { camera_id, track, end_ms } of going) {
          const key = `${camera_id} ${track}`;
          const until_ms = Math.max(until.get(key)?.until_ms ?? 0, end_ms);
          until.set(key, { camera_id, track, until_ms });
        }
        const ids = going.map((file) => file.id);
        await trx.updateTable('recording_file').set({ state: 'deleting' }).where('id', 'in', ids).execute();
        for (const expiry of until.values())
          await trx
            .insertInto('recording_expiry')
            .values(expiry)
            .onConflict((conflict) =>
              // What was held goes later than what came after it.
              conflict
                .columns(['camera_id', 'track'])
                .doUpdateSet({ until_ms: sql`max(until_ms, ${expiry.until_ms})` }),
            )
            .execute();
        return going;
      });
    },

    async forget(ids: readonly number[]): Promise<void> {
      if (ids.length > 0) await db.deleteFrom('recording_file').where('id', 'in', ids).execute();
    },
  };
}
