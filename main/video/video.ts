import { createBytePool } from '../base/byte-pool.ts';
import type { Clock } from '../base/clock.ts';
import { AppError, messageOf, notFound } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { StreamStatus, Timeline, TrackName } from '../contract/video.ts';
import type { CameraSetup, SoundHint, StreamSource } from '../devices/types.ts';
import type { Recording } from '../recording/types.ts';
import { type Camera, createCamera } from './camera.ts';
import { createLive } from './live.ts';
import { createOutputPipes } from './output-pipes.ts';
import { createPictureCache, decodePicture } from './picture.ts';
import { createRounds } from './rounds.ts';
import { createStartGate } from './start-gate.ts';
import { testStream } from './stream-test.ts';
import type { Feed, FeedSink, VideoRoom } from './types.ts';

/** ffmpegs starting at the same time, and how far apart they start: two hundred a minute and more. */
const STARTS_AT_ONCE = 8;
const START_SPACING_MS = 40;
/** Each stream is looked after so often. */
const LOOK_EVERY_MS = 500;

export interface VideoOptions {
  recording: Recording;
  devices: {
    camera(id: string): Promise<CameraSetup | undefined>;
    camerasWithStream(): Promise<CameraSetup[]>;
    rememberSound(id: string, hint: SoundHint): Promise<void>;
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
  /** Cameras with a stream, and those of them whose main stream is being recorded. */
  counts(): { cameras: number; recording: number };
  /** Cameras whose main stream runs now. */
  running(): string[];
  /** Process ids of running ffmpegs, by camera: the main stream's first. */
  pids(): ReadonlyMap<string, readonly number[]>;
}

type RunnableSetup = CameraSetup & { source: StreamSource };
const runnable = (setup: CameraSetup): setup is RunnableSetup => setup.source !== null;

/** Somebody looks, or feeds those who look; `inner` is the running camera's, which may come and go. */
interface OpenHold {
  track: TrackName;
  inner: { release(): void } | undefined;
}
interface OpenFeed {
  track: TrackName;
  sink: FeedSink;
  inner: Feed | undefined;
}

/** All cameras that have a stream: sessions, playlists, bytes and pictures. */
export function createVideo(options: VideoOptions): Video {
  const { recording, devices, clock, log, bus, ffmpegPath } = options;
  const cameras = new Map<string, Camera>();
  const holds = new Map<string, Set<OpenHold>>();
  const gate = createStartGate(STARTS_AT_ONCE, { spacingMs: START_SPACING_MS });
  const live = createLive({ recording, clock, cameraOf: (id) => cameras.get(id) });
  const pictures = createPictureCache();
  const pool = createBytePool();
  const pipes = createOutputPipes();
  const rounds = createRounds(LOOK_EVERY_MS);
  const unsubscribe: (() => void)[] = [];
  let changing: Promise<void> = Promise.resolve();
  let stopped = false;

  const need = (cameraId: string): Camera => {
    const camera = cameras.get(cameraId);
    if (!camera) throw notFound('camera with a stream', cameraId);
    return camera;
  };

  /** Sound is learned at most some times in a camera's life; what is lost costs one attempt more at the next start. */
  function rememberSound(cameraId: string, hint: SoundHint): void {
    devices.rememberSound(cameraId, hint).catch((error: unknown) => {
      log.warn({ cameraId, err: messageOf(error) }, 'what the sound is could not be remembered');
    });
  }

  async function add(setup: RunnableSetup): Promise<void> {
    const camera = createCamera({
      setup,
      mainWas: setup.second === null ? undefined : (await recording.lastInit(setup.id, 'main'))?.coding,
      recording,
      ffmpegPath,
      allowFiles: options.allowFiles,
      clock,
      log,
      ...{ gate, pool, pipes, rounds },
      ...(options.lingerMs === undefined ? {} : { lingerMs: options.lingerMs }),
      rememberSound: (hint) => rememberSound(setup.id, hint),
      onChange: (status) => bus.emit('stream.changed', status),
    });
    cameras.set(setup.id, camera);
    for (const hold of holds.get(setup.id) ?? []) hold.inner = camera.hold(hold.track);
    for (const feed of feeds.get(setup.id) ?? [])
      feed.inner = camera.has(feed.track) ? camera.feed(feed.track, feed.sink) : undefined;
    camera.start();
  }

  const feeds = new Map<string, Set<OpenFeed>>();

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
    const setups = new Map<string, RunnableSetup>();
    if (deviceIds === null || deviceIds.length > 1_000)
      for (const setup of await devices.camerasWithStream()) {
        if (runnable(setup)) setups.set(setup.id, setup);
      }
    else
      for (const id of deviceIds) {
        const setup = await devices.camera(id);
        if (setup && runnable(setup)) setups.set(id, setup);
      }
    const concerned = deviceIds === null || deviceIds.length > 1_000 ? [...cameras.keys()] : deviceIds;
    for (const id of concerned) {
      const running = cameras.get(id);
      if (running && !same(running.setup, setups.get(id))) await remove(id);
    }
    for (const setup of setups.values()) if (!cameras.has(setup.id) && !stopped) await add(setup);
  }

  function changed(deviceIds: readonly string[] | null): Promise<void> {
    changing = changing
      .then(() => follow(deviceIds))
      .catch((error: unknown) => {
        log.error({ err: messageOf(error) }, 'cameras could not follow the registry');
      });
    return changing;
  }

  async function picture(cameraId: string, at: number | undefined) {
    const camera = cameras.get(cameraId);
    const track = await viewTrackOf(cameraId);
    const last = at === undefined && camera?.has(track) ? camera.track(track).tail.lastPicture() : undefined;
    if (last?.part.bytes) {
      const bytes = Buffer.concat([last.init.bytes, last.part.bytes]);
      const key = `${cameraId} ${last.init.hash} ${last.part.startMs}`;
      return { key, footageTime: last.part.startMs, load: async () => bytes };
    }
    const segment = await recording.segmentAt(cameraId, track, at ?? clock.now() + 1_000);
    if (!segment) throw new AppError('no-picture', 404, 'There is no picture of this camera at that time.');
    const load = async () => {
      const init = await recording.init(cameraId, track, segment.initHash);
      if (!init) throw notFound('init segment', segment.initHash);
      return Buffer.concat([init.init.bytes, await recording.read(segment)]);
    };
    const key = `${cameraId} ${segment.initHash} ${segment.startMs}`;
    return { key, footageTime: segment.startMs, load };
  }

  /** Of a camera that does not run: what its last footage says. */
  async function viewTrackOf(cameraId: string): Promise<'main' | 'second'> {
    const camera = cameras.get(cameraId);
    if (camera) return camera.viewTrack();
    const main = await recording.lastInit(cameraId, 'main');
    return main?.coding === 'h265' && (await recording.lastInit(cameraId, 'second')) ? 'second' : 'main';
  }

  return {
    async start() {
      unsubscribe.push(
        bus.on('devices.changed', ({ deviceIds }) => void changed(deviceIds)),
        bus.on('recording.written', ({ cameraId, track, segmentId }) => {
          const camera = cameras.get(cameraId);
          if (camera?.has(track)) camera.track(track).tail.stored(Number(segmentId));
        }),
      );
      await changed(null);
    },
    async stop() {
      stopped = true;
      for (const off of unsubscribe) off();
      await changing;
      await Promise.all([...cameras.keys()].map(remove));
      await pipes.stop();
    },
    statuses: () => [...cameras.values()].map((camera) => camera.status()),
    counts() {
      let recorded = 0;
      for (const camera of cameras.values()) if (camera.recording()) recorded += 1;
      return { cameras: cameras.size, recording: recorded };
    },
    running: () => [...cameras].flatMap(([id, camera]) => (camera.running() ? [id] : [])),
    pids: () =>
      new Map(
        [...cameras].flatMap(([id, camera]) => {
          const pids = camera.pids();
          return pids.length === 0 ? [] : [[id, pids] as const];
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
    hold(cameraId, track = 'main') {
      const all = holds.get(cameraId) ?? new Set();
      holds.set(cameraId, all);
      const hold: OpenHold = { track, inner: cameras.get(cameraId)?.hold(track) };
      all.add(hold);
      return {
        release() {
          if (!all.delete(hold)) return;
          if (all.size === 0 && holds.get(cameraId) === all) holds.delete(cameraId);
          hold.inner?.release();
        },
      };
    },
    viewTrack: viewTrackOf,
    multivariantPlaylist: live.multivariant,
    livePlaylist: live.playlist,
    init: live.init,
    part: live.part,
    segment: live.segment,
    async timeline(cameraId, from, to): Promise<Timeline> {
      const track = await viewTrackOf(cameraId);
      const shown = cameras.get(cameraId);
      const running = shown?.setup.recorded && shown.has(track) ? shown.track(track) : undefined;
      const recorded = running && !recording.failing(cameraId, track) ? running : undefined;
      // Older ones that are not stored never will be: the disk refused them.
      const newest = (recorded?.tail.view(clock.now()).segments ?? []).slice(-2).filter((one) => !one.stored);
      const first = newest[0];
      const last = newest.at(-1);
      // What has come and is not indexed yet (one segment at most) is no gap.
      const tail =
        first && last
          ? {
              from: Math.round(first.startMs),
              to: Math.round(last.startMs + last.durationUs / 1000),
              breakBefore: recorded?.breakBefore() ?? null,
            }
          : undefined;
      return recording.timeline(cameraId, track, from, to, tail);
    },
    async snapshot(cameraId, at) {
      const { key, footageTime, load } = await picture(cameraId, at);
      const jpeg = await pictures.get(key, async () => decodePicture(ffmpegPath, await load()));
      return { jpeg, footageTime };
    },
    test: (input, signal) => testStream(input, { ffmpegPath, clock, pipes }, signal),
  };
}

function same(a: CameraSetup, b: CameraSetup | undefined): boolean {
  return (
    b !== undefined &&
    a.recorded === b.recorded &&
    a.num === b.num &&
    a.sound === b.sound &&
    sameSource(a.source, b.source) &&
    sameSource(a.second, b.second)
  );
}

const sameSource = (a: StreamSource | null, b: StreamSource | null): boolean =>
  a?.url === b?.url && a?.user === b?.user && a?.password === b?.password;
