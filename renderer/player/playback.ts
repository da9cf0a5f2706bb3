import type { StreamProblemCode, Timeline } from '../../main/contract/video.ts';
import { type ArchiveSession, createArchiveSession } from './archive-session.ts';
import { type ArchiveState, initialArchive } from './archive-state.ts';
import { createLiveSession, initialLive, type LiveSession, type LiveState } from './live-session.ts';

/** A camera played from its archive or, past its end, live. */
export interface PlaybackState {
  mode: 'archive' | 'live';
  archive: ArchiveState;
  live: LiveState;
}

export interface PlaybackControls {
  /** Goes to a moment. Keeps playing when it was, unless told. */
  go(utc: number, play?: boolean): void;
  play(): void;
  pause(): void;
  /** 1/4 to 16; negative is backwards. Live has only 1: any other goes into the archive from here. */
  setRate(rate: number): void;
  step(direction: 1 | -1): void;
  toLive(): void;
  retry(): void;
  /** True time of the frame on the screen, UTC ms. */
  position(): number | null;
  state(): PlaybackState;
}

export interface Playback extends PlaybackControls {
  stop(): void;
}

export interface PlaybackOptions {
  video: HTMLVideoElement;
  still: HTMLCanvasElement;
  cameraId: string;
  /** UTC ms; null begins live. */
  startAt: number | null;
  now: () => number;
  timeline: (from: number, to: number, signal: AbortSignal) => Promise<Timeline>;
  problem: (signal: AbortSignal) => Promise<StreamProblemCode | null>;
  onChange: (state: PlaybackState) => void;
  onFrame: (utc: number) => void;
}

export const initialPlayback: PlaybackState = { mode: 'archive', archive: initialArchive, live: initialLive };

/** Nearer to now than this, "go there" means live, ms. */
const SAME_AS_LIVE_MS = 3000;

/** Runs one video element through archive and live, whichever the position asks for. */
export function createPlayback(options: PlaybackOptions): Playback {
  const { video, still, cameraId, now } = options;
  let state: PlaybackState = initialPlayback;
  let archive: ArchiveSession | null = null;
  let live: LiveSession | null = null;
  let position: number | null = options.startAt;

  const tell = (change: Partial<PlaybackState>) => {
    state = { ...state, ...change };
    options.onChange(state);
  };
  const onFrame = (utc: number) => {
    position = utc;
    options.onFrame(utc);
  };
  const close = () => {
    archive?.stop();
    archive = null;
    live?.stop();
    live = null;
  };

  const toLive = (from?: number) => {
    close();
    state = { ...state, mode: 'live', archive: { ...initialArchive }, live: initialLive };
    live = createLiveSession({
      video,
      still,
      cameraId,
      now,
      problem: options.problem,
      onFrame,
      onChange: (next) => tell({ live: next }),
      ...(from === undefined ? {} : { startAt: from }),
    });
  };

  /** The archive's session, begun when live was on. */
  const recorded = (): ArchiveSession => {
    if (archive) return archive;
    close();
    state = { ...state, mode: 'archive', archive: { ...initialArchive, currentUtc: position } };
    const fresh = createArchiveSession({
      video,
      still,
      cameraId,
      now,
      timeline: options.timeline,
      onFrame,
      onChange: (next) => tell({ archive: next }),
      // Not from inside a session's own callback: it is about to be stopped.
      onLive: (from) => queueMicrotask(() => archive === fresh && toLive(from)),
    });
    archive = fresh;
    return fresh;
  };

  if (options.startAt === null) toLive();
  else recorded().go(options.startAt);

  return {
    go(utc, play) {
      const playing = play ?? (state.mode === 'live' || state.archive.playing);
      if (playing && utc > now() - SAME_AS_LIVE_MS) toLive();
      else recorded().go(Math.min(utc, now()), playing);
    },
    play() {
      archive?.play();
    },
    pause() {
      if (archive) archive.pause();
      else recorded().go(position ?? now(), false);
    },
    setRate(rate) {
      if (archive) archive.setRate(rate);
      else if (rate < 1) {
        const from = position ?? now();
        const session = recorded();
        session.setRate(rate);
        session.go(from, true);
      }
    },
    step(direction) {
      if (archive) archive.step(direction);
      else recorded().go(position ?? now(), false);
    },
    toLive: () => toLive(),
    retry() {
      archive?.retry();
      live?.retry();
    },
    position: () => position,
    state: () => state,
    stop: close,
  };
}
