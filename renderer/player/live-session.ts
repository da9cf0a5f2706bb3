import Hls, { type ErrorData } from 'hls.js';
import type { StreamProblemCode } from '../../main/contract/video.ts';
import { watchFrames } from './frame-watch.ts';
import { aheadOf, anchorsOf, baseConfig, failureOf } from './hls-parts.ts';
import { createHoldBack } from './hold-back.ts';
import { type LiveEnd, type LivePhase, livePhase, provesLive, retryDelay, shouldJump } from './live-phase.ts';
import { createWhy, type LiveSession, runLive } from './live-run.ts';
import { utcAt } from './media-clock.ts';
import { keepStill } from './still.ts';
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
  /** What the hub knows to be wrong with the stream; asked while no frames come. */
  problem: (signal: AbortSignal) => Promise<StreamProblemCode | null>;
  /** Called for every frame whose time is known. */
  onFrame?: (utc: number) => void;
  /** `small` stays with the smallest stream that there is. */
  size?: 'small' | 'large';
}

/** No frame for this long although nothing failed: begin anew, ms. */
const GIVE_UP_MS = 12_000;

/** Failures that say nothing about the stream itself. */
const PASSING: ReadonlySet<StreamFailure['kind']> = new Set(['network', 'starting', 'no-stream']);
/** Far behind for this long: jump to the edge, ms. */
const JUMP_AFTER_MS = 800;

export const initialLive: LiveState = { phase: 'starting', frameUtc: null, latencyMs: null, failure: null };

const liveUrl = (cameraId: string) => `/api/video/${encodeURIComponent(cameraId)}/live.m3u8?sound=no`;

/** Plays a camera live on a video element and always says honestly what is on the screen. */
export function createLiveSession(options: LiveSessionOptions): LiveSession {
  const { video, still, cameraId, now, onChange } = options;
  const url = liveUrl(cameraId);
  const stopping = new AbortController();
  const holdBack = createHoldBack();
  let hls: Hls | null = null;
  let endWatch: (() => void) | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let attemptAt = performance.now();
  let recoveredAt = Number.NEGATIVE_INFINITY;
  let lastFrameAt: number | null = null;
  let everShown = false;
  let ended: LiveEnd | null = null;
  let failure: LiveFailure | null = null;
  let frameUtc: number | null = null;
  let latencyMs: number | null = null;
  /** The hub's clock minus this one's, to the second, from the playlists' own headers. */
  let hubAhead = 0;
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

  const end = (how: LiveEnd, why: StreamFailure) => {
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
    // A part that is gone is no more than that; without a playlist there is no stream.
    if (why?.kind === 'signed-out' || (why?.kind === 'no-stream' && !data.frag)) {
      end(why.kind, why);
      return;
    }
    if (why && !PASSING.has(why.kind)) failure = why;
    if (!data.fatal) return;
    const at = performance.now();
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && at - recoveredAt > 10_000) {
      recoveredAt = at;
      hls?.recoverMediaError();
      return;
    }
    failure = why?.kind === 'starting' ? null : (why ?? failure ?? { kind: 'browser', code: 'decode' });
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
      // The distance from the edge is kept here, see `hold-back.ts`.
      maxLiveSyncPlaybackRate: 1,
      liveSyncOnStallIncrease: 0,
      backBufferLength: 10,
      maxBufferLength: 10,
    });
    hls = player;
    player.on(Hls.Events.ERROR, (_event, data) => onError(data));
    player.on(Hls.Events.LEVEL_LOADED, (_event, { networkDetails }) => {
      hubAhead = aheadOf(networkDetails) ?? hubAhead;
    });
    player.on(Hls.Events.MANIFEST_PARSED, () => {
      if (options.size === 'small') player.autoLevelCapping = 0;
      void play();
    });
    player.attachMedia(video);
    player.loadSource(url);
    endWatch = watchFrames(video, ({ mediaTime, at }) => {
      if (video.seeking) return;
      const utc = utcAt(anchorsOf(player.latestLevelDetails), mediaTime);
      const lives = provesLive(utc, frameUtc, Date.now() + hubAhead);
      everShown = true;
      if (lives) {
        lastFrameAt = at;
        attempt = 0;
        failure = null;
      }
      if (utc !== undefined && (frameUtc === null || utc > frameUtc)) {
        frameUtc = utc;
        latencyMs = Math.max(0, now() - utc);
      }
      if (utc !== undefined) options.onFrame?.(utc);
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

  /** At the distance from the edge that the playlist asks for. */
  const steer = (position: number, at: number) => {
    if (lastFrameAt === null || video.paused || video.seeking) return;
    const { buffered, currentTime } = video;
    const end = buffered.length > 0 ? buffered.end(buffered.length - 1) : currentTime;
    const rate = holdBack.rate({ behindS: position - currentTime, aheadS: end - currentTime }, at);
    if (video.playbackRate !== rate) video.playbackRate = rate;
  };
  const onWaiting = () => {
    if (lastFrameAt !== null && !video.seeking) holdBack.ranDry(performance.now());
  };
  video.addEventListener('waiting', onWaiting, { signal: stopping.signal });

  const why = createWhy(options.problem, stopping.signal);
  let behindSince: number | null = null;
  const look = () => {
    tell();
    if (!hls || ended || document.hidden) return;
    const at = performance.now();
    const { liveSyncPosition } = hls;
    if (liveSyncPosition !== null) steer(liveSyncPosition, at);
    const behind = shouldJump(hls.latency, hls.targetLatency ?? Number.NaN);
    // A jump is given its time: jumping on before its picture is here would never show one on a slow line or machine.
    behindSince = behind && !video.seeking ? (behindSince ?? at) : null;
    if (behindSince !== null && at - behindSince > JUMP_AFTER_MS && liveSyncPosition !== null) {
      // Only ever onwards: on a stream that stands still the edge lies behind.
      if (liveSyncPosition > video.currentTime + 1) video.currentTime = liveSyncPosition;
      behindSince = null;
    }
    if (video.paused && phase === 'stalled') void play();
    const stands = () => phase === 'stalled' || phase === 'starting';
    const stillSince = Math.max(attemptAt, lastFrameAt ?? 0);
    if (stands())
      why.ask(at, stillSince, (code) => {
        if (stands()) failure = { kind: 'stream', code };
      });
    if (at - stillSince > GIVE_UP_MS) retryLater();
  };

  return runLive({
    ...{ stopping, open, close, tell, look },
    afresh() {
      ended = null;
      failure = null;
      attempt = 0;
    },
  });
}
