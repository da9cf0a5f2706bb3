import type { StreamProblemCode, TrackName } from '../../main/contract/video.ts';
import type { TileConnection } from '../hub/tile-connection.ts';
import type { LiveSession } from './live-run.ts';
import { createLiveSession, initialLive, type LiveSessionOptions, type LiveState } from './live-session.ts';
import { createNativeSession, playsNatively } from './native-session.ts';
import { createSocketSession } from './socket-session.ts';
import { mediaSourceClass } from './tile-media.ts';

/** How the picture comes: fragments over the tile connection, LL-HLS by hls.js, or LL-HLS by the browser itself. */
export type Way = 'socket' | 'hls' | 'native';

export interface TileState extends LiveState {
  way: Way;
  /** Undefined until it is known. */
  track: TrackName | undefined;
}

export interface LiveTileOptions {
  /** The video elements are put in here. */
  host: HTMLElement;
  /** Of each video. */
  className: string;
  still: HTMLCanvasElement;
  cameraId: string;
  label: string;
  connection: TileConnection;
  now: () => number;
  /** Takes the first of these that there is. */
  tracks: readonly TrackName[];
  problem: (signal: AbortSignal) => Promise<StreamProblemCode | null>;
  onChange: (state: TileState) => void;
  onFrame: (utc: number) => void;
}

export interface LiveTile {
  /** Takes the first of these tracks that there is; a picture that is there stays until the other's first frame. */
  setTracks(tracks: readonly TrackName[]): void;
  /** A tile that nobody can see fetches nothing. */
  setVisible(visible: boolean): void;
  retry(): void;
  stop(): void;
}

/** A new picture that is not there by then is given up; the one that there is stays, ms. */
const PRIME_MS = 10_000;
/** After so long it is tried again: what was slow then, the machine, its line or the camera, may be quicker, ms. */
const PRIME_AGAIN_MS = 15_000;

export const initialTile: TileState = { ...initialLive, way: 'socket', track: undefined };

interface Run {
  video: HTMLVideoElement;
  session: LiveSession;
  state: TileState;
  tracks: readonly TrackName[];
  stop(): void;
}

/**
 * One live tile: picks the way by itself, falls back by itself, and changes stream or way behind the picture that
 * is there, so that no black frame is ever between.
 */
export function createLiveTile(options: LiveTileOptions): LiveTile {
  const { host, connection, onChange } = options;
  let current: Run | null = null;
  let next: { run: Run; giveUp: ReturnType<typeof setTimeout> } | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  let tracks = options.tracks;
  let visible = true;
  let stopped = false;
  /** The socket led to no picture here although it is there: once is enough. */
  let socketFailed = false;
  let last: TileState = initialTile;

  const tell = (state: TileState) => {
    last = state;
    onChange(state);
  };

  const bestWay = (): Way => {
    if (mediaSourceClass() && connection.usable() && !socketFailed) return 'socket';
    return playsNatively() ? 'native' : 'hls';
  };

  const begin = (way: Way): Run => {
    const video = document.createElement('video');
    video.className = options.className;
    video.muted = true;
    video.playsInline = true;
    video.disablePictureInPicture = true;
    video.tabIndex = -1;
    video.setAttribute('aria-label', options.label);
    // Under the picture that is there, until it has one of its own.
    host.prepend(video);
    let ended = false;
    const run: Run = {
      video,
      tracks,
      state: { ...initialTile, way },
      session: { retry: () => undefined, stop: () => undefined },
      stop() {
        ended = true;
        run.session.stop();
        video.remove();
      },
    };
    const common: LiveSessionOptions = {
      ...{
        video,
        still: options.still,
        cameraId: options.cameraId,
        now: options.now,
        problem: options.problem,
      },
      onFrame: (utc) => run === current && options.onFrame(utc),
      onChange(state) {
        if (ended) return;
        run.state = { ...run.state, ...state };
        follow(run);
      },
    };
    // What a session says while it is being made must find it.
    run.session = sessionOf(way, common, run, () => !ended && onUnusable(run));
    return run;
  };

  const sessionOf = (way: Way, common: LiveSessionOptions, run: Run, onUnusable: () => void): LiveSession => {
    switch (way) {
      case 'socket':
        return createSocketSession({
          ...{ ...common, connection, tracks: run.tracks, onUnusable: () => queueMicrotask(onUnusable) },
          onTrack(track) {
            run.state = { ...run.state, track };
          },
        });
      case 'hls':
        return createLiveSession({ ...common, size: run.tracks[0] === 'second' ? 'small' : 'large' });
      case 'native':
        return createNativeSession(common);
    }
  };

  /** A run's state changed. */
  const follow = (run: Run) => {
    if (run === current) {
      tell(run.state);
      return;
    }
    if (run !== next?.run) return;
    const { phase } = run.state;
    if (phase === 'live' || phase === 'refused' || phase === 'signed-out') promote(run);
  };

  const promote = (run: Run) => {
    if (next?.run === run) clearTimeout(next.giveUp);
    next = null;
    current?.stop();
    current = run;
    host.append(run.video);
    tell(run.state);
  };

  const dropNext = () => {
    clearTimeout(again);
    if (!next) return;
    clearTimeout(next.giveUp);
    next.run.stop();
    next = null;
  };

  const onUnusable = (run: Run) => {
    if (run.state.way === 'socket' && connection.usable()) socketFailed = true;
    if (run === current) {
      dropNext();
      current.stop();
      current = null;
      start();
    } else if (run === next?.run) {
      dropNext();
      if (bestWay() !== current?.state.way) prime();
    }
  };

  /** Begins with nothing to keep. */
  const start = () => {
    if (stopped || !visible) return;
    current = begin(bestWay());
    tell(current.state);
  };

  /** Begins behind the picture that there is. */
  const prime = () => {
    dropNext();
    if (current?.state.phase !== 'live') {
      current?.stop();
      current = null;
      start();
      return;
    }
    const run = begin(bestWay());
    next = { run, giveUp: setTimeout(giveUpNext, PRIME_MS) };
  };

  const giveUpNext = () => {
    dropNext();
    again = setTimeout(() => {
      if (current && (current.state.way !== bestWay() || current.tracks.join() !== tracks.join())) prime();
    }, PRIME_AGAIN_MS);
  };

  const offUsable = connection.onUsable(() => {
    if (!stopped && visible && current && bestWay() !== current.state.way) prime();
  });

  const pause = () => {
    dropNext();
    current?.stop();
    current = null;
    tell({ ...last, phase: 'hidden' });
  };

  const seen = () => visible && document.visibilityState === 'visible';
  const onVisibility = () => {
    if (!seen()) pause();
    else if (!current) start();
  };
  document.addEventListener('visibilitychange', onVisibility);
  if (seen()) start();

  return {
    setTracks(wanted) {
      if (wanted.join() === tracks.join()) return;
      tracks = wanted;
      if (!current) return;
      if (current.state.track !== wanted[0]) prime();
      else dropNext();
    },
    setVisible(value) {
      if (value === visible && (current || !value)) return;
      visible = value;
      onVisibility();
    },
    retry() {
      socketFailed = false;
      if (current) current.session.retry();
      else start();
    },
    stop() {
      stopped = true;
      offUsable();
      document.removeEventListener('visibilitychange', onVisibility);
      dropNext();
      current?.stop();
      current = null;
    },
  };
}
