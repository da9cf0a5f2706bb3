import { type Kysely, sql } from 'kysely';
import type { Database } from '../storage/tables.ts';
import type { Stretch } from './hold-rules.ts';

/** A file never lasts this long: how far before a range a file that reaches into it may have begun. */
const LONGEST_FILE_MS = 10 * 60_000;
/** Of a camera that was never recorded: 4 Mbit/s, in bytes a millisecond. */
const USUAL_RATE = 500;
const RATE_FROM_FILES = 30;

export interface StretchBytes {
  /** Of whole files: those are what is kept. */
  bytes: number;
  /** How much of the stretch its main stream covers. */
  recordedMs: number;
  futureMs: number;
  futureBytes: number;
}

/** What stretches of footage occupy: from the index as far as they are recorded, by the camera's rate beyond. */
export function createHoldBytes(db: Kysely<Database>) {
  /** Bytes a millisecond of all tracks, by its last files. */
  async function rate(cameraId: string): Promise<number> {
    let total = 0;
    for (const track of ['main', 'second', 'sound'] as const) {
      const files = await db
        .selectFrom('recording_file')
        .select(['start_ms', 'end_ms', 'bytes'])
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .orderBy('start_ms', 'desc')
        .limit(RATE_FROM_FILES)
        .execute();
      const ms = files.reduce((sum, file) => sum + file.end_ms - file.start_ms, 0);
      if (ms > 0) total += files.reduce((sum, file) => sum + file.bytes, 0) / ms;
    }
    return total > 0 ? total : USUAL_RATE;
  }

  return {
    async of({ cameraId, from, to }: Stretch, now: number): Promise<StretchBytes> {
      const row = await db
        .selectFrom('recording_file')
        .select([
          sql<number>`coalesce(sum(bytes), 0)`.as('bytes'),
          sql<number>`coalesce(sum(case when track = 'main'
            then min(end_ms, ${to}) - max(start_ms, ${from}) else 0 end), 0)`.as('recorded'),
        ])
        .where('camera_id', '=', cameraId)
        .where('track', 'in', ['main', 'second', 'sound'])
        .where('start_ms', '>=', from - LONGEST_FILE_MS)
        .where('start_ms', '<', to)
        .where('end_ms', '>', from)
        .where('state', '!=', 'deleting')
        .executeTakeFirstOrThrow();
      const futureMs = Math.max(0, to - Math.max(from, now));
      return {
        bytes: Number(row.bytes),
        recordedMs: Math.min(to - from, Number(row.recorded)),
        futureMs,
        futureBytes: futureMs === 0 ? 0 : Math.round((await rate(cameraId)) * futureMs),
      };
    },
  };
}

export type HoldBytes = ReturnType<typeof createHoldBytes>;
