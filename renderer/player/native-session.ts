import { watchFrames } from './frame-watch.ts';
import { type LiveEnd, livePhase, provesLive, retryDelay } from './live-phase.ts';
import type { LiveSession } from './live-run.ts';
import { runLive } from './live-run.ts';
import type { LiveFailure, LiveSessionOptions } from './live-session.ts';
import { keepStill } from './still.ts';
import { streamFailure } from './stream-failure.ts';
import { mediaSourceClass } from './tile-media.ts';

/** Safari tells the true time at which the media's own time begins (EXT-X-PROGRAM-DATE-TIME); an Invalid Date before. */
interface DatedVideo extends HTMLVideoElement {
  getStartDate?: () => Date;
}

/** No frame for this long although nothing failed: begin anew, ms. */
const GIVE_UP_MS = 15_000;
const PLAYLIST = 'application/vnd.apple.mpegurl';

/** Whether the browser plays HLS itself and nothing else will do: an iPhone without media source extensions. */
export const playsNatively = (): boolean =>
  !mediaSourceClass() && document.createElement('video').canPlayType(PLAYLIST) !== '';

/** Plays a camera live by the browser's own HLS player, and says honestly what is on the screen. */
export function createNativeSession(options: LiveSessionOptions): LiveSession {
  const { still, cameraId, now, onChange } = options;
  const video: DatedVideo = options.video;
  const url = `/api/video/${encodeURIComponent(cameraId)}/live.m3u8`;
  const stopping = new AbortController();
  let endWatch: (() => void) | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let attemptAt = performance.now();
  let lastFrameAt: number | null = null;
  let everShown = false;
  let ended: LiveEnd | null = null;
  let failure: LiveFailure | null = null;
  let frameUtc: number | null = null;
  let latencyMs: number | null = null;

  const tell = () => {
    const phase = livePhase(
      { lastFrameAt, everShown, hasProblem: failure !== null, ended, hidden: document.hidden },
      performance.now(),
    );
    onChange({ phase, frameUtc, latencyMs, failure });
  };

  const close = (keepPicture: boolean) => {
    clearTimeout(retryTimer);
    endWatch?.();
    endWatch = null;
    if (keepPicture) keepStill(video, still);
    else still.width = 0;
    video.removeAttribute('src');
    video.load();
    lastFrameAt = null;
  };

  const onFrame = (mediaTime: number, at: number) => {
    const begin = video.getStartDate?.().getTime();
    const utc = begin === undefined || Number.isNaN(begin) ? undefined : begin + mediaTime * 1000;
    if (provesLive(utc, frameUtc, now())) {
      lastFrameAt = at;
      everShown = true;
      attempt = 0;
      failure = null;
    }
    if (utc === undefined || (frameUtc !== null && utc <= frameUtc)) return;
    frameUtc = utc;
    latencyMs = Math.max(0, now() - utc);
    options.onFrame?.(utc);
  };

  /** The element says that it failed and not why; the playlist's own answer does. */
  const onError = async () => {
    if (stopping.signal.aborted || !video.getAttribute('src')) return;
    close(true);
    try {
      const response = await fetch(url, { cache: 'no-store', signal: stopping.signal });
      const why = response.ok ? null : streamFailure(response.status, await response.text());
      failure = why ?? { kind: 'browser', code: 'decode' };
      if (why?.kind === 'refused' || why?.kind === 'signed-out' || why?.kind === 'no-stream') {
        ended = why.kind;
        close(false);
      }
    } catch {
      // No answer at all: the hub is away.
      failure = { kind: 'network', status: 0 };
    }
    if (!ended && !stopping.signal.aborted)
      retryTimer = setTimeout(open, retryDelay(attempt++, Math.random()));
    tell();
  };

  const open = () => {
    if (stopping.signal.aborted || document.hidden || ended) return;
    close(true);
    attemptAt = performance.now();
    video.src = url;
    endWatch = watchFrames(video, ({ mediaTime, at }) => onFrame(mediaTime, at));
    video.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError')
        failure = { kind: 'browser', code: 'autoplay' };
    });
    tell();
  };

  const look = () => {
    tell();
    if (ended || document.hidden || !endWatch) return;
    const at = performance.now();
    if (at - Math.max(attemptAt, lastFrameAt ?? 0) > GIVE_UP_MS) open();
  };
  video.addEventListener('error', () => void onError(), { signal: stopping.signal });

  return runLive({
    ...{ stopping, open, close, tell, look },
    afresh() {
      ended = null;
      failure = null;
      attempt = 0;
    },
  });
}
