import type { TileBytes, TileEndReason } from '../../main/contract/tile-wire.ts';
import type { TrackName } from '../../main/contract/video.ts';
import type { OpenTile, TileConnection } from '../hub/tile-connection.ts';
import { createEdge } from './edge.ts';
import { watchFrames } from './frame-watch.ts';
import { type LiveEnd, type LivePhase, livePhase, provesLive, retryDelay } from './live-phase.ts';
import type { LiveSession } from './live-run.ts';
import { createWhy, runLive } from './live-run.ts';
import type { LiveFailure, LiveSessionOptions } from './live-session.ts';
import { utcAt } from './media-clock.ts';
import { keepStill } from './still.ts';
import { canPlay, createTileMedia, type TileMedia } from './tile-media.ts';

export interface SocketSessionOptions extends LiveSessionOptions {
  connection: TileConnection;
  /** In order of preference. */
  tracks: readonly TrackName[];
  /** Which track it turned out to be. */
  onTrack?: (track: TrackName) => void;
  /** This way leads to no picture here: take another. Called once at most. */
  onUnusable: () => void;
}

/** Older than this when it is shown, a frame is not live: over this way it takes less than a second. */
const LIVE_AGE_MS = 5_000;
/** The newest group of pictures comes in one burst, whose end is this near to now. */
const BURST_AGE_MS = 1_500;
const BURST_WAIT_MS = 250;
/** No frame for this long although nothing failed: begin anew, ms. */
const GIVE_UP_MS = 12_000;
/** So many failures of the browser's own in a row, and it is left alone. */
const MOST_FAILURES = 2;

const ENDS: Partial<Record<TileEndReason, LiveEnd>> = {
  'no-right': 'refused',
  'signed-out': 'signed-out',
  'no-stream': 'no-stream',
};

/** Plays a camera live from the tile connection, at the edge, and always says honestly what is on the screen. */
export function createSocketSession(options: SocketSessionOptions): LiveSession {
  const { video, still, cameraId, connection, onChange } = options;
  const stopping = new AbortController();
  const edge = createEdge();
  let tile: OpenTile | null = null;
  let media: TileMedia | null = null;
  let endWatch: (() => void) | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let attemptAt = performance.now();
  let burstSince: number | undefined;
  let newestUtc = 0;
  let playing = false;
  let browserFailures = 0;
  let lastFrameAt: number | null = null;
  let everShown = false;
  let ended: LiveEnd | null = null;
  let failure: LiveFailure | null = null;
  let frameUtc: number | null = null;
  let latencyMs: number | null = null;
  let phase: LivePhase = 'starting';

  const now = () => connection.hubNow() ?? options.now();

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
    tile?.close();
    tile = null;
    if (keepPicture) keepStill(video, still);
    else still.width = 0;
    media?.close();
    media = null;
    playing = false;
    burstSince = undefined;
    lastFrameAt = null;
  };

  const end = (how: LiveEnd, why: LiveFailure) => {
    close(false);
    ended = how;
    failure = why;
    tell();
  };

  const retryLater = () => {
    close(true);
    retryTimer = setTimeout(open, retryDelay(attempt++, Math.random()));
    tell();
  };

  const giveUp = () => {
    close(true);
    options.onUnusable();
  };

  const onFailure = () => {
    browserFailures += 1;
    if (browserFailures > MOST_FAILURES) giveUp();
    else retryLater();
  };

  const onEnded = (reason: TileEndReason, detail: string) => {
    const how = ENDS[reason];
    if (how === 'refused') end(how, { kind: 'refused', reason: detail });
    else if (how) end(how, { kind: how === 'signed-out' ? 'signed-out' : 'no-stream' });
    else if (reason === 'codec-unsupported') {
      failure = { kind: 'stream', code: 'codec-unsupported' };
      retryLater();
    } else giveUp();
  };

  /** The connection is gone, not the camera: its place is asked for again at once, and waits there. */
  const onLost = () => {
    if (!connection.usable()) giveUp();
    else open();
  };

  const onBytes = (message: TileBytes) => {
    if (message.kind === 'format') {
      if (!canPlay('video', message.format.codec)) giveUp();
      else media?.format(message.format, message.bytes, message.number);
      return;
    }
    newestUtc = message.utcMs + message.durationUs / 1000;
    burstSince ??= performance.now();
    media?.fragment(message);
  };

  const play = async () => {
    try {
      await video.play();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') {
        failure = { kind: 'browser', code: 'autoplay' };
        tell();
      }
    }
  };

  /** Goes to the edge as soon as the burst that opens a tile is in; before that there is none. */
  const begin = () => {
    const range = media?.newest();
    if (!range || burstSince === undefined || !media?.idle()) return;
    const recent = now() - newestUtc < BURST_AGE_MS;
    if (!recent && performance.now() - burstSince < BURST_WAIT_MS) return;
    playing = true;
    video.currentTime = edge.startS(range);
    void play();
  };

  /** After each arrival, and now and then when nothing arrives. */
  const steer = () => {
    if (!media) return;
    if (!playing) {
      begin();
      return;
    }
    const range = media.newest();
    if (!range || video.seeking) return;
    const place = { positionS: video.currentTime, ...range };
    const { rate, jumpToS } = edge.advise(place, performance.now());
    if (jumpToS !== undefined && jumpToS > video.currentTime) video.currentTime = jumpToS;
    else if (video.playbackRate !== rate) video.playbackRate = rate;
    if (video.paused) void play();
  };

  const onFrame = (mediaTime: number, at: number) => {
    if (!media || video.seeking) return;
    const utc = utcAt(media.anchors(), mediaTime);
    const isNew = utc !== undefined && (frameUtc === null || utc > frameUtc);
    if (provesLive(utc, frameUtc, now()) && utc !== undefined && now() - utc < LIVE_AGE_MS) {
      lastFrameAt = at;
      everShown = true;
      attempt = 0;
      browserFailures = 0;
      failure = null;
    }
    if (utc !== undefined && isNew) {
      frameUtc = utc;
      latencyMs = Math.max(0, now() - utc);
      options.onFrame?.(utc);
    }
    if (phase !== 'live') tell();
  };

  const open = () => {
    if (stopping.signal.aborted || document.hidden || ended) return;
    close(true);
    attemptAt = performance.now();
    edge.reset();
    media = createTileMedia({
      element: video,
      kind: 'video',
      onTaken(number) {
        tile?.acknowledge(number);
        steer();
      },
      onArrival(startS) {
        if (playing) edge.arrived(startS, performance.now());
      },
      onRun: edge.reset,
      onFailure,
    });
    tile = connection.open(cameraId, options.tracks, {
      opened: (track) => options.onTrack?.(track),
      bytes: onBytes,
      behind: () => undefined,
      down(problem) {
        failure = problem ? { kind: 'stream', code: problem } : failure;
      },
      ended: onEnded,
      lost: onLost,
    });
    endWatch = watchFrames(video, ({ mediaTime, at }) => onFrame(mediaTime, at));
    tell();
  };

  const why = createWhy(options.problem, stopping.signal);
  const look = () => {
    tell();
    if (!media || ended || document.hidden) return;
    steer();
    const at = performance.now();
    const waits = phase === 'stalled' || phase === 'starting' || phase === 'problem';
    const stillSince = Math.max(attemptAt, lastFrameAt ?? 0);
    if (waits)
      why.ask(at, stillSince, (code) => {
        if (phase === 'stalled' || phase === 'starting') failure = { kind: 'stream', code };
      });
    if (at - stillSince > GIVE_UP_MS) retryLater();
  };

  const onWaiting = () => {
    if (playing && !video.seeking) edge.ranDry(video.currentTime, performance.now());
  };
  video.addEventListener('waiting', onWaiting, { signal: stopping.signal });

  return runLive({
    ...{ stopping, open, close, tell, look },
    afresh() {
      ended = null;
      failure = null;
      attempt = 0;
    },
  });
}
