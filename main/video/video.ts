import type { Clock } from '../base/clock.ts';
import { AppError, messageOf, notFound } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { StreamStatus, Timeline, TrackName } from '../contract/video.ts';
import type { CameraSetup } from '../devices/types.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import { boxesIn } from '../recording/mp4-boxes.ts';
import { TARGET_DURATION_S } from '../recording/segment-rule.ts';
import type { Recording } from '../recording/types.ts';
import { writeArchivePlaylist } from './archive-playlist.ts';
import { type Camera, createCamera } from './camera.ts';
import { isListed, wanted, writeLivePlaylist, writeMultivariant } from './live-playlist.ts';
import { createPictureCache, decodePicture } from './picture.ts';
import { createStartGate } from './start-gate.ts';
import { testStream } from './stream-test.ts';
import type { Feed, FeedSink, MediaBytes, VideoRoom } from './types.ts';

/** One archive playlist names no more than this: longer ranges are asked for in pieces. */
export const MAX_ARCHIVE_RANGE_MS = 24 * 3_600_000;
/** A waiting request gives up (RFC 8216bis section 6.2.5.2: three target durations). */
const BLOCK_MS = 3 * TARGET_DURATION_S * 1_000;
/** ffmpegs starting at the same time. */
const STARTS_AT_ONCE = 4;

export interface VideoOptions {
  recording: Recording;
  devices: {
    camera(id: string): Promise<CameraSetup | undefined>;
    camerasWithStream(): Promise<CameraSetup[]>;
  };
  clock: Clock;
  log: Logger;
  bus: EventBus<HubEvents>;
  /** Name or path of ffmpeg. */
  ffmpegPath: string;
  /** Demonstration only: cameras may be looped files (`file:` addresses). */
  allowFiles: boolean;
  lingerMs?: number;
}

export interface Video extends VideoRoom {
  start(): Promise<void>;
  /** Ends every ffmpeg and stores what came; resolves when none is left. */
  stop(): Promise<void>;
  statuses(): StreamStatus[];
  /** Process ids of running ffmpegs, by camera. */
  pids(): ReadonlyMap<string, number>;
}

/** All cameras that have a stream: sessions, playlists, bytes and pictures. */
export function createVideo(options: VideoOptions): Video {
  const { recording, devices, clock, log, bus, ffmpegPath } = options;
  const cameras = new Map<string, Camera>();
  const holds = new Map<string, Set<{ release(): void }>>();
  const gate = createStartGate(STARTS_AT_ONCE);
  const pictures = createPictureCache();
  const unsubscribe: (() => void)[] = [];
  let changing: Promise<void> = Promise.resolve();
  let stopped = false;

  const need = (cameraId: string): Camera => {
    const camera = cameras.get(cameraId);
    if (!camera) throw notFound('camera with a stream', cameraId);
    return camera;
  };

  function add(setup: CameraSetup): void {
    const camera = createCamera({
      setup,
      recording,
      ffmpegPath,
      allowFiles: options.allowFiles,
      clock,
      log,
      gate,
      ...(options.lingerMs === undefined ? {} : { lingerMs: options.lingerMs }),
      onChange: (status) => bus.emit('stream.changed', status),
    });
    cameras.set(setup.id, camera);
    for (const hold of holds.get(setup.id) ?? []) bind(hold, camera);
    reopenFeeds(setup.id, camera);
    camera.start();
  }

  interface OpenFeed {
    track: TrackName;
    sink: FeedSink;
    inner: Feed | undefined;
  }
  const feeds = new Map<string, Set<OpenFeed>>();

  /** The camera is here (again): whoever feeds a viewer of it goes on. */
  function reopenFeeds(cameraId: string, camera: Camera): void {
    for (const feed of feeds.get(cameraId) ?? []) feed.inner = camera.feed(feed.track, feed.sink);
  }

  const bound = new Map<{ release(): void }, { release(): void }>();
  function bind(hold: { release(): void }, camera: Camera): void {
    bound.set(hold, camera.hold());
  }

  async function remove(cameraId: string): Promise<void> {
    const camera = cameras.get(cameraId);
    if (!camera) return;
    cameras.delete(cameraId);
    await camera.stop();
    bus.emit('stream.changed', { ...camera.status(), state: 'idle' });
  }

  /** Makes the running cameras agree with the registry's rows. */
  async function follow(deviceIds: readonly string[] | null): Promise<void> {
    if (stopped) return;
    const setups = new Map<string, CameraSetup>();
    if (deviceIds === null || deviceIds.length > 1_000)
      for (const setup of await devices.camerasWithStream()) setups.set(setup.id, setup);
    else
      for (const id of deviceIds) {
        const setup = await devices.camera(id);
        if (setup?.source) setups.set(id, setup);
      }
    const concerned = deviceIds === null || deviceIds.length > 1_000 ? [...cameras.keys()] : deviceIds;
    for (const id of concerned) {
      const running = cameras.get(id);
      if (running && !same(running.setup, setups.get(id))) await remove(id);
    }
    for (const setup of setups.values()) if (!cameras.has(setup.id) && !stopped) add(setup);
  }

  function changed(deviceIds: readonly string[] | null): Promise<void> {
    changing = changing
      .then(() => follow(deviceIds))
      .catch((error: unknown) => {
        log.error({ err: messageOf(error) }, 'cameras could not follow the registry');
      });
    return changing;
  }

  /** Why a camera shows nothing, as an answer to whoever asked for pictures. */
  function nothingYet(camera: Camera): AppError {
    const { problem } = camera.status();
    const code = problem ? `stream.${problem.code}` : 'stream-starting';
    return new AppError(
      code,
      503,
      problem
        ? `The camera gives no picture (${problem.code}). ${problem.detail}`
        : 'The camera is starting.',
      { camera: camera.setup.id },
    );
  }

  /** Nothing will come before the next attempt: whoever asks anew is told at once. */
  const down = (camera: Camera): boolean => camera.status().state === 'waiting';

  async function formatOf(camera: Camera, signal: AbortSignal): Promise<InitSegment> {
    const known = camera.tail.format() ?? (await recording.lastInit(camera.setup.id, 'main'));
    if (known) return known;
    await camera.tail.waitFor(() => camera.tail.format() !== undefined || down(camera), BLOCK_MS, signal);
    const format = camera.tail.format();
    if (!format) throw nothingYet(camera);
    return format;
  }

  async function segmentBytes(
    camera: Camera | undefined,
    cameraId: string,
    msn: number,
  ): Promise<MediaBytes> {
    const live = camera?.tail.find(msn);
    if (live?.complete) {
      const bytes = live.parts.map((part) => part.bytes);
      if (bytes.every((part) => part !== undefined))
        return { contentType: 'video/mp4', footageTime: live.startMs, bytes: Buffer.concat(bytes) };
    }
    const stored = await recording.segment(cameraId, 'main', msn);
    if (!stored) throw notFound('segment', String(msn));
    return { contentType: 'video/mp4', footageTime: stored.startMs, bytes: await recording.read(stored) };
  }

  async function partBytes(
    cameraId: string,
    msn: number,
    index: number,
    signal: AbortSignal,
  ): Promise<MediaBytes> {
    const camera = cameras.get(cameraId);
    const here = () => camera?.tail.find(msn)?.parts[index];
    if (camera && !here() && isNext(camera, msn, index))
      await camera.tail.waitFor(() => here() !== undefined || !isNext(camera, msn, index), BLOCK_MS, signal);
    const part = here();
    if (part?.bytes) return { contentType: 'video/mp4', footageTime: part.startMs, bytes: part.bytes };
    const stored = await recording.segment(cameraId, 'main', msn);
    if (!stored) throw notFound('part', `${msn}.${index}`);
    const found = splitParts(await recording.read(stored))[index];
    if (!found) throw notFound('part', `${msn}.${index}`);
    return { contentType: 'video/mp4', footageTime: part?.startMs ?? stored.startMs, bytes: found };
  }

  async function picture(cameraId: string, at: number | undefined) {
    const last = at === undefined ? cameras.get(cameraId)?.tail.lastPicture() : undefined;
    if (last?.part.bytes) {
      const bytes = Buffer.concat([last.init.bytes, last.part.bytes]);
      const key = `${cameraId} ${last.init.hash} ${last.part.startMs}`;
      return { key, footageTime: last.part.startMs, load: async () => bytes };
    }
    const segment = await recording.segmentAt(cameraId, 'main', at ?? clock.now() + 1_000);
    if (!segment) throw new AppError('no-picture', 404, 'There is no picture of this camera at that time.');
    const load = async () => {
      const init = await recording.init(cameraId, 'main', segment.initHash);
      if (!init) throw notFound('init segment', segment.initHash);
      return Buffer.concat([init.init.bytes, await recording.read(segment)]);
    };
    const key = `${cameraId} ${segment.initHash} ${segment.startMs}`;
    return { key, footageTime: segment.startMs, load };
  }

  return {
    async start() {
      unsubscribe.push(
        bus.on('devices.changed', ({ deviceIds }) => void changed(deviceIds)),
        bus.on('recording.written', ({ cameraId, track, segmentId }) => {
          if (track === 'main') cameras.get(cameraId)?.tail.stored(Number(segmentId));
        }),
      );
      await changed(null);
    },
    async stop() {
      stopped = true;
      for (const off of unsubscribe) off();
      await changing;
      await Promise.all([...cameras.keys()].map(remove));
    },
    statuses: () => [...cameras.values()].map((camera) => camera.status()),
    pids: () =>
      new Map(
        [...cameras].flatMap(([id, camera]) => {
          const pid = camera.pid();
          return pid === undefined ? [] : [[id, pid] as const];
        }),
      ),
    feed(cameraId, track, sink) {
      const inner = need(cameraId).feed(track, sink);
      const feed: OpenFeed = { track, sink, inner };
      const all = feeds.get(cameraId) ?? new Set();
      feeds.set(cameraId, all.add(feed));
      return {
        gop: inner.gop,
        close() {
          feed.inner?.close();
          all.delete(feed);
          if (all.size === 0 && feeds.get(cameraId) === all) feeds.delete(cameraId);
        },
      };
    },
    status: (cameraId) => cameras.get(cameraId)?.status(),
    hold(cameraId) {
      const all = holds.get(cameraId) ?? new Set();
      holds.set(cameraId, all);
      const hold = {
        release() {
          if (!all.delete(hold)) return;
          if (all.size === 0) holds.delete(cameraId);
          bound.get(hold)?.release();
          bound.delete(hold);
        },
      };
      all.add(hold);
      const camera = cameras.get(cameraId);
      if (camera) bind(hold, camera);
      return hold;
    },
    async multivariantPlaylist(cameraId, signal = new AbortController().signal) {
      const camera = need(cameraId);
      const format = await formatOf(camera, signal);
      const { bitrateKbps, fps } = camera.status();
      return writeMultivariant(format, bitrateKbps, fps);
    },
    async livePlaylist(cameraId, ask, signal) {
      const camera = need(cameraId);
      const position = wanted(ask);
      const view = () => camera.tail.view(clock.now());
      const ready = position
        ? () => isListed(view(), position)
        : () => view().segments.length > 0 || down(camera);
      const came = await camera.tail.waitFor(ready, BLOCK_MS, signal);
      if (!came || view().segments.length === 0) throw nothingYet(camera);
      return writeLivePlaylist(view(), ask.skip === true);
    },
    async archivePlaylist(cameraId, from, to) {
      if (to <= from) throw new AppError('bad-range', 400, 'The range ends before it begins.');
      if (to - from > MAX_ARCHIVE_RANGE_MS)
        throw new AppError('range-too-long', 400, 'Ask for at most 24 hours at a time.', {
          hours: MAX_ARCHIVE_RANGE_MS / 3_600_000,
        });
      const spans = await recording.spans(cameraId, 'main', from, to);
      if (spans.every((span) => span.segments.length === 0))
        throw new AppError('no-footage', 404, 'Nothing was recorded in this range.');
      const first = spans.find((span) => span.segments.length > 0)?.segments[0];
      if (first && !first.independent) {
        // A group of pictures longer than a segment: players need the keyframe before the range.
        const key = await recording.segmentAt(cameraId, 'main', first.startMs);
        if (key) return writeArchivePlaylist(await recording.spans(cameraId, 'main', key.startMs, to), from);
      }
      return writeArchivePlaylist(spans, from);
    },
    async init(cameraId, name) {
      const hash = /^([0-9a-f]{16})\.mp4$/.exec(name)?.[1];
      if (hash === undefined) throw notFound('init segment', name);
      const format = cameras.get(cameraId)?.tail.format();
      if (format?.hash === hash)
        return { contentType: 'video/mp4', footageTime: clock.now(), bytes: format.bytes };
      const stored = await recording.init(cameraId, 'main', hash);
      if (!stored) throw notFound('init segment', name);
      return { contentType: 'video/mp4', footageTime: stored.newest, bytes: stored.init.bytes };
    },
    async part(cameraId, name, signal) {
      const match = /^(\d{1,15})\.(\d{1,4})\.m4s$/.exec(name);
      if (!match) throw notFound('part', name);
      return partBytes(cameraId, Number(match[1]), Number(match[2]), signal);
    },
    async segment(cameraId, name) {
      const match = /^(\d{1,15})\.m4s$/.exec(name);
      if (!match) throw notFound('segment', name);
      return segmentBytes(cameras.get(cameraId), cameraId, Number(match[1]));
    },
    async timeline(cameraId, from, to): Promise<Timeline> {
      const camera = cameras.get(cameraId);
      const recorded = camera?.setup.recorded === true && !recording.failing(cameraId, 'main');
      const newest = recorded ? camera.tail.view(clock.now()).segments.filter((one) => !one.stored) : [];
      const first = newest[0];
      const last = newest.at(-1);
      // What has come and is not indexed yet (one segment at most) is no gap.
      const tail =
        first && last
          ? {
              from: Math.round(first.startMs),
              to: Math.round(last.startMs + last.durationUs / 1000),
              breakBefore: camera?.breakBefore() ?? null,
            }
          : undefined;
      return recording.timeline(cameraId, 'main', from, to, tail);
    },
    async snapshot(cameraId, at) {
      const { key, footageTime, load } = await picture(cameraId, at);
      const jpeg = await pictures.get(key, async () => decodePicture(ffmpegPath, await load()));
      return { jpeg, footageTime };
    },
    test: (input, signal) => testStream(input, { ffmpegPath, clock }, signal),
  };
}

function same(a: CameraSetup, b: CameraSetup | undefined): boolean {
  return (
    b !== undefined &&
    a.recorded === b.recorded &&
    a.num === b.num &&
    a.source?.url === b.source?.url &&
    a.source?.user === b.source?.user &&
    a.source?.password === b.source?.password
  );
}

/** Is this the part that the preload hint names? */
function isNext(camera: Camera, msn: number, index: number): boolean {
  const last = camera.tail.newest();
  if (!last) return false;
  if (last.complete) return msn === last.msn + 1 && index === 0;
  return (msn === last.msn && index === last.parts.length) || (msn === last.msn + 1 && index === 0);
}

/** The parts of a stored segment: each begins with its `prft`. */
function splitParts(segment: Buffer): Buffer[] {
  const starts = [...boxesIn(segment)].filter((box) => box.type === 'prft').map((box) => box.start);
  return starts.map((start, index) => segment.subarray(start, starts[index + 1] ?? segment.length));
}
