import type { Kysely } from 'kysely';
import type { TrackName } from '../contract/video.ts';
import type { Database } from '../storage/tables.ts';
import { breakReason } from './file-row.ts';
import { type InitSegment, readInitSegment } from './init-segment.ts';
import { unpackEntries } from './segment-entries.ts';
import type { FileSpan, SegmentRef } from './types.ts';

/** A file never lasts this long: how far before a range a file that reaches into it may have begun. */
export const LONGEST_FILE_MS = 10 * 60_000;

/** What players and timelines ask of the index. */
export function createIndexRead(db: Kysely<Database>) {
  const columns = [
    ...(['disk', 'path', 'first_msn', 'start_ms', 'end_ms'] as const),
    ...(['init_hash', 'break_before', 'segments'] as const),
  ];

  return {
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

    async expiredUntil(cameraId: string, track: TrackName): Promise<number | undefined> {
      const row = await db
        .selectFrom('recording_expiry')
        .select('until_ms')
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .executeTakeFirst();
      return row?.until_ms;
    },
  };
}

interface Row {
  disk: number | null;
  path: string;
  first_msn: number;
  start_ms: number;
  end_ms: number;
  init_hash: string;
  break_before: string | null;
  segments: Buffer;
}

function spanOf(row: Row): FileSpan {
  const segments: SegmentRef[] = unpackEntries(row.segments).map((entry, index) => ({
    msn: row.first_msn + index,
    startMs: row.start_ms + entry.startUs / 1000,
    durationUs: entry.durationUs,
    independent: entry.independent,
    disk: row.disk,
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
    disk: row.disk,
    segments,
  };
}
