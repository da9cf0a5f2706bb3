import type { StreamProblemCode, Timeline } from '../../main/contract/video.ts';
import { type CameraState, failureOfError, initialCamera, phaseOf } from './camera-state.ts';
import { createCoverage } from './footage/coverage.ts';
import { createFootageIndex } from './footage/footage-index.ts';
import { createFootageStore } from './footage/footage-store.ts';
import { createKeyframePlayer } from './footage/keyframe-player.ts';
import { createKeyframes } from './footage/keyframes.ts';
import { canFeed, createMseFeed, type MseFeed, mediaTimeOf, utcOf } from './footage/mse-feed.ts';
import { neighbourFrame, type TimedFrame } from './footage/neighbour-frame.ts';
import { loadPlaylist } from './footage/playlist.ts';
import { watchFrames } from './frame-watch.ts';
import type { LiveSession } from './live-run.ts';
import { createLiveSession, initialLive } from './live-session.ts';
import { type MasterClock, nudgedRate } from './master-clock.ts';
import { keepStill } from './still.ts';

/** Where a camera's pictures go. */
export interface CameraElements {
  video: HTMLVideoElement;
  /** Under the video: the last picture, while there is no other. */
  still: HTMLCanvasElement;
  /** Over the video: keyframes, while they are what is played. */
  pictures: HTMLCanvasElement;
  /** Called for every frame on the screen, with its true time and its distance from the clock, ms. */
  onFrame: (utc: number, driftMs: number | null) => void;
}

export interface ArchiveCameraOptions {
  cameraId: string;
  elements: CameraElements;
  clock: MasterClock;
  now: () => number;
  /** How many cameras share this machine. */
  cameras: () => number;
  timeline: (from: number, to: number, signal: AbortSignal) => Promise<Timeline>;
  problem: (signal: AbortSignal) => Promise<StreamProblemCode | null>;
  onChange: () => void;
}

/**
 * How a camera stands to the clock: its picture is there; it is on its way; nothing was recorded; it cannot be had.
 */
export type Standing = 'ready' | 'waiting' | 'gap' | 'off';

/** Faster than this, and backwards, only keyframes are shown. */
export const FASTEST_STREAM = 2;
export const byKeyframes = (rate: number): boolean => rate < 0 || rate > FASTEST_STREAM;

/** A hole shorter than this is a camera's clock settling: the picture just stands, ms. */
const SMALL_HOLE_MS = 1_500;
/** Rounding must not show the frame before the one asked for, ms. */
const NUDGE_MS = 0.5;
/** Without data for this long a running picture waits, ms. */
const STARVED_MS = 700;

/** One camera that follows the archive's clock, or shows its live picture. */
export function createArchiveCamera(options: ArchiveCameraOptions) {
  const { cameraId, elements, clock, now } = options;
  const { video, still, pictures } = elements;
  const base = `/api/video/${encodeURIComponent(cameraId)}`;
  const store = createFootageStore();
  const keyframes = createKeyframes(cameraId, store);
  const index = createFootageIndex({
    load: (from, to, signal) => loadPlaylist(`${base}/archive-view.m3u8`, from, to, signal),
    now,
  });
  const coverage = createCoverage({ timeline: options.timeline, now, onFailure: fail });
  const keyframePlayer = createKeyframePlayer({
    keyframes,
    canvas: pictures,
    picturesPerS: () => (options.cameras() > 4 ? 4 : 8),
    onShown(utc) {
      pictures.hidden = false;
      shown(utc, null);
    },
    onFailure: fail,
  });
  let state: CameraState = initialCamera;
  let feed: MseFeed | undefined;
  let live: LiveSession | undefined;
  let aim: number | null = null;
  let starvedSince: number | null = null;
  let recovered = false;
  let endWatch: (() => void) | undefined;

  function tell(change: Partial<CameraState>): void {
    state = { ...state, ...change };
    options.onChange();
  }

  /** For what changes with each frame: the screen is told by the group, in its own time. */
  function shown(frameUtc: number, driftMs: number | null): void {
    state = { ...state, frameUtc, driftMs };
    elements.onFrame(frameUtc, driftMs);
  }

  function fail(error: unknown): void {
    if (state.phase === 'refused' || state.phase === 'signed-out') return;
    const failure = failureOfError(error);
    if (failure.kind === 'browser' && failure.code === 'decode' && !recovered) {
      // Once: a decoder that lost its way finds it again from a keyframe.
      recovered = true;
      closeFeed();
      return;
    }
    const phase = phaseOf(failure);
    closeFeed();
    if (phase !== 'problem') still.width = 0;
    pictures.hidden = true;
    tell({ phase, failure, gap: null });
  }

  function openFeed(): MseFeed | undefined {
    if (feed) return feed;
    if (!canFeed()) {
      fail(new DOMException('no Media Source Extensions', 'NotSupportedError'));
      return undefined;
    }
    feed = createMseFeed({ media: video, index, store, onFailure: fail });
    aim = null;
    endWatch = watchFrames(video, ({ mediaTime, at }) => {
      const utc = utcOf(mediaTime);
      const running = clock.running() && !byKeyframes(clock.rate());
      if (!running && aim === null) return;
      if (!byKeyframes(clock.rate()) || !clock.playing()) pictures.hidden = true;
      shown(utc, running ? utc - clock.now(at) : null);
      recovered = false;
      if (state.phase !== 'ready') tell({ phase: 'ready', failure: null, gap: null });
      else options.onChange();
    });
    return feed;
  }

  function closeFeed(): void {
    if (!feed) return;
    keepStill(video, still);
    endWatch?.();
    endWatch = undefined;
    feed.close();
    feed = undefined;
  }

  const onError = () => {
    if (feed) fail(video.error ?? new Error('the video element failed'));
  };
  video.addEventListener('error', onError);

  async function play(): Promise<void> {
    try {
      await video.play();
    } catch (error) {
      // A newer seek or pause interrupts a pending play: that is not a failure.
      if (error instanceof DOMException && error.name === 'NotAllowedError')
        tell({ phase: 'problem', failure: { kind: 'browser', code: 'autoplay' } });
    }
  }

  function inGap(utc: number): Standing {
    if (!video.paused) video.pause();
    const found = coverage.at(utc);
    if (found.kind === 'unknown' || found.kind === 'recorded') return 'waiting';
    const gap = found.kind === 'gap' ? found.gap : null;
    if (state.phase !== 'gap' || state.gap?.from !== gap?.from) tell({ phase: 'gap', gap, driftMs: null });
    return 'gap';
  }

  /** By the video element, up to twofold and standing. */
  function stream(utc: number): Standing {
    const target = openFeed();
    if (!target) return 'off';
    if (!index.knows(utc)) index.ensure(utc).catch(fail);
    const ahead = 10_000 * Math.max(1, clock.rate());
    target.want(utc, ahead);
    const segment = index.at(utc);
    if (!segment) {
      const after = index.after(utc);
      // Times of the index are rounded, and clocks settle: footage that begins in a moment is there.
      if (!after || after.utc - utc > SMALL_HOLE_MS) return inGap(utc);
      if (clock.running()) return 'ready';
      return target.has(after.utc) ? stand(after.utc) : 'waiting';
    }
    if (!target.has(utc)) return 'waiting';
    return clock.running() ? follow(utc) : stand(utc);
  }

  /** Puts the standing picture exactly where the clock is. */
  function stand(utc: number): Standing {
    if (!video.paused) video.pause();
    starvedSince = null;
    if (aim === null || Math.abs(aim - utc) > 0.01) {
      aim = utc;
      video.currentTime = mediaTimeOf(utc + NUDGE_MS);
    }
    return video.seeking || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA ? 'waiting' : 'ready';
  }

  /** Keeps the running picture in step. */
  function follow(utc: number): Standing {
    if (video.seeking) return 'ready';
    const rate = clock.rate();
    const error = utcOf(video.currentTime) - utc;
    const nudged = nudgedRate(rate, error);
    if (nudged === undefined) video.currentTime = mediaTimeOf(utc + 60 * rate);
    else if (Math.abs(video.playbackRate - nudged) > 0.004) video.playbackRate = nudged;
    aim = null;
    watchRunning();
    if (video.paused) void play();
    const at = performance.now();
    starvedSince = video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA ? (starvedSince ?? at) : null;
    return starvedSince !== null && at - starvedSince > STARVED_MS ? 'waiting' : 'ready';
  }

  function watchRunning(): void {
    if (state.phase === 'gap' || state.phase === 'loading') tell({ phase: 'ready', gap: null });
  }

  function pictured(utc: number): Standing {
    if (!video.paused) video.pause();
    aim = null;
    const found = coverage.at(utc);
    if (found.kind === 'gap' || found.kind === 'none') {
      pictures.hidden = true;
      return inGap(utc);
    }
    const standing = keyframePlayer.tick(utc, clock.rate());
    if (standing === 'ready' && state.phase !== 'ready') tell({ phase: 'ready', gap: null, failure: null });
    return standing;
  }

  return {
    cameraId,
    state: (): CameraState => state,
    /** Brings the picture to the clock; called many times a second. */
    tick(): Standing {
      if (live || state.phase === 'refused' || state.phase === 'signed-out' || state.phase === 'problem')
        return 'off';
      const utc = clock.now();
      if (clock.playing() && byKeyframes(clock.rate())) return pictured(utc);
      return stream(utc);
    },
    /** Does the index end here, as far as it has come? */
    atEnd: (utc: number): boolean => index.ended(utc),
    nearest: coverage.nearest,
    /** The frame before or after the one at the clock. @throws HubError */
    neighbour: (direction: 1 | -1): Promise<TimedFrame | undefined> =>
      neighbourFrame({ index, store }, clock.now(), direction),
    /** The clock goes elsewhere. */
    moved(): void {
      keyframePlayer.reset();
      aim = null;
    },
    toLive(from?: number): void {
      live?.stop();
      closeFeed();
      keyframePlayer.reset();
      if (!pictures.hidden) copy(pictures, still);
      pictures.hidden = true;
      state = { ...initialCamera, frameUtc: state.frameUtc };
      live = createLiveSession({
        video,
        still,
        cameraId,
        now,
        problem: options.problem,
        onFrame: (utc) => shown(utc, null),
        onChange: (next) => tell({ live: next }),
        ...(from === undefined ? {} : { startAt: from }),
      });
    },
    toArchive(): void {
      if (!live) return;
      live.stop();
      live = undefined;
      coverage.forget();
      tell({ phase: 'loading', failure: null, live: initialLive });
    },
    retry(): void {
      if (live) live.retry();
      else tell({ phase: 'loading', failure: null, gap: null });
    },
    stop(): void {
      video.removeEventListener('error', onError);
      live?.stop();
      closeFeed();
      keyframePlayer.reset();
      keyframes.close();
      index.stop();
      coverage.stop();
    },
  };
}

export type ArchiveCamera = ReturnType<typeof createArchiveCamera>;

function copy(from: HTMLCanvasElement, to: HTMLCanvasElement): void {
  if (from.width === 0) return;
  to.width = from.width;
  to.height = from.height;
  to.getContext('2d')?.drawImage(from, 0, 0);
}
