import Hls, { type ErrorData } from 'hls.js';
import { watchFrames } from './frame-watch.ts';
import { anchorsOf, baseConfig, failureOf } from './hls-parts.ts';
import { type LivePhase, livePhase, retryDelay, shouldJump } from './live-phase.ts';
import { mediaTimeAt, utcAt } from './media-clock.ts';
import { type StreamFailure, streamFailure } from './stream-failure.ts';

export type LiveFailure = StreamFailure | { kind: 'browser'; code: 'autoplay' | 'unsupported' | 'decode' };

export interface LiveState {
  phase: LivePhase;
  /** True time of the frame on the screen (or of the last one), UTC ms. */
  frameUtc: number | null;
  /** How old that frame was when it was shown, ms. */
  latencyMs: number | null;
  failure: LiveFailure | null;
}

export interface LiveSessionOptions {
  video: HTMLVideoElement;
  /** Keeps the last picture while there is no new one. */
  still: HTMLCanvasElement;
  cameraId: string;
  /** The hub's clock, UTC ms. */
  now: () => number;
  onChange: (state: LiveState) => void;
  /** Called for every frame whose time is known. */
  onFrame?: (utc: number) => void;
  /** Goes on from this moment when the live playlist still reaches back to it; else at the edge. */
  startAt?: number;
}

export interface LiveSession {
  /** Tries again at once. */
  retry(): void;
  stop(): void;
}

/** No frame for this long although nothing failed: begin anew, ms. */
const GIVE_UP_MS = 12_000;

export const initialLive: LiveState = { phase: 'starting', frameUtc: null, latencyMs: null, failure: null };

const liveUrl = (cameraId: string) => `/api/video/${encodeURIComponent(cameraId)}/live.m3u8`;

/** Plays a camera live on a video element and always says honestly what is on the screen. */
export function createLiveSession(options: LiveSessionOptions): LiveSession {
  const { video, still, cameraId, now, onChange } = options;
  const url = liveUrl(cameraId);
  const stopping = new AbortController();
  let hls: Hls | null = null;
  let endWatch: (() => void) | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let attemptAt = performance.now();
  let recoveredAt = Number.NEGATIVE_INFINITY;
  let lastFrameAt: number | null = null;
  let everShown = false;
  let ended: 'refused' | 'signed-out' | null = null;
  let failure: LiveFailure | null = null;
  let frameUtc: number | null = null;
  let latencyMs: number | null = null;
  let catchUpFrom = options.startAt;
  let phase: LivePhase = 'starting';

  const tell = () => {
    phase = livePhase(
      { lastFrameAt, everShown, hasProblem: failure !== null, ended, hidden: document.hidden },
      performance.now(),
    );
    onChange({ phase, frameUtc, latencyMs, failure });
  };

  /** Ends all fetching; keeps the last picture on the canvas unless it may no longer be shown. */
  const close = (keepPicture: boolean) => {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    endWatch?.();
    endWatch = null;
    if (keepPicture) keepStill(video, still);
    else still.width = 0;
    hls?.destroy();
    hls = null;
    video.removeAttribute('src');
    video.load();
    lastFrameAt = null;
  };

  const end = (how: 'refused' | 'signed-out', why: StreamFailure) => {
    ended = how;
    failure = why;
    close(false);
    tell();
  };

  const retryLater = () => {
    close(true);
    retryTimer = setTimeout(open, retryDelay(attempt++, Math.random()));
    tell();
  };

  /**
   * A part may be refused for its age alone (it fell out of the live window while we stalled). Fetching has
   * stopped; the playlist's own answer tells whether the right is gone.
   */
  const confirmRefusal = async (refusal: StreamFailure) => {
    close(false);
    tell();
    try {
      const response = await fetch(url, { cache: 'no-store', signal: stopping.signal });
      const why = streamFailure(response.status, response.ok ? '' : await response.text());
      if (why.kind === 'refused') end('refused', why.reason ? why : refusal);
      else if (why.kind === 'signed-out') end('signed-out', why);
      else open();
    } catch {
      // The hub went away meanwhile; the next attempt will meet the same answer or a better one.
      if (!stopping.signal.aborted) retryLater();
    }
  };

  const onError = (data: ErrorData) => {
    const why = failureOf(data);
    if (why?.kind === 'refused') {
      if (data.frag) void confirmRefusal(why);
      else end('refused', why);
      return;
    }
    if (why?.kind === 'signed-out') {
      end('signed-out', why);
      return;
    }
    if (why && why.kind !== 'network') failure = why;
    if (!data.fatal) return;
    const at = performance.now();
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && at - recoveredAt > 10_000) {
      recoveredAt = at;
      hls?.recoverMediaError();
      return;
    }
    failure = why ?? failure ?? { kind: 'browser', code: 'decode' };
    retryLater();
  };

  const open = () => {
    if (stopping.signal.aborted || document.hidden || ended) return;
    if (!Hls.isSupported()) {
      failure = { kind: 'browser', code: 'unsupported' };
      tell();
      return;
    }
    close(true);
    attemptAt = performance.now();
    const player = new Hls({
      ...baseConfig,
      lowLatencyMode: true,
      maxLiveSyncPlaybackRate: 1.2,
      liveSyncOnStallIncrease: 0,
      backBufferLength: 10,
      maxBufferLength: 10,
    });
    hls = player;
    player.on(Hls.Events.ERROR, (_event, data) => onError(data));
    player.on(Hls.Events.LEVEL_LOADED, (_event, { details }) => {
      if (catchUpFrom === undefined) return;
      const place = mediaTimeAt(anchorsOf(details), catchUpFrom);
      catchUpFrom = undefined;
      if (place) player.startLoad(place.mediaTime);
    });
    player.on(Hls.Events.MANIFEST_PARSED, () => void play());
    player.attachMedia(video);
    player.loadSource(url);
    endWatch = watchFrames(video, ({ mediaTime, at }) => {
      lastFrameAt = at;
      attempt = 0;
      everShown = true;
      failure = null;
      const utc = utcAt(anchorsOf(player.latestLevelDetails), mediaTime);
      if (utc !== undefined) {
        frameUtc = utc;
        latencyMs = Math.max(0, now() - utc);
        options.onFrame?.(utc);
      }
      if (phase !== 'live') tell();
    });
    tell();
  };

  const play = async () => {
    video.playbackRate = 1;
    try {
      await video.play();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') {
        failure = { kind: 'browser', code: 'autoplay' };
        tell();
      }
    }
  };

  let wasStalled = false;
  const ticker = setInterval(() => {
    tell();
    if (!hls || ended || document.hidden) return;
    const at = performance.now();
    if (phase === 'stalled') wasStalled = true;
    if (
      wasStalled &&
      shouldJump(hls.latency, hls.targetLatency ?? Number.NaN) &&
      hls.liveSyncPosition !== null
    ) {
      video.currentTime = hls.liveSyncPosition;
      wasStalled = false;
    } else if (phase === 'live' && lastFrameAt !== null && hls.latency < (hls.targetLatency ?? 0) + 0.5)
      wasStalled = false;
    if (video.paused && phase === 'stalled') void play();
    if (at - Math.max(attemptAt, lastFrameAt ?? 0) > GIVE_UP_MS) retryLater();
  }, 400);

  const onVisibility = () => {
    if (document.hidden) close(true);
    else open();
    tell();
  };
  document.addEventListener('visibilitychange', onVisibility);
  open();

  return {
    retry() {
      ended = null;
      failure = null;
      attempt = 0;
      open();
      tell();
    },
    stop() {
      stopping.abort();
      clearInterval(ticker);
      document.removeEventListener('visibilitychange', onVisibility);
      close(true);
    },
  };
}

/** Copies what the video shows onto a canvas; leaves the canvas alone when the video shows nothing. */
export function keepStill(video: HTMLVideoElement, still: HTMLCanvasElement): void {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return;
  still.width = video.videoWidth;
  still.height = video.videoHeight;
  still.getContext('2d')?.drawImage(video, 0, 0);
}
