import { setImmediate as turn } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { TrackName } from '../contract/video.ts';
import type { Database } from '../storage/tables.ts';
import { DAY_MS, dayOf, type Extent, joined, packDay, unpackDay } from './day-extents.ts';
import { LONGEST_FILE_MS } from './index-read.ts';

const PACK_EVERY_MS = 3_600_000;

export interface ExtentsOptions {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
}

/**
 * From when to when a track is recorded, for ranges of any length: a past day is one packed row instead of some
 * 1,440 of its files. Packed rows are made in the background, and dropped by triggers when a file of the day changes.
 */
export interface Extents {
  /**
   * Those that reach into `[from, to)`, by their start, touching ones as one. Files on the disks
   * `without`, which cannot be read now, are left out.
   */
  of(
    cameraId: string,
    track: TrackName,
    from: number,
    to: number,
    without?: readonly number[],
  ): Promise<Extent[]>;
  /** Oldest and newest footage of a track. */
  bounds(cameraId: string, track: TrackName): Promise<{ oldest: number; newest: number } | undefined>;
  /** Packs every past day that is not; runs by itself each hour. */
  pack(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export function createExtents({ db, clock, log }: ExtentsOptions): Extents {
  let timer: NodeJS.Timeout | undefined;
  let packing: Promise<void> = Promise.resolve();
  let stopped = false;

  /** Files that begin in `[from, to)`. */
  const files = (
    on: Kysely<Database>,
    cameraId: string,
    track: TrackName,
    from: number,
    to: number,
    without: readonly number[] = [],
  ) => {
    const query = on
      .selectFrom('recording_file')
      .select(['start_ms', 'end_ms', 'break_before'])
      .where('camera_id', '=', cameraId)
      .where('track', '=', track)
      .where('start_ms', '>=', from)
      .where('start_ms', '<', to)
      .where('state', '!=', 'deleting')
      .orderBy('start_ms');
    if (without.length === 0) return query.execute();
    return query
      .where((either) => either.or([either('disk', 'is', null), either('disk', 'not in', without)]))
      .execute();
  };

  async function bounds(cameraId: string, track: TrackName) {
    const end = (direction: 'asc' | 'desc') =>
      db
        .selectFrom('recording_file')
        .select(['start_ms', 'end_ms'])
        .where('camera_id', '=', cameraId)
        .where('track', '=', track)
        .where('state', '!=', 'deleting')
        .orderBy('start_ms', direction)
        .limit(1)
        .executeTakeFirst();
    const [first, last] = [await end('asc'), await end('desc')];
    return first && last ? { oldest: first.start_ms, newest: last.end_ms } : undefined;
  }

  const packed = (cameraId: string, track: TrackName, from: number, to: number) =>
    db
      .selectFrom('recording_day')
      .select(['day', 'extents'])
      .where('camera_id', '=', cameraId)
      .where('track', '=', track)
      .where('day', '>=', from)
      .where('day', '<=', to)
      .execute();

  async function packDays(cameraId: string, track: TrackName): Promise<void> {
    const ends = await bounds(cameraId, track);
    if (!ends) return;
    const yesterday = dayOf(clock.now()) - 1;
    const done = await packed(cameraId, track, dayOf(ends.oldest), yesterday);
    const known = new Set(done.map(({ day }) => day));
    for (let day = dayOf(ends.oldest); day <= Math.min(yesterday, dayOf(ends.newest)); day++) {
      if (stopped) return;
      if (known.has(day)) continue;
      // Read and stored in one transaction: a change in between would drop a row that is not there yet.
      await db.transaction().execute(async (trx) => {
        const rows = await files(trx, cameraId, track, day * DAY_MS, (day + 1) * DAY_MS);
        await trx
          .insertInto('recording_day')
          .values({ camera_id: cameraId, track, day, extents: packDay(day, joined(rows)) })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      });
      await turn();
    }
  }

  async function packAll(): Promise<void> {
    let at: { camera_id: string; track: TrackName } | undefined = { camera_id: '', track: 'main' };
    while (!stopped) {
      // Steps through the index from track to track: a DISTINCT would read all of it.
      at = await db
        .selectFrom('recording_file')
        .select(['camera_id', 'track'])
        .where(sql<boolean>`(camera_id, track) > (${at.camera_id}, ${at.track})`)
        .orderBy('camera_id')
        .orderBy('track')
        .limit(1)
        .executeTakeFirst();
      if (!at) return;
      await packDays(at.camera_id, at.track);
    }
  }

  function pack(): Promise<void> {
    packing = packing.then(packAll).catch((error: unknown) => {
      log.error({ err: messageOf(error) }, 'past days of the timeline could not be packed');
    });
    return packing;
  }

  return {
    bounds,
    async of(cameraId, track, from, to, without = []) {
      const ends = await bounds(cameraId, track);
      if (!ends) return [];
      const first = Math.max(dayOf(from - LONGEST_FILE_MS), dayOf(ends.oldest));
      const last = Math.min(dayOf(to - 1), dayOf(ends.newest));
      const days = new Map<number, Extent[]>();
      // A packed day does not tell which disk its files are on.
      const rows = without.length > 0 ? [] : await packed(cameraId, track, first, last);
      for (const { day, extents } of rows) {
        const found = unpackDay(day, extents);
        if (found) days.set(day, found);
      }
      const found: Extent[] = [];
      for (let day = first; day <= last; day++) {
        const known = days.get(day);
        if (known) {
          for (const extent of known) if (extent.start_ms < to && extent.end_ms > from) found.push(extent);
          continue;
        }
        let after = day + 1;
        while (after <= last && !days.has(after)) after += 1;
        const start = Math.max(day * DAY_MS, from - LONGEST_FILE_MS);
        const some = await files(db, cameraId, track, start, Math.min(to, after * DAY_MS), without);
        for (const extent of some) if (extent.end_ms > from) found.push(extent);
        day = after - 1;
      }
      return joined(found);
    },
    pack,
    start() {
      stopped = false;
      void pack();
      timer = setInterval(() => void pack(), PACK_EVERY_MS);
      timer.unref();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await packing;
    },
  };
}
