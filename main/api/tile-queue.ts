import type { FeedFragment } from './tile-feed.ts';

/** What waits longer than this is no longer live, ms. */
const LONGEST_WAIT_MS = 700;
/** No camera makes this much in that time; a bound all the same. */
const MOST_BYTES = 8 * 1024 * 1024;

interface Waiting {
  fragment: FeedFragment;
  /** Monotonic ms. */
  since: number;
}

/**
 * The fragments of one tile that wait for their turn on a connection. When they wait too long, all up to the newest
 * keyframe is left out; the keyframe itself stays, so that the slowest console still gets a picture now and then.
 * Holds references to bytes that all viewers share, no copies.
 */
export function createTileQueue() {
  let waiting: Waiting[] = [];
  let bytes = 0;
  let needsKeyframe = false;
  let dropped = 0;

  function keep(kept: Waiting[]): void {
    dropped += waiting.length - kept.length;
    waiting = kept;
    bytes = kept.reduce((sum, { fragment }) => sum + fragment.bytes.length, 0);
  }

  function catchUp(now: number): void {
    const head = waiting[0];
    if (!head || (now - head.since <= LONGEST_WAIT_MS && bytes <= MOST_BYTES)) return;
    const newest = waiting.findLastIndex(({ fragment }) => fragment.keyframe);
    const key = waiting[newest];
    if (key && now - key.since <= LONGEST_WAIT_MS && newest > 0) {
      keep(waiting.slice(newest));
      if (bytes <= MOST_BYTES) return;
    }
    keep(key ? [key] : []);
    needsKeyframe = true;
  }

  return {
    push(fragment: FeedFragment, now: number): void {
      if (needsKeyframe && !fragment.keyframe) {
        dropped += 1;
        return;
      }
      needsKeyframe = false;
      waiting.push({ fragment, since: now });
      bytes += fragment.bytes.length;
      catchUp(now);
    },
    /** Takes the next one that is worth sending. */
    shift(now: number): FeedFragment | undefined {
      catchUp(now);
      const next = waiting.shift();
      if (!next) return undefined;
      bytes -= next.fragment.bytes.length;
      return next.fragment;
    },
    /** How many were left out since it was last asked. */
    takeDropped(): number {
      const count = dropped;
      dropped = 0;
      return count;
    },
    length: () => waiting.length,
    bytes: () => bytes,
  };
}

export type TileQueue = ReturnType<typeof createTileQueue>;
