import Hls, { type ErrorData } from 'hls.js';
import type { Timeline } from '../../main/contract/video.ts';
import { HubError } from '../hub/errors.ts';
import { type ArchiveState, initialArchive } from './archive-state.ts';
import { continuesLive, findPlace, WINDOW_MS } from './archive-window.ts';
import { createFrameLength, watchFrames } from './frame-watch.ts';
import { anchorsOf, baseConfig, failureOf } from './hls-parts.ts';
import type { LiveFailure } from './live-session.ts';
import { endOf, mediaTimeAt, startOf, utcAt } from './media-clock.ts';
import { keepStill } from './still.ts';
import { failureFrom, type StreamFailure } from './stream-failure.ts';

export interface ArchiveSessionOptions {
  video: HTMLVideoElement;
  still: HTMLCanvasElement;
  cameraId: string;
  now: () => number;
  timeline: (from: number, to: number, signal: AbortSignal) => Promise<Timeline>;
  onChange: (state: ArchiveState) => void;
  onFrame: (utc: number) => void;
  /** The archive is at its end: go on live from here. */
  onLive: (from: number) => void;
}

export interface ArchiveSession {
  /** Goes to a moment, to the frame. Keeps playing when it was. */
  go(utc: number, play?: boolean): void;
  play(): void;
  pause(): void;
  setRate(rate: number): void;
  /** One frame on (1) or back (-1). */
  step(direction: 1 | -1): void;
  retry(): void;
  stop(): void;
}

/** A seek this far off its aim is corrected once, ms. */
const OFF_AIM_MS = 60;
/** Rounding must not show the frame before the one asked for, s. */
const NUDGE_S = 0.001;
/** Where a pause at the end of the archive shows its last picture, ms before the end. */
const LAST_BIT_MS = 2000;
/** How often the position is told to the screen, ms. Every frame goes to `onFrame`. */
const TELL_EVERY_MS = 150;
/** Pause between two pictures when playing backwards, ms. */
const BACKWARD_EVERY_MS = 120;

/** Plays the recording of a camera on a video element: exact seeking, speeds, frame steps, across gaps. */
export function createArchiveSession(options: ArchiveSessionOptions): ArchiveSession {
  const { video, still, cameraId, now, onChange } = options;
  const base = `/api/video/${encodeURIComponent(cameraId)}`;
  const stopping = new AbortController();
  const frameLength = createFrameLength();
  let state: ArchiveState = initialArchive;
  let hls: Hls | null = null;
  let endWatch: (() => void) | null = null;
  let opening: AbortController | null = null;
  let aim: number | null = null;
  let corrected = false;
  let shownAt: number | null = null;
  let backwardTimer: ReturnType<typeof setTimeout> | undefined;
  let lastAsked = now();
  let toldAt = 0;

  const tell = (change: Partial<ArchiveState>) => {
    state = { ...state, ...change };
    onChange(state);
  };
  const anchors = () => anchorsOf(hls?.latestLevelDetails);

  const close = (keepPicture: boolean) => {
    opening?.abort();
    opening = null;
    clearTimeout(backwardTimer);
    endWatch?.();
    endWatch = null;
    if (keepPicture) keepStill(video, still);
    else still.width = 0;
    hls?.destroy();
    hls = null;
    video.removeAttribute('src');
    video.load();
  };

  const fail = (failure: LiveFailure) => {
    const phase =
      failure.kind === 'refused' ? 'refused' : failure.kind === 'signed-out' ? 'signed-out' : 'problem';
    close(phase === 'problem');
    tell({ phase, failure, waiting: false });
  };

  /** Finds what is recorded at or after `utc` and plays it. */
  const open = async (utc: number, before = true) => {
    lastAsked = utc;
    opening?.abort();
    const mine = new AbortController();
    opening = mine;
    tell({ phase: 'loading', failure: null, waiting: true });
    try {
      const { place, newest } = await findPlace(utc, now(), (from, to) =>
        options.timeline(from, to, mine.signal),
      );
      if (mine.signal.aborted || stopping.signal.aborted) return;
      if (place.kind === 'nothing') {
        close(false);
        tell({ phase: 'nothing', waiting: false });
      } else if (place.kind === 'live') {
        // A paused picture of the past must not turn into a live one by itself.
        const last = (newest ?? 0) - LAST_BIT_MS;
        if (!state.playing && utc > last) await open(last);
        else options.onLive(newest ?? utc);
      } else {
        tell({ skipped: place.skipped });
        load(before ? place.from : place.start, place.to, place.start);
      }
    } catch (error) {
      if (mine.signal.aborted) return;
      fail(error instanceof HubError ? failureOfHub(error) : { kind: 'network', status: 0 });
    }
  };

  const load = (from: number, to: number, start: number) => {
    close(true);
    if (!Hls.isSupported()) {
      fail({ kind: 'browser', code: 'unsupported' });
      return;
    }
    const player = new Hls({
      ...baseConfig,
      autoStartLoad: false,
      maxBufferLength: bufferFor(state.rate),
      backBufferLength: 60,
    });
    hls = player;
    aim = start;
    corrected = false;
    let located = false;
    player.on(Hls.Events.LEVEL_LOADED, (_event, { details }) => {
      if (located) return;
      located = true;
      // Not before: footage is fetched from the right place on, and nothing in vain.
      const place = mediaTimeAt(anchorsOf(details), start);
      player.startLoad(place ? place.mediaTime + NUDGE_S : 0);
    });
    player.on(Hls.Events.ERROR, (_event, data) => onError(data, start, from < start));
    endWatch = watchFrames(video, ({ mediaTime }) => onShown(mediaTime));
    player.attachMedia(video);
    player.loadSource(`${base}/archive.m3u8?from=${Math.floor(from)}&to=${Math.ceil(to)}`);
    video.playbackRate = Math.max(0.25, state.rate);
    video.defaultPlaybackRate = video.playbackRate;
    if (state.playing && state.rate > 0) void play();
  };

  const onShown = (mediaTime: number) => {
    if (!video.paused && video.playbackRate === 1) frameLength.seen(mediaTime);
    shownAt = mediaTime;
    const utc = utcAt(anchors(), mediaTime);
    if (utc === undefined) return;
    if (aim !== null) {
      const off = Math.abs(utc - aim);
      const wanted = aim;
      aim = null;
      if (off > OFF_AIM_MS + frameLength.seconds() * 1000 && !corrected) {
        corrected = true;
        const place = mediaTimeAt(anchors(), wanted);
        if (place && Math.abs(place.utc - wanted) < 1) video.currentTime = place.mediaTime + NUDGE_S;
      }
    }
    options.onFrame(utc);
    const at = performance.now();
    if (state.phase !== 'ready' || state.waiting || !state.playing || at - toldAt > TELL_EVERY_MS) {
      toldAt = at;
      tell({ phase: 'ready', waiting: false, currentUtc: utc });
    } else state = { ...state, currentUtc: utc };
    if (state.playing && state.rate < 0) backwards();
  };

  const onError = (data: ErrorData, start: number, padded: boolean) => {
    const why = failureOf(data);
    if (why?.kind === 'refused' && padded && !data.frag && why.reason === 'archive-depth') {
      // The minute before the place may lie deeper than this person may look; the place itself may not.
      void open(start, false);
      return;
    }
    if (why && (why.kind === 'refused' || why.kind === 'signed-out')) {
      fail(why);
      return;
    }
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && !corrected) {
      corrected = true;
      hls?.recoverMediaError();
      return;
    }
    fail(why ?? { kind: 'browser', code: 'decode' });
  };

  const play = async () => {
    try {
      await video.play();
    } catch (error) {
      // A newer seek or pause interrupts a pending play: that is not a failure.
      if (error instanceof DOMException && error.name === 'NotAllowedError')
        fail({ kind: 'browser', code: 'autoplay' });
    }
  };

  /** At the end of what is loaded: the next window, or live. */
  const onEnded = () => {
    const end = endOf(anchors());
    if (end === undefined) return;
    if (continuesLive(end, now())) options.onLive(end);
    else void open(end);
  };

  /** One picture further back, again and again; each waits for the one before to be shown. */
  const backwards = () => {
    clearTimeout(backwardTimer);
    backwardTimer = setTimeout(() => {
      if (!state.playing || state.rate >= 0 || shownAt === null || !hls) return;
      const target = shownAt + (state.rate * BACKWARD_EVERY_MS) / 1000;
      const first = anchors()[0]?.start ?? 0;
      if (target >= first) video.currentTime = target;
      else void open(Math.max(0, (startOf(anchors()) ?? 0) - WINDOW_MS / 4));
    }, BACKWARD_EVERY_MS);
  };

  const onWaiting = () => tell({ waiting: true });
  const onPlaying = () => tell({ waiting: false });
  const onSeeked = () => state.waiting && tell({ waiting: false });
  video.addEventListener('ended', onEnded);
  video.addEventListener('waiting', onWaiting);
  video.addEventListener('playing', onPlaying);
  video.addEventListener('seeked', onSeeked);

  return {
    go(utc, playing = state.playing) {
      tell({ playing, skipped: null });
      if (!playing) video.pause();
      lastAsked = utc;
      const list = anchors();
      const place = hls ? mediaTimeAt(list, utc) : undefined;
      const first = startOf(list);
      // Inside the loaded window: a seek. A time in a gap or outside asks the index first.
      if (place && first !== undefined && utc >= first && Math.abs(place.utc - utc) < 1) {
        opening?.abort();
        aim = utc;
        corrected = false;
        tell({ phase: 'ready', waiting: true, failure: null });
        video.currentTime = place.mediaTime + NUDGE_S;
        if (playing && state.rate > 0) void play();
      } else void open(utc);
    },
    play() {
      tell({ playing: true });
      if (state.rate < 0) backwards();
      else if (video.ended) onEnded();
      else if (hls) void play();
    },
    pause() {
      clearTimeout(backwardTimer);
      video.pause();
      tell({ playing: false });
    },
    setRate(rate) {
      tell({ rate });
      if (hls) hls.config.maxBufferLength = bufferFor(rate);
      if (rate < 0) {
        video.pause();
        if (state.playing) backwards();
        return;
      }
      clearTimeout(backwardTimer);
      video.playbackRate = rate;
      if (state.playing && hls) void play();
    },
    step(direction) {
      clearTimeout(backwardTimer);
      video.pause();
      tell({ playing: false });
      if (shownAt === null || !hls) return;
      const end = endOf(anchors());
      const length = frameLength.seconds();
      if (direction === 1 && end !== undefined && (utcAt(anchors(), shownAt) ?? 0) + length * 1500 > end)
        void open(end);
      else stepFrame(video, shownAt, direction, length);
    },
    retry: () => void open(state.currentUtc ?? lastAsked),
    stop() {
      stopping.abort();
      video.removeEventListener('ended', onEnded);
      video.removeEventListener('waiting', onWaiting);
      video.removeEventListener('playing', onPlaying);
      video.removeEventListener('seeked', onSeeked);
      close(true);
    },
  };
}

/** Fast playing eats the buffer fast, s. */
const bufferFor = (rate: number): number => 10 * Math.max(1, Math.abs(rate));

/** Aims into the middle of the neighbouring frame, where no rounding can miss it. */
function stepFrame(video: HTMLVideoElement, shownAt: number, direction: 1 | -1, length: number): void {
  video.currentTime = Math.max(0, shownAt + (direction === 1 ? length * 1.5 : -length * 0.5));
}

/** A refusal of the timeline, in the words of a refusal of the playlist. */
function failureOfHub(error: HubError): StreamFailure {
  return error.status === 0
    ? { kind: 'network', status: 0 }
    : failureFrom(error.status, { code: error.code, params: { ...error.params } });
}
