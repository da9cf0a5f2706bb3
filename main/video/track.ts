import type { BytePool } from '../base/byte-pool.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logging.ts';
import type { StreamProblemCode, TrackName } from '../contract/video.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import type { ArchiveWriter, BreakReason, Recording } from '../recording/types.ts';
import type { CutFragment } from './cutter.ts';
import { createLiveTail, LIVE_LIST_MS, MEMORY_LIST_MS } from './live-tail.ts';
import type { FootageSink } from './stream-run.ts';
import type { Feed, FeedFragment, FeedInit, FeedSink } from './types.ts';

/** Discontinuity sequence numbers begin with the minutes since then. */
const COUNTED_FROM_MS = Date.UTC(2026, 0, 1);

export interface TrackOptions {
  camera: { id: string; num: number };
  name: TrackName;
  recording: Recording;
  clock: Clock;
  log: Logger;
  /** Where the memory of parts comes from and goes back to. */
  pool: BytePool;
}

/**
 * Where one track's footage goes: the live tail, the archive's writer, and those who take frames as they come.
 * Its sequence numbers outlive every session.
 */
export function createTrack({ camera, name, recording, clock, log, pool }: TrackOptions) {
  let recorded = false;
  /** Parts that both the tail and the archive's writer have; whoever lets go last gives the memory back. */
  const shared = new Set<Buffer>();
  const letGo = (bytes: Buffer): void => {
    if (!shared.delete(bytes)) pool.give(bytes);
  };
  const tail = createLiveTail({
    listMs: () =>
      // What the disk does not take stays in memory: then less of it.
      recorded && !recording.failing(camera.id, name) ? LIVE_LIST_MS : MEMORY_LIST_MS,
    release: letGo,
    onAsked: () => onWatched(),
    monotonic: clock.monotonic,
  });
  const feeds = new Set<FeedSink>();
  let writer: ArchiveWriter | undefined;
  let lastMsn: number | undefined;
  let discontinuity = 0;
  let partTargetS: number | undefined;
  let brokenBy: BreakReason = 'hub-stopped';
  let giving = false;
  /** Fragments of the part that is not whole yet. */
  let open: CutFragment[] = [];
  let onWatched: () => void = () => undefined;

  let ended: Promise<void> = Promise.resolve();
  function endWriter(): void {
    const ending = writer;
    writer = undefined;
    ended = ended.then(() => ending?.close());
  }

  /** Who fails in taking frames is left out: neither the recording nor another viewer pays for it. */
  function tell(say: (feed: FeedSink) => void): void {
    for (const feed of feeds)
      try {
        say(feed);
      } catch (error) {
        feeds.delete(feed);
        log.error({ cameraId: camera.id, track: name, err: error }, 'a feed failed and was closed');
      }
  }

  const sink: FootageSink = {
    begin(init, reason, targetS, number) {
      partTargetS = targetS;
      brokenBy = reason;
      giving = true;
      open = [];
      discontinuity = number ?? discontinuity + 1;
      tail.begin(init, targetS, discontinuity);
      writer?.begin(init, reason);
      tell((feed) => feed.onInit(feedInit(init)));
    },
    fragment(fragment) {
      open.push(fragment);
      if (feeds.size === 0) return;
      const told = feedFragment(fragment);
      tell((feed) => feed.onFragment(told));
    },
    part(part) {
      open = [];
      const { bytes } = part;
      if (writer) shared.add(bytes);
      tail.part(part, clock.now());
      const release = (again: boolean) => {
        if (!again) pool.forget(bytes);
        letGo(bytes);
      };
      writer?.part({ ...part, first: part.index === 0, release });
    },
    segmentEnded(msn) {
      tail.segmentEnded(msn);
      writer?.endSegment(msn);
    },
  };

  function group(): Feed['gop'] {
    const init = tail.format();
    if (!giving || !init) return null;
    const held = open[0]?.keyframe ? [] : tail.currentGroup();
    if (held.length === 0 && open[0]?.keyframe !== true) return null;
    const fragments = held.map(({ segment, part }) => ({
      ...{ msn: segment.msn, part: part.index, utcMs: part.startMs },
      ...{ durationUs: part.durationUs, keyframe: part.independent, bytes: Buffer.from(part.bytes) },
    }));
    return { init: feedInit(init), fragments: [...fragments, ...open.map(feedFragment)] };
  }

  return {
    name,
    tail,
    sink,
    /** Must be called before the first footage: numbers never come back, neither below what is stored nor below what memory had. */
    async prepare(): Promise<void> {
      if (lastMsn === undefined) {
        lastMsn = Math.max(await recording.lastMsn(camera.id, name), Math.floor(clock.now() / 1000));
        // Streams break off less often than once a minute, so that this one does not go back at a restart either.
        // hls.js 1.7 makes an array as long as this number: counted in seconds since 1970 it hangs the browser.
        discontinuity = Math.max(0, Math.floor((clock.now() - COUNTED_FROM_MS) / 60_000));
      }
    },
    /** Kept on disk as well as in memory from here on, or no longer. */
    record(on: boolean): void {
      if (on === recorded) return;
      recorded = on;
      if (!on) {
        endWriter();
        return;
      }
      writer = recording.writer(camera, name);
      // In the middle of a run: the archive begins with the next segment.
      const init = tail.format();
      if (giving && init) writer.begin(init, brokenBy);
    },
    nextMsn(): number {
      lastMsn = (lastMsn ?? Math.floor(clock.now() / 1000)) + 1;
      return lastMsn;
    },
    take: pool.take,
    discontinuity: () => discontinuity,
    /** PART-TARGET declared so far. */
    partTarget: () => partTargetS,
    /** Why what is coming now does not continue what came before. */
    breakBefore: (): BreakReason => brokenBy,
    failing: (): boolean => recorded && recording.failing(camera.id, name),
    /** The session's stream broke off. */
    brokeOff(problem: StreamProblemCode | null): void {
      if (!giving) return;
      giving = false;
      open = [];
      tell((feed) => feed.onEnd(problem));
    },
    /** Somebody takes what comes: it should not wait. */
    watched: (): boolean => feeds.size > 0 || tail.asked(),
    /** `listener` is told when somebody begins to; it replaces the one before. */
    onWatched(listener: () => void): void {
      onWatched = listener;
    },
    feed(taker: FeedSink): Feed {
      // First what has come already, which the group then holds.
      onWatched();
      feeds.add(taker);
      return { gop: group(), close: () => void feeds.delete(taker) };
    },
    /** Resolves when all that was handed over is stored. */
    async close(): Promise<void> {
      if (recorded) await writer?.close();
      else tail.clear();
      await ended;
    },
  };
}

export type Track = ReturnType<typeof createTrack>;

const feedInit = ({ hash, codec, width, height, bytes }: InitSegment): FeedInit => ({
  ...{ hash, codec, width, height, bytes },
});

/** With bytes of its own: what takes them may hold them for as long as a slow console needs. */
const feedFragment = (fragment: CutFragment): FeedFragment => ({
  ...fragment,
  bytes: Buffer.from(fragment.bytes),
});
