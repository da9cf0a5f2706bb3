import type { Kysely } from 'kysely';
import type { TrackName } from '../contract/video.ts';
import type { Database } from '../storage/tables.ts';
import { type InitSegment, readInitSegment } from './init-segment.ts';
import { packEntries, type SegmentEntry, unpackEntries } from './segment-entries.ts';
import type { BreakReason, FileSpan, SegmentRef } from './types.ts';

export interface FileRow {
  cameraId: string;
  track: TrackName;
  path: string;
  firstMsn: number;
  startMs: number;
  initHash: string;
  state: 'open' | 'closed';
  breakBefore: BreakReason | null;
  entries: readonly SegmentEntry[];
}

/** A file never lasts this long: how far before a range a file that reaches into it may have begun. */
const LONGEST_FILE_MS = 10 * 60_000;

const endOf = (row: FileRow): number =>
  Math.ceil(
    row.entries.reduce(
      (end, entry) => Math.max(end, row.startMs + (entry.startUs + entry.durationUs) / 1000),
      row.startMs,
    ),
  );
/** Length of the file as far as it is indexed. */
export const bytesOf = (row: FileRow): number => {
  const last = row.entries.at(-1);
  return last ? last.offset + last.bytes : 0;
};

/** The recordings' tables: every statement that reads or writes them. */
export type FileIndex = ReturnType<typeof createFileIndex>;

export function createFileIndex(db: Kysely<Database>) {
  const columns = [
    'path',
    'first_msn',
    'start_ms',
    'end_ms',
    'init_hash',
    'break_before',
    'segments',
  ] as const;

  return {
    /** Stores rows as they are now, all in one transaction. */
    async save(rows: readonly FileRow[]): Promise<void> {
      await db.transaction().execute(async (trx) => {
        for (const row of rows) {
          const changing = {
            segment_count: row.entries.length,
            end_ms: endOf(row),
            bytes: bytesOf(row),
            state: row.state,
            segments: packEntries(row.entries),
          };
          await trx
            .insertInto('recording_file')
            .values({
              camera_id: row.cameraId,
              track: row.track,
              path: row.path,
              first_msn: row.firstMsn,
              start_ms: Math.floor(row.startMs),
              init_hash: row.initHash,
              break_before: row.breakBefore,
              ...changing,
            })
            .onConflict((conflict) => conflict.column('path').doUpdateSet(changing))
            .execute();
        }
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

    async init(
      cameraId: string,
      track: TrackName,
      hash: string,
    ): Promise<{ init: InitSegment; newest: number } | undefined> {
      const row = await db
        .selectFrom('recording_init')
        .select('bytes')
        .where('camera_id', '=', cameraId)
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (!row) return undefined;
      const init = readInitSegment(row.bytes);
      // Its name says by which right it goes out: sound must not be had under a picture's name.
      if ((init.coding === 'aac') !== (track === 'sound')) return undefined;
      const newest = await db
        .selectFrom('recording_file')
        .select('end_ms')
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .where('init_hash', '=', hash)
        .where('state', '!=', 'deleting')
        .orderBy('start_ms', 'desc')
        .limit(1)
        .executeTakeFirst();
      return { init, newest: newest?.end_ms ?? 0 };
    },

    async lastFile(cameraId: string, track: TrackName): Promise<FileSpan | undefined> {
      const row = await db
        .selectFrom('recording_file')
        .select(columns)
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .where('state', '!=', 'deleting')
        .orderBy('first_msn', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && spanOf(row);
    },

    /** The file whose first segment is the last at or before `msn`. */
    async fileOfMsn(cameraId: string, track: TrackName, msn: number): Promise<FileSpan | undefined> {
      const row = await db
        .selectFrom('recording_file')
        .select(columns)
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .where('first_msn', '<=', msn)
        .where('state', '!=', 'deleting')
        .orderBy('first_msn', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && spanOf(row);
    },

    /** Files that may reach into `[from, to)`, in the order in which they were recorded. */
    async files(cameraId: string, track: TrackName, from: number, to: number): Promise<FileSpan[]> {
      const rows = await db
        .selectFrom('recording_file')
        .select(columns)
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .where('start_ms', '>=', from - LONGEST_FILE_MS)
        .where('start_ms', '<', to)
        .where('end_ms', '>', from)
        .where('state', '!=', 'deleting')
        .orderBy('first_msn')
        .execute();
      return rows.map(spanOf);
    },

    /** The newest file that begins with footage at or before `at`. */
    async lastBefore(cameraId: string, track: TrackName, at: number): Promise<FileSpan | undefined> {
      const row = await db
        .selectFrom('recording_file')
        .select(columns)
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .where('start_ms', '<=', at)
        .where('state', '!=', 'deleting')
        .orderBy('start_ms', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && spanOf(row);
    },

    /** Only from when to when: a timeline of days without reading a single segment. */
    async extents(cameraId: string, track: TrackName, from: number, to: number) {
      return db
        .selectFrom('recording_file')
        .select(['start_ms', 'end_ms', 'break_before'])
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .where('start_ms', '<', to)
        .where('end_ms', '>', from)
        .where('state', '!=', 'deleting')
        .orderBy('start_ms')
        .execute();
    },

    async bounds(
      cameraId: string,
      track: TrackName,
    ): Promise<{ oldest: number; newest: number } | undefined> {
      const row = await db
        .selectFrom('recording_file')
        .select(({ fn }) => [fn.min('start_ms').as('oldest'), fn.max('end_ms').as('newest')])
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .where('state', '!=', 'deleting')
        .executeTakeFirst();
      return row && row.oldest !== null && row.newest !== null
        ? { oldest: Number(row.oldest), newest: Number(row.newest) }
        : undefined;
    },

    async expiredUntil(cameraId: string, track: TrackName): Promise<number | undefined> {
      const row = await db
        .selectFrom('recording_expiry')
        .select('until_ms')
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .executeTakeFirst();
      return row?.until_ms;
    },

    async totalBytes(): Promise<number> {
      const row = await db
        .selectFrom('recording_file')
        .select(({ fn }) => fn.sum<number>('bytes').as('bytes'))
        .where('state', '!=', 'deleting')
        .executeTakeFirst();
      return Number(row?.bytes ?? 0);
    },

    async cameraIds(): Promise<string[]> {
      const rows = await db.selectFrom('recording_file').select('camera_id').distinct().execute();
      return rows.map((row) => row.camera_id);
    },

    /** Files not being written that ended before `before`, oldest first; of one camera, or of all. */
    async oldest(limit: number, before: number, cameraId?: string) {
      let query = db
        .selectFrom('recording_file')
        .select(['id', 'camera_id', 'track', 'path', 'bytes', 'end_ms'])
        .where('state', '=', 'closed')
        .where('end_ms', '<', before)
        .orderBy('end_ms')
        .limit(limit);
      if (cameraId !== undefined) query = query.where('camera_id', '=', cameraId);
      return query.execute();
    },

    /** First step of a deletion: from now on nobody finds these files; their bytes may go. */
    async markDeleting(
      files: readonly { id: number; camera_id: string; track: TrackName; end_ms: number }[],
    ): Promise<void> {
      await db.transaction().execute(async (trx) => {
        const until = new Map<string, { camera_id: string; track: TrackName; until_ms: number }>();
        for (const { camera_id, track, end_ms } of files) {
          const key = `${camera_id} ${track}`;
          const until_ms = Math.max(until.get(key)?.until_ms ?? 0, end_ms);
          until.set(key, { camera_id, track, until_ms });
        }
        await trx
          .updateTable('recording_file')
          .set({ state: 'deleting' })
          .where(
            'id',
            'in',
            files.map((file) => file.id),
          )
          .execute();
        for (const expiry of until.values())
          await trx
            .insertInto('recording_expiry')
            .values(expiry)
            .onConflict((conflict) =>
              conflict.columns(['camera_id', 'track']).doUpdateSet({ until_ms: expiry.until_ms }),
            )
            .execute();
      });
    },

    async forget(ids: readonly number[]): Promise<void> {
      if (ids.length > 0) await db.deleteFrom('recording_file').where('id', 'in', ids).execute();
    },

    /** Everything a start-up repair compares with the folder. */
    async allFiles() {
      return db
        .selectFrom('recording_file')
        .select([
          ...(['id', 'camera_id', 'track', 'path', 'state'] as const),
          ...(['first_msn', 'start_ms', 'init_hash', 'break_before'] as const),
        ])
        .execute();
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

  function spanOf(row: {
    path: string;
    first_msn: number;
    start_ms: number;
    end_ms: number;
    init_hash: string;
    break_before: string | null;
    segments: Buffer;
  }): FileSpan {
    const segments: SegmentRef[] = unpackEntries(row.segments).map((entry, index) => ({
      msn: row.first_msn + index,
      startMs: row.start_ms + entry.startUs / 1000,
      durationUs: entry.durationUs,
      independent: entry.independent,
      path: row.path,
      offset: entry.offset,
      bytes: entry.bytes,
      initHash: row.init_hash,
    }));
    return {
      startMs: row.start_ms,
      endMs: row.end_ms,
      breakBefore: breakReason(row.break_before),
      initHash: row.init_hash,
      segments,
    };
  }
}

const REASONS: readonly BreakReason[] = ['stream-lost', 'hub-stopped', 'disk', 'format', 'clock'];

/** What a row says of the break before it; an unknown word (of a newer version) counts as a lost stream. */
export function breakReason(text: string | null): BreakReason | null {
  if (text === null) return null;
  return REASONS.find((reason) => reason === text) ?? 'stream-lost';
}
