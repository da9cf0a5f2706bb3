import type { BytePool } from '../base/byte-pool.ts';
import type { Clock } from '../base/clock.ts';
import { notFound } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { SoundFacts, StreamStatus, TrackName } from '../contract/video.ts';
import type { CameraSetup, SoundHint, StreamSource } from '../devices/types.ts';
import type { Coding } from '../recording/init-segment.ts';
import type { Recording } from '../recording/types.ts';
import type { OutputPipes } from './output-pipes.ts';
import type { Rounds } from './rounds.ts';
import type { StartGate } from './start-gate.ts';
import { createStream, type Stream } from './stream.ts';
import { createTrack, type Track } from './track.ts';
import type { Feed, FeedSink } from './types.ts';

export interface CameraOptions {
  /** With an address: a camera without one is none of this room's. */
  setup: CameraSetup & { source: StreamSource };
  /** What the main stream was when it was last recorded. */
  mainWas: Coding | undefined;
  recording: Recording;
  ffmpegPath: string;
  allowFiles: boolean;
  clock: Clock;
  log: Logger;
  gate: StartGate;
  pool: BytePool;
  pipes: OutputPipes;
  rounds: Rounds;
  lingerMs?: number;
  rememberSound(hint: SoundHint): void;
  onChange(status: StreamStatus): void;
}

/**
 * One camera with its streams: the main one is pulled and recorded where the camera is to be recorded. The second
 * is pulled while somebody looks at it; where the main one is H.265, which browsers do not play, it is recorded
 * too, for live view and archive. Sound comes with the main stream and is a track of its own.
 */
export function createCamera(options: CameraOptions) {
  const { setup, recording, clock, log, onChange } = options;
  const { id, num } = setup;
  let hint = setup.soundHint;
  const trackOf = (name: TrackName) =>
    createTrack({ camera: { id, num }, name, recording, clock, log, pool: options.pool });
  const shared = {
    cameraId: id,
    ffmpegPath: options.ffmpegPath,
    allowFiles: options.allowFiles,
    clock,
    log,
    gate: options.gate,
    pipes: options.pipes,
    rounds: options.rounds,
    ...(options.lingerMs === undefined ? {} : { lingerMs: options.lingerMs }),
  };
  const soundTrack = setup.sound ? trackOf('sound') : undefined;
  const sound = soundTrack && {
    track: soundTrack,
    hint: () => hint,
    learned(found: SoundHint) {
      hint = found;
      options.rememberSound(found);
    },
  };
  let lastCoding = options.mainWas;
  const mainTrack = trackOf('main');
  const mainCoding = (): Coding | undefined => main.format()?.coding ?? options.mainWas;
  const main = createStream({
    ...shared,
    source: setup.source,
    track: mainTrack,
    ...(sound ? { sound } : {}),
    always: () => setup.recorded,
    onChange() {
      if (mainCoding() !== lastCoding) {
        lastCoding = mainCoding();
        second?.settle();
      }
      onChange(status());
    },
  });
  const second: Stream | undefined =
    setup.second === null
      ? undefined
      : createStream({
          ...shared,
          source: setup.second,
          track: trackOf('second'),
          always: () => setup.recorded && mainCoding() === 'h265',
          onChange: () => onChange(status()),
        });
  const tracks = new Map<TrackName, Track>();
  for (const track of [mainTrack, second?.track, soundTrack]) if (track) tracks.set(track.name, track);

  const viewTrack = (): 'main' | 'second' => (mainCoding() === 'h265' && second ? 'second' : 'main');

  function soundFacts(): SoundFacts | null {
    if (!soundTrack) return null;
    const figures = main.soundFigures();
    const { state } = main.facts();
    return {
      state: hint === 'none' ? 'none' : figures ? 'running' : state === 'running' ? 'silent' : 'idle',
      codec: figures ? (soundTrack.tail.format()?.codec ?? null) : null,
      bitrateKbps: figures?.bitrateKbps ?? null,
      recording: figures !== undefined && setup.recorded && !soundTrack.failing(),
    };
  }

  function status(): StreamStatus {
    return {
      cameraId: id,
      ...main.facts(),
      viewTrack: viewTrack(),
      second: second?.facts() ?? null,
      sound: soundFacts(),
    };
  }

  /** @throws AppError `not-found` for a track that this camera has not */
  function track(name: TrackName): Track {
    const found = tracks.get(name);
    if (!found) throw notFound('track', name);
    return found;
  }

  const streamOf = (name: TrackName): Stream => (name === 'second' && second ? second : main);

  return {
    setup,
    status,
    has: (name: TrackName): boolean => tracks.has(name),
    track,
    viewTrack,
    /** Frames of its main stream come. */
    running: (): boolean => main.running(),
    /** Its main stream is pulled and stored. */
    recording: (): boolean => main.recording(),
    factsOf: (name: TrackName) => streamOf(name).facts(),
    start(): void {
      main.settle();
      second?.settle();
    },
    /** The stream that gives the track is pulled until this is released. */
    hold: (name: TrackName): { release(): void } => streamOf(name).hold(),
    feed: (name: TrackName, sink: FeedSink): Feed => track(name).feed(sink),
    pids: (): number[] => [main.pid(), second?.pid()].filter((pid) => pid !== undefined),
    async stop(): Promise<void> {
      await Promise.all([main.stop(), second?.stop()]);
    },
  };
}

export type Camera = ReturnType<typeof createCamera>;
