import type { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { DiskStatus } from '../contract/recording.ts';
import type { TrackName } from '../contract/video.ts';
import type { Database } from '../storage/tables.ts';
import { createArchiveWriter } from './archive-writer.ts';
import type { Extent } from './day-extents.ts';
import { createDiskUpkeep } from './disk-upkeep.ts';
import type { DiskSettings } from './disks/disk-contract.ts';
import { type FootageFs, systemFs } from './disks/footage-fs.ts';
import { createExtents } from './extents.ts';
import { createFileIndex } from './file-index.ts';
import type { HeldFootage } from './held.ts';
import { createHoldClock } from './hold-clock.ts';
import { createIndexQueue } from './index-queue.ts';
import { createSegmentReader } from './segment-reader.ts';
import { buildTimeline } from './timeline.ts';
import type { Recording, SegmentRef } from './types.ts';

/** A picture asked for by time is looked for in the files around it before the one last begun decides. */
const SEARCH_BACK_MS = 120_000;
/** A disk that needs longer for one call has hung. */
const HANG_LIMIT_MS = 10_000;

export interface RecordingOptions {
  db: Kysely<Database>;
  /** Where the files go, in the order of the settings. */
  disks: readonly Omit<DiskSettings, 'place'>[];
  clock: Clock;
  log: Logger;
  bus: EventBus<HubEvents>;
  /** Days that footage is kept, for cameras that name none of their own. */
  defaultDays: number;
  /** Days that footage of cameras is kept which name their own. */
  ownDays(): Promise<ReadonlyMap<string, number>>;
  /** The camera under a number, so that footage whose rows are lost finds home. */
  cameraIdOf(num: number): string | undefined;
  /** What must not be deleted; nothing by default. */
  held?: HeldFootage;
  /** The machine's own by default. */
  fs?: FootageFs;
  hangLimitMs?: number;
}

/** Adds footage that is not indexed yet. */
type Tail = NonNullable<Parameters<Recording['timeline']>[4]>;

function withTail(extents: readonly Extent[], tail: Tail, from: number, to: number): readonly Extent[] {
  if (tail.to <= from || tail.from >= to) return extents;
  return [...extents, { start_ms: tail.from, end_ms: tail.to, break_before: tail.breakBefore }];
}

const keyOf = (cameraId: string, track: TrackName) => `${cameraId} ${track}`;

/** The store of all footage: files of fragmented MP4 on one or several disks, and the index that follows them. */
export function createRecording(options: RecordingOptions): Recording {
  const { db, clock, log, bus } = options;
  const index = createFileIndex(db);
  const extents = createExtents({ db, clock, log });
  const held = options.held ?? (async () => []);
  const queue = createIndexQueue(index, bus, log, (disk, added) => disks.byNum(disk)?.wrote(added));
  const upkeep = createDiskUpkeep({
    ...options,
    index,
    queue,
    disks: options.disks.map((disk, at) => ({ ...disk, place: at + 1 })),
    held,
    days: createHoldClock(clock),
    fs: options.fs ?? systemFs,
    hangLimitMs: options.hangLimitMs ?? HANG_LIMIT_MS,
  });
  const { disks } = upkeep;
  /** Tracks whose footage is being lost just now. */
  const troubles = new Map<string, { since: number; problem: string }>();
  /** Tracks of which nothing is indexed yet since their trouble: what comes now stands behind a hole. */
  const behindHole = new Set<string>();
  const leave = bus.on('recording.written', ({ cameraId, track }) => {
    const key = keyOf(cameraId, track);
    if (!troubles.has(key)) behindHole.delete(key);
  });

  /** Numbers of disks that were met once and cannot be read now: taken out of use, or of the settings. */
  async function outOfReach(): Promise<number[]> {
    const met = await db.selectFrom('recording_disk').select('num').execute();
    return met.flatMap(({ num }) => (disks.byNum(num)?.readable() ? [] : [num]));
  }

  return {
    async start() {
      const findings = await upkeep.start();
      extents.start();
      return findings;
    },
    writer: (camera, track) =>
      createArchiveWriter(camera, track, {
        ...{ disks, index, queue, clock, log },
        onTrouble(problem) {
          const key = keyOf(camera.id, track);
          if (problem !== null) behindHole.add(key);
          if (problem === null) troubles.delete(key);
          else troubles.set(key, { since: troubles.get(key)?.since ?? clock.now(), problem });
        },
      }),
    failing: (cameraId, track) => troubles.has(keyOf(cameraId, track)) || queue.problem() !== null,
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
    ...createSegmentReader(disks, log),
    async spans(cameraId, track, from, to) {
      const files = await index.files(cameraId, track, from, to);
      return files
        .filter((file) => disks.byNum(file.disk)?.readable())
        .map((file) => ({
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
    async timeline(cameraId, track, from, to, given) {
      // The stream knows why it broke off; that nothing of it could be stored meanwhile is known here.
      const tail: Tail | undefined =
        given && behindHole.has(keyOf(cameraId, track)) ? { ...given, breakBefore: 'disk' } : given;
      const without = await outOfReach();
      const [known, bounds, expiredUntil] = await Promise.all([
        extents.of(cameraId, track, from, to, without),
        extents.bounds(cameraId, track),
        index.expiredUntil(cameraId, track),
      ]);
      // Only then is there footage that is older than what retention deleted.
      const islands = bounds !== undefined && bounds.oldest < (expiredUntil ?? 0);
      const kept = islands ? await held(db) : [];
      return buildTimeline({
        cameraId,
        from,
        to,
        now: clock.now(),
        extents: tail ? withTail(known, tail, from, to) : known,
        bounds: bounds && tail ? { ...bounds, newest: Math.max(bounds.newest, tail.to) } : bounds,
        expiredUntil,
        held: kept.filter((stretch) => stretch.cameraId === cameraId),
        reasonNow: troubles.has(keyOf(cameraId, track)) ? 'disk' : 'stream-lost',
        reasonLost: without.length > 0 ? 'disk' : 'unknown',
      });
    },
    async state() {
      const statuses = disks.statuses();
      const since = [...troubles.values()].map((trouble) => trouble.since);
      const free = statuses.flatMap((disk) =>
        inUse(disk) && disk.freeBytes !== null ? [disk.freeBytes] : [],
      );
      return {
        bytes: statuses.reduce((sum, disk) => sum + disk.bytes, 0),
        failingSince: since.length > 0 ? Math.min(...since) : null,
        problem: problemOf(statuses) ?? [...troubles.values()][0]?.problem ?? queue.problem(),
        freeBytes: free.length > 0 ? free.reduce((sum, bytes) => sum + bytes, 0) : null,
        disks: statuses,
      };
    },
    flush: () => queue.flush(),
    retain: () => upkeep.retain(),
    lookAfterDisks: () => upkeep.look(),
    acceptDisk(place) {
      const disk = disks.all()[place - 1];
      disk?.acceptOther();
      return disk !== undefined;
    },
    async stop() {
      leave();
      await extents.stop();
      await upkeep.stop();
      await queue.stop();
    },
  };
}

const inUse = (disk: DiskStatus): boolean => disk.state === 'in-use' || disk.state === 'filling';

const problemOf = (disks: readonly DiskStatus[]): string | null =>
  disks.find((disk) => disk.problem !== null)?.problem ?? null;
