import { type Kysely, sql } from 'kysely';
import { packEntries } from '../../main/recording/segment-entries.ts';
import type { Database } from '../../main/storage/tables.ts';

const MINUTE_MS = 60_000;
const SEGMENTS = 30;
const SEGMENT_MS = 2_000;

export interface LongIndexOptions {
  cameras: readonly { id: string; num: number }[];
  /** UTC ms at which the newest file ends; a whole minute. */
  until: number;
  days?: number;
  /**
   * Number of the disk that the rows name. One that no setting names keeps them out of every repair, so that the
   * index is as long as wanted without its files.
   */
  disk: number;
  initHash?: string;
  /** Of one segment. */
  segmentBytes?: number;
}

/** First sequence number of the file that begins at a time, and back: unix seconds, as the hub numbers them. */
export const msnAt = (startMs: number): number => Math.floor(startMs / 1000);

/**
 * An index as cameras leave it that were recorded without a break: a file a minute, thirty segments of two seconds
 * each. Some 100,000 rows a second. @returns rows written
 */
export async function writeLongIndex(db: Kysely<Database>, options: LongIndexOptions): Promise<number> {
  const { cameras, until, days = 5, disk, initHash = '0000000000000000', segmentBytes = 250_000 } = options;
  const files = days * 24 * 60;
  const first = until - files * MINUTE_MS;
  const headerBytes = 1_000;
  const segments = packEntries(
    Array.from({ length: SEGMENTS }, (_, i) => ({
      startUs: i * SEGMENT_MS * 1000,
      durationUs: SEGMENT_MS * 1000,
      offset: headerBytes + i * segmentBytes,
      bytes: segmentBytes,
      independent: true,
    })),
  );
  for (const { id, num } of cameras)
    await sql`
      with recursive file(n, at) as (
        select 0, cast(${first} as integer)
        union all select n + 1, at + cast(${MINUTE_MS} as integer) from file where n + 1 < ${files}
      )
      insert into recording_file (camera_id, track, disk, path, first_msn, segment_count, start_ms, end_ms,
        bytes, init_hash, state, break_before, segments)
      select ${id}, 'main', ${disk},
        ${String(num)} || '/' || strftime('%Y-%m-%d/%H%M%S-', at / 1000, 'unixepoch') || (at / 1000) || '.mp4',
        at / 1000, ${SEGMENTS}, at, at + cast(${MINUTE_MS} as integer), ${headerBytes + SEGMENTS * segmentBytes}, ${initHash},
        'closed', case when n = 0 then 'hub-stopped' end, ${segments}
      from file where true`.execute(db);
  return cameras.length * files;
}
