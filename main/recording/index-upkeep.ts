import { type Kysely, sql } from 'kysely';
import { TrackName, TrackNames } from '../contract/video.ts';
import type { Database } from '../storage/tables.ts';
import type { HeldStretch } from './held.ts';
import { LONGEST_FILE_MS } from './index-read.ts';
import type { OldFile } from './index-write.ts';
import { type SegmentEntry, unpackEntries } from './segment-entries.ts';

/** A place in the order of age: files after it are younger. */
export interface AgeCursor {
  endMs: number;
  id: number;
}

const AGED = ['id', 'camera_id', 'track', 'path', 'bytes', 'start_ms', 'end_ms'] as const;

/** What retention and repair ask of the index. Sums and ages come from an index of their own, never from the rows. */
export function createIndexUpkeep(db: Kysely<Database>) {
  return {
    /** Bytes of footage on a disk, of all or of what ended after `since`. */
    async bytesOn(disk: number, since = 0): Promise<number> {
      const row = await db
        .selectFrom('recording_file')
        .select(({ fn }) => fn.sum<number>('bytes').as('bytes'))
        .where('disk', '=', disk)
        .where('end_ms', '>=', since)
        .where('state', '!=', 'deleting')
        .executeTakeFirst();
      return Number(row?.bytes ?? 0);
    },

    /** Cameras that have footage; found by leaps through the index, not by reading all of it. */
    async cameraIds(): Promise<string[]> {
      const found = await sql<{ id: string }>`
        with recursive camera(id) as (
          select min(camera_id) from recording_file
          union all
          select (select min(camera_id) from recording_file where camera_id > camera.id) from camera
          where camera.id is not null
        )
        select id from camera where id is not null`.execute(db);
      return found.rows.map(({ id }) => id);
    },

    /** Files of a disk not being written that ended before `before`, oldest first. */
    async oldest(disk: number, limit: number, before: number, after: AgeCursor): Promise<OldFile[]> {
      return db
        .selectFrom('recording_file')
        .select(AGED)
        .where('disk', '=', disk)
        .where('end_ms', '>=', after.endMs)
        .where('end_ms', '<', before)
        .where(({ eb, or }) => or([eb('end_ms', '>', after.endMs), eb('id', '>', after.id)]))
        .where('state', '=', 'closed')
        .orderBy('end_ms')
        .orderBy('id')
        .limit(limit)
        .execute();
    },

    /** Tracks that have files on a disk, not being written, that ended before their camera's time. */
    async overdue(
      disk: number,
      cameras: readonly { cameraId: string; before: number }[],
    ): Promise<{ cameraId: string; track: TrackName; before: number }[]> {
      const found = await sql<{ cameraId: string; track: TrackName; before: number }>`
        select camera.value ->> 'cameraId' as cameraId, track.value as track, camera.value ->> 'before' as before
        from json_each(${JSON.stringify(cameras)}) as camera, json_each(${JSON.stringify(TrackNames)}) as track
        where exists (
          select 1 from recording_file as file
          where file.camera_id = camera.value ->> 'cameraId' and file.track = track.value
            and file.start_ms < camera.value ->> 'before' and file.end_ms < camera.value ->> 'before'
            and file.disk = ${disk} and file.state = 'closed'
        )`.execute(db);
      return found.rows;
    },

    /** Files of a track, on a disk, that ended before `before`, the first begun first. */
    async oldestOf(
      { cameraId, track, disk }: { cameraId: string; track: TrackName; disk: number },
      limit: number,
      before: number,
      after: { startMs: number; id: number },
    ): Promise<OldFile[]> {
      return db
        .selectFrom('recording_file')
        .select(AGED)
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .where('start_ms', '>=', after.startMs)
        .where('start_ms', '<', before)
        .where(({ eb, or }) => or([eb('start_ms', '>', after.startMs), eb('id', '>', after.id)]))
        .where('end_ms', '<', before)
        .where('disk', '=', disk)
        .where('state', '=', 'closed')
        .orderBy('start_ms')
        .orderBy('id')
        .limit(limit)
        .execute();
    },

    /** Bytes on a disk that belong to held stretches. */
    async bytesHeld(disk: number, stretches: readonly HeldStretch[]): Promise<number> {
      const files = new Map<number, number>();
      for (const { cameraId, fromMs, toMs } of stretches) {
        for (const track of TrackName.options) {
          const found = await db
            .selectFrom('recording_file')
            .select(['id', 'bytes'])
            .where('camera_id', '=', cameraId)
            .where('track', '=', track)
            .where('start_ms', '>=', fromMs - LONGEST_FILE_MS)
            .where('start_ms', '<', toMs)
            .where('end_ms', '>', fromMs)
            .where('disk', '=', disk)
            .execute();
          for (const { id, bytes } of found) files.set(id, bytes);
        }
      }
      return [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
    },

    /** Files of a disk that were being written or deleted when the index was last touched. */
    async unsettled(disk: number) {
      return db
        .selectFrom('recording_file')
        .select([
          ...(['id', 'camera_id', 'track', 'path', 'state'] as const),
          ...(['first_msn', 'start_ms', 'init_hash', 'break_before'] as const),
        ])
        .where('disk', '=', disk)
        .where('state', '<>', 'closed')
        .execute();
    },

    /** Paths of the files of one camera's folder (`17`), whatever disk they are on. */
    async pathsUnder(folder: string) {
      return db
        .selectFrom('recording_file')
        .select(['id', 'path', 'disk', 'state'])
        .where('path', '>', `${folder}/`)
        .where('path', '<', `${folder}0`)
        .execute();
    },

    /** Folders of cameras (`17`) that the index knows; found by leaps, as the cameras are. */
    async cameraFolders(): Promise<string[]> {
      const folders: string[] = [];
      for (;;) {
        const last = folders.at(-1);
        const next = await db
          .selectFrom('recording_file')
          .select(({ fn }) => fn.min<string | null>('path').as('path'))
          .where('path', '>', last === undefined ? '' : `${last}0`)
          .executeTakeFirst();
        if (!next?.path) return folders;
        folders.push(next.path.slice(0, Math.max(1, next.path.indexOf('/'))));
      }
    },

    /** Somebody carried the file to another disk. */
    async moveTo(id: number, disk: number): Promise<void> {
      await db.updateTable('recording_file').set({ disk }).where('id', '=', id).execute();
    },

    async entriesOf(id: number): Promise<SegmentEntry[]> {
      const row = await db
        .selectFrom('recording_file')
        .select('segments')
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? unpackEntries(row.segments) : [];
    },
  };
}
