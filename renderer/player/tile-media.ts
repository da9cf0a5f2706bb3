import type { FragmentHeader, TileFormat } from '../../main/contract/tile-wire.ts';
import type { Anchor } from './media-clock.ts';

/** What a live element plays from: fragments in, a place on its own time line for each. */
export interface TileMedia {
  format(format: TileFormat, bytes: Uint8Array<ArrayBuffer>, number: number): void;
  fragment(fragment: FragmentHeader & { bytes: Uint8Array<ArrayBuffer> }): void;
  /** The newest stretch without a gap; undefined while there is none. */
  newest(): { startS: number; endS: number } | undefined;
  /** True times of what there is, for `utcAt`. */
  anchors(): readonly Anchor[];
  /** Whether all that was given has been taken in. */
  idle(): boolean;
  close(): void;
}

export interface TileMediaOptions {
  element: HTMLMediaElement;
  kind: 'video' | 'audio';
  /** Everything up to this message has been taken in. */
  onTaken(number: number): void;
  /** About to take in what begins there. */
  onArrival(startS: number): void;
  /** What is taken in from here on has another time line: where it lies says nothing about when it should have come. */
  onRun(): void;
  /** The browser cannot play it. */
  onFailure(): void;
}

type Job =
  | { kind: 'format'; mime: string; bytes: Uint8Array<ArrayBuffer>; number: number }
  | { kind: 'media'; bytes: Uint8Array<ArrayBuffer>[]; startS: number; offsetS: number; number: number };

/** Played footage is kept for so long, for the browser's own needs, s. */
const KEPT_S = 2;
const TRIM_ABOVE_S = 6;
const MOST_ANCHORS = 400;

/** Where there is no MediaSource proper, an iPhone's managed one will do. */
export const mediaSourceClass = (): typeof MediaSource | undefined =>
  typeof MediaSource === 'undefined' ? undefined : MediaSource;

export const canPlay = (kind: 'video' | 'audio', codec: string): boolean =>
  mediaSourceClass()?.isTypeSupported(mimeOf(kind, codec)) ?? false;

const mimeOf = (kind: 'video' | 'audio', codec: string) => `${kind}/mp4; codecs="${codec}"`;

/** Feeds a media element from a tile's messages (Media Source Extensions). */
export function createTileMedia(options: TileMediaOptions): TileMedia {
  const { element, kind } = options;
  const Source = mediaSourceClass();
  if (!Source) throw new Error('media source extensions are needed');
  const source = new Source();
  const url = URL.createObjectURL(source);
  const closing = new AbortController();
  const { signal } = closing;
  let buffer: SourceBuffer | undefined;
  let jobs: Job[] = [];
  let taking = 0;
  let anchors: Anchor[] = [];
  let origin: number | undefined;
  let run: number | undefined;
  let offsetS = 0;
  /** Where the last fragment given ends. */
  let givenUntil = 0;
  let failed = false;

  const fail = () => {
    if (failed || signal.aborted) return;
    failed = true;
    options.onFailure();
  };

  const newest = () => {
    const ranges = buffer?.buffered;
    if (!ranges || ranges.length === 0) return undefined;
    return { startS: ranges.start(ranges.length - 1), endS: ranges.end(ranges.length - 1) };
  };

  function takeFormat(job: Extract<Job, { kind: 'format' }>): void {
    if (!buffer) {
      buffer = source.addSourceBuffer(job.mime);
      buffer.mode = 'segments';
      buffer.addEventListener('updateend', onTaken, { signal });
      buffer.addEventListener('error', fail, { signal });
    } else buffer.changeType(job.mime);
    buffer.appendBuffer(job.bytes);
  }

  function takeMedia(job: Extract<Job, { kind: 'media' }>): void {
    if (!buffer) return;
    if (buffer.timestampOffset !== job.offsetS) {
      buffer.timestampOffset = job.offsetS;
      options.onRun();
    }
    options.onArrival(job.startS);
    const [only] = job.bytes;
    buffer.appendBuffer(job.bytes.length === 1 && only ? only : joined(job.bytes));
  }

  function work(): void {
    if (signal.aborted || failed || source.readyState !== 'open' || buffer?.updating) return;
    const start = buffer && buffer.buffered.length > 0 ? buffer.buffered.start(0) : 0;
    const played = element.currentTime - KEPT_S;
    try {
      if (buffer && jobs.length === 0 && played - start > TRIM_ABOVE_S) {
        taking = 0;
        buffer.remove(0, played);
        return;
      }
      const [job] = jobs;
      if (!job) return;
      if (job.kind === 'format') takeFormat(job);
      else takeMedia(job);
      taking = job.number;
      jobs.shift();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError' && buffer && played > start)
        buffer.remove(0, played);
      else fail();
    }
  }

  function onTaken(): void {
    if (taking > 0) options.onTaken(taking);
    taking = 0;
    work();
  }

  source.addEventListener('sourceopen', work, { signal });
  element.src = url;

  return {
    newest,
    anchors: () => anchors,
    idle: () => jobs.length === 0 && buffer?.updating === false,
    format(format, bytes, number) {
      if (!canPlay(kind, format.codec)) {
        fail();
        return;
      }
      jobs.push({ kind: 'format', mime: mimeOf(kind, format.codec), bytes, number });
      work();
    },
    fragment({ utcMs, mediaTimeS, durationUs, run: ofRun, bytes, number }) {
      origin ??= utcMs;
      if (ofRun !== run) {
        run = ofRun;
        // True time gives a run its place, but never over what is there already.
        offsetS = Math.max(givenUntil, (utcMs - origin) / 1000) - mediaTimeS;
      }
      const start = mediaTimeS + offsetS;
      givenUntil = Math.max(givenUntil, start + durationUs / 1e6);
      anchors.push({ start, duration: durationUs / 1e6, utc: utcMs });
      if (anchors.length > MOST_ANCHORS) anchors = anchors.slice(MOST_ANCHORS / 2);
      const last = jobs.at(-1);
      if (last?.kind === 'media' && last.offsetS === offsetS) {
        last.bytes.push(bytes);
        last.number = number;
      } else jobs.push({ kind: 'media', bytes: [bytes], startS: start, offsetS, number });
      work();
    },
    close() {
      closing.abort();
      jobs = [];
      element.removeAttribute('src');
      element.load();
      URL.revokeObjectURL(url);
    },
  };
}

function joined(pieces: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
