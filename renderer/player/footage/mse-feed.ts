import type { FootageIndex } from './footage-index.ts';
import type { FootageStore, LoadedInit, LoadedSegment } from './footage-store.ts';
import { type Segment, segmentEnd } from './playlist.ts';

export interface FeedOptions {
  media: HTMLMediaElement;
  index: FootageIndex;
  store: FootageStore;
  /** What cannot be overcome: a refusal, a lost hub, a codec that the browser does not know. */
  onFailure: (error: unknown) => void;
}

/** The year 2100: an open end would forbid to seek ahead of what is loaded. */
const DURATION_S = 4_102_444_800;
/** Times of neighbouring segments agree this well while the footage goes on; else it is laid anew, s. */
const SETTLED_S = 0.004;
/** Kept before and after the place being watched, ms. */
const KEEP_BEHIND_MS = 30_000;
const KEEP_AHEAD_MS = 90_000;
/** A group of pictures is not longer than so many segments. */
const LONGEST_CHAIN = 12;

/** What a browser without the plain one has (iPhone). */
type MediaSourceClass = typeof MediaSource;
const mediaSourceClass = (): MediaSourceClass | undefined => {
  if ('MediaSource' in globalThis) return MediaSource;
  const managed: unknown = Reflect.get(globalThis, 'ManagedMediaSource');
  return typeof managed === 'function' ? (managed as MediaSourceClass) : undefined;
};
export const canFeed = (): boolean => mediaSourceClass() !== undefined;

/** The media element's own clock is UTC in seconds: no table is needed from one to the other. */
export const utcOf = (mediaTime: number): number => mediaTime * 1000;
export const mediaTimeOf = (utc: number): number => utc / 1000;

/**
 * Feeds footage to a media element by Media Source Extensions, each frame laid at its true time. Hours join without
 * a seam, gaps stay gaps, and a seek is a seek.
 */
export function createMseFeed({ media, index, store, onFailure }: FeedOptions) {
  const SourceClass = mediaSourceClass();
  if (!SourceClass) throw new Error('this browser has no Media Source Extensions');
  const source = new SourceClass();
  const url = URL.createObjectURL(source);
  const opened = new Promise<void>((resolve) =>
    source.addEventListener(
      'sourceopen',
      () => {
        source.duration = DURATION_S;
        resolve();
      },
      { once: true },
    ),
  );
  /** Laid segments by name, with where they really lie. */
  const laid = new Map<string, Segment>();
  let buffer: SourceBuffer | undefined;
  let bufferInit: LoadedInit | undefined;
  let last: Segment | undefined;
  let focus = { utc: 0, aheadMs: 0 };
  let busy = false;
  let closed = false;
  let fetching: { segment: Segment; abort: AbortController } | undefined;

  media.src = url;

  const idle = (target: SourceBuffer) =>
    new Promise<void>((resolve, reject) => {
      if (!target.updating) {
        resolve();
        return;
      }
      const done = () => {
        target.removeEventListener('updateend', done);
        target.removeEventListener('error', failed);
        resolve();
      };
      const failed = () => {
        target.removeEventListener('updateend', done);
        target.removeEventListener('error', failed);
        reject(new DOMException('the footage cannot be decoded', 'EncodingError'));
      };
      target.addEventListener('updateend', done);
      target.addEventListener('error', failed);
    });

  async function append(bytes: Uint8Array<ArrayBuffer>, target: SourceBuffer): Promise<void> {
    try {
      target.appendBuffer(bytes);
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
      await evict(target, KEEP_BEHIND_MS / 6, KEEP_AHEAD_MS / 4);
      target.appendBuffer(bytes);
    }
    await idle(target);
  }

  async function withInit(init: LoadedInit): Promise<SourceBuffer> {
    await opened;
    if (!buffer) {
      buffer = source.addSourceBuffer(init.mime);
      buffer.mode = 'segments';
    }
    if (bufferInit !== init) {
      if (bufferInit && bufferInit.mime !== init.mime) buffer.changeType(init.mime);
      await append(init.bytes, buffer);
      bufferInit = init;
      last = undefined;
    }
    return buffer;
  }

  async function lay(segment: Segment, init: LoadedInit, loaded: LoadedSegment): Promise<void> {
    const target = await withInit(init);
    if (closed) return;
    const offset = mediaTimeOf(segment.utc) - loaded.decodeTime / init.timescale;
    if (Math.abs(target.timestampOffset - offset) > SETTLED_S) target.timestampOffset = offset;
    await append(loaded.bytes, target);
    laid.set(segment.uri, segment);
    last = segment;
    await evict(target, KEEP_BEHIND_MS, KEEP_AHEAD_MS);
  }

  /** Gives back what lies far from the place being watched. */
  async function evict(target: SourceBuffer, behindMs: number, aheadMs: number): Promise<void> {
    const from = focus.utc - behindMs;
    const to = focus.utc + aheadMs;
    const gone = [...laid.values()].filter((one) => segmentEnd(one) < from || one.utc > to);
    if (gone.length === 0) return;
    for (const one of gone) laid.delete(one.uri);
    const kept = [...laid.values()];
    const first = Math.min(...kept.map((one) => one.utc));
    const end = Math.max(...kept.map(segmentEnd));
    for (const [start, stop] of kept.length > 0
      ? [
          [0, mediaTimeOf(first) - 0.005],
          [mediaTimeOf(end) + 0.05, DURATION_S],
        ]
      : [[0, DURATION_S]]) {
      if (start === undefined || stop === undefined || stop <= start) continue;
      target.remove(start, stop);
      await idle(target);
    }
  }

  /** What lies before a segment and is needed to decode it, and itself. */
  async function chainOf(segment: Segment, loaded: LoadedSegment, signal: AbortSignal) {
    const chain = [{ segment, loaded }];
    while (chain.length <= LONGEST_CHAIN) {
      const first = chain[0];
      if (first?.loaded.frames[0]?.key !== false) break;
      const before = index.before(first.segment.utc);
      if (!before || before.init !== segment.init || first.segment.utc - segmentEnd(before) > 500) break;
      if (last?.uri === before.uri && laid.has(before.uri)) break;
      chain.unshift({ segment: before, loaded: await store.segment(before, signal) });
    }
    return chain;
  }

  /** The next segment that is missing from the place being watched on; undefined when there is enough. */
  async function missing(): Promise<Segment | undefined> {
    const until = focus.utc + focus.aheadMs;
    for (let at = focus.utc; at < until; ) {
      if (!index.knows(at)) {
        await index.ensure(at);
        if (!index.knows(at)) return undefined;
      }
      const segment = index.at(at) ?? index.after(at);
      if (!segment || segment.utc >= until) return undefined;
      if (!laid.has(segment.uri)) return segment;
      at = segmentEnd(segment) + 1;
    }
    return undefined;
  }

  async function run(): Promise<void> {
    if (busy || closed) return;
    busy = true;
    try {
      for (;;) {
        const segment = await missing();
        if (!segment || closed) return;
        const abort = new AbortController();
        fetching = { segment, abort };
        try {
          const [init, loaded] = await Promise.all([
            store.init(segment.init),
            store.segment(segment, abort.signal),
          ]);
          for (const one of await chainOf(segment, loaded, abort.signal)) {
            if (closed) return;
            await lay(one.segment, init, one.loaded);
          }
        } catch (error) {
          if (!abort.signal.aborted) throw error;
        } finally {
          fetching = undefined;
        }
      }
    } catch (error) {
      if (!closed) onFailure(error);
    } finally {
      busy = false;
    }
  }

  return {
    /** What is watched now, UTC ms, and how far ahead footage is wanted. Called again and again. */
    want(utc: number, aheadMs: number): void {
      focus = { utc, aheadMs };
      const far =
        fetching &&
        (segmentEnd(fetching.segment) < utc - 5_000 || fetching.segment.utc > utc + aheadMs + 5_000);
      if (far) fetching?.abort.abort();
      void run();
    },
    /** Is the footage of this moment in the element? */
    has(utc: number): boolean {
      const segment = index.at(utc);
      return segment !== undefined && laid.has(segment.uri);
    },
    close(): void {
      closed = true;
      fetching?.abort.abort();
      laid.clear();
      if (media.src === url) {
        media.removeAttribute('src');
        media.load();
      }
      URL.revokeObjectURL(url);
    },
  };
}

export type MseFeed = ReturnType<typeof createMseFeed>;
