import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { messageOf, notFound } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { TrackName } from '../contract/video.ts';
import type { Database } from '../storage/tables.ts';
import { createArchiveWriter } from './archive-writer.ts';
import { createFileIndex } from './file-index.ts';
import { createIndexQueue } from './index-queue.ts';
import { repair } from './repair.ts';
import { freeBytes, keepLimits, type RetentionLimits } from './retention.ts';
import { buildTimeline } from './timeline.ts';
import type { Recording, SegmentRef } from './types.ts';

const RETENTION_EVERY_MS = 60_000;
/** A picture asked for by time is looked for in the files around it before the one last begun decides. */
const SEARCH_BACK_MS = 120_000;

export interface RecordingOptions {
  db: Kysely<Database>;
  /** Where the files go; made when it is not there. */
  folder: string;
  clock: Clock;
  log: Logger;
  bus: EventBus<HubEvents>;
  limits: RetentionLimits;
  /** Days a camera's footage is kept; null for the default. Undefined cameras keep the default. */
  daysOf(cameraId: string): Promise<number | null>;
  /** The camera under a number, so that footage whose rows are lost finds home. */
  cameraIdOf(num: number): string | undefined;
}

interface Extent {
  start_ms: number;
  end_ms: number;
  break_before: string | null;
}

/** Adds footage that is not indexed yet. */
type Tail = NonNullable<Parameters<Recording['timeline']>[4]>;

function withTail(extents: readonly Extent[], tail: Tail, from: number, to: number): readonly Extent[] {
  if (tail.to <= from || tail.from >= to) return extents;
  return [...extents, { start_ms: tail.from, end_ms: tail.to, break_before: tail.breakBefore }];
}

/** The store of all footage: files of fragmented MP4, and the index that follows them. */
export function createRecording(options: RecordingOptions): Recording {
  const { db, folder, clock, log, bus } = options;
  const index = createFileIndex(db);
  let totalBytes = 0;
  const queue = createIndexQueue(index, bus, log, (added) => {
    totalBytes += added;
  });
  const failures = new Map<string, { since: number; problem: string }>();
  const retention = {
    ...{ folder, index, clock, log, limits: options.limits, daysOf: options.daysOf },
    totalBytes: () => totalBytes,
    onDeleted(bytes: number) {
      totalBytes -= bytes;
    },
  };
  let timer: NodeJS.Timeout | undefined;
  let retaining: Promise<void> = Promise.resolve();

  const keyOf = (cameraId: string, track: TrackName) => `${cameraId} ${track}`;

  function onDisk(cameraId: string, track: TrackName, problem: string | null): void {
    const key = keyOf(cameraId, track);
    if (problem === null) failures.delete(key);
    else failures.set(key, { since: failures.get(key)?.since ?? clock.now(), problem });
  }

  /** Ends well in any case: what could not be deleted now is tried again a minute later. */
  async function retainOnce(): Promise<void> {
    await retaining;
    try {
      await keepLimits(retention);
    } catch (error) {
      log.error({ err: messageOf(error) }, 'old footage could not be deleted');
    }
  }

  const readSegment = async (segment: SegmentRef): Promise<Buffer> => {
    const handle = await open(join(folder, segment.path), 'r').catch((error: NodeJS.ErrnoException) => {
      // Retention was faster than the player.
      throw error.code === 'ENOENT' ? notFound('segment', String(segment.msn)) : error;
    });
    try {
      const bytes = Buffer.allocUnsafe(segment.bytes);
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, segment.offset + done);
        if (bytesRead === 0) throw notFound('segment', String(segment.msn));
        done += bytesRead;
      }
      return bytes;
    } finally {
      await handle.close();
    }
  };

  return {
    async start() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const findings = await repair({ folder, index, cameraIdOf: options.cameraIdOf });
      totalBytes = await index.totalBytes();
      for (const finding of findings) log.warn({ finding }, 'recording repaired at start');
      timer = setInterval(() => {
        retaining = retainOnce();
      }, RETENTION_EVERY_MS);
      timer.unref();
      return findings;
    },
    writer: (camera, track) =>
      createArchiveWriter(camera, track, { folder, index, queue, clock, log, onDisk }),
    failing: (cameraId, track) => failures.has(keyOf(cameraId, track)) || queue.problem() !== null,
    async lastMsn(cameraId, track) {
      await queue.flush();
      const last = await index.lastFile(cameraId, track);
      return last?.segments.at(-1)?.msn ?? 0;
    },
    async segment(cameraId, track, msn) {
      const file = await index.fileOfMsn(cameraId, track, msn);
      return file?.segments.find((segment) => segment.msn === msn);
    },
    async segmentAt(cameraId, track, at) {
      const near = await index.files(cameraId, track, at - SEARCH_BACK_MS, at + 1);
      const last = await index.lastBefore(cameraId, track, at);
      let best: SegmentRef | undefined;
      for (const segment of [...(last ? [last] : []), ...near].flatMap((file) => file.segments))
        if (segment.independent && segment.startMs <= at && (!best || segment.startMs >= best.startMs))
          best = segment;
      return best;
    },
    read: readSegment,
    async spans(cameraId, track, from, to) {
      const files = await index.files(cameraId, track, from, to);
      return files.map((file) => ({
        ...file,
        segments: file.segments.filter(
          (segment) => segment.startMs < to && segment.startMs + segment.durationUs / 1000 > from,
        ),
      }));
    },
    init: (cameraId, track, hash) => index.init(cameraId, track, hash),
    async lastInit(cameraId, track) {
      const last = await index.lastFile(cameraId, track);
      return last && (await index.init(cameraId, track, last.initHash))?.init;
    },
    async timeline(cameraId, track, from, to, tail) {
      const [extents, bounds, expiredUntil] = await Promise.all([
        index.extents(cameraId, track, from, to),
        index.bounds(cameraId, track),
        index.expiredUntil(cameraId, track),
      ]);
      const reasonNow = failures.has(keyOf(cameraId, track)) ? 'disk' : 'stream-lost';
      return buildTimeline({
        cameraId,
        from,
        to,
        now: clock.now(),
        extents: tail ? withTail(extents, tail, from, to) : extents,
        bounds: bounds && tail ? { ...bounds, newest: Math.max(bounds.newest, tail.to) } : bounds,
        expiredUntil,
        reasonNow,
      });
    },
    async state() {
      const since = [...failures.values()].map((failure) => failure.since);
      return {
        bytes: totalBytes,
        failingSince: since.length > 0 ? Math.min(...since) : null,
        problem: [...failures.values()][0]?.problem ?? queue.problem(),
        freeBytes: await freeBytes(folder),
      };
    },
    flush: () => queue.flush(),
    retain() {
      retaining = retainOnce();
      return retaining;
    },
    async stop() {
      if (timer) clearInterval(timer);
      await retaining;
      await queue.stop();
    },
  };
}
