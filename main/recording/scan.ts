import { readFragment } from './fragment.ts';
import { boxAt, MalformedMp4 } from './mp4-boxes.ts';
import { readPrft } from './prft.ts';
import type { SegmentEntry } from './segment-entries.ts';
import { segmentEnds } from './segment-rule.ts';

export interface Scan {
  /** UTC ms of the first frame found; the entries' `startUs` count from it. */
  startMs: number;
  entries: SegmentEntry[];
  /** Up to here the bytes are whole fragments; what follows was cut off while being written. */
  goodEnd: number;
}

/**
 * Finds the segments in footage whose index is lost: whole fragments, cut by the same rule that cut them
 * when they were recorded. Stops at the first box that is not complete or makes no sense.
 */
export function scanSegments(bytes: Buffer, from: number, timescale: number): Scan {
  const entries: SegmentEntry[] = [];
  let startMs = 0;
  let goodEnd = from;
  let utcMs: number | undefined;
  let pendingAt: number | undefined;
  let current: SegmentEntry | undefined;
  const close = () => {
    if (current) entries.push(current);
    current = undefined;
  };
  for (let at = from; ; ) {
    const found = wholeFragmentAt(bytes, at);
    if (!found) break;
    if (found.kind === 'other') {
      if (found.utcMs !== undefined) {
        utcMs = found.utcMs;
        pendingAt = at;
      }
      at = found.end;
      continue;
    }
    const durationUs = Math.round((found.duration / timescale) * 1e6);
    if (current && segmentEnds(current.durationUs / 1e6, durationUs / 1e6, found.keyframe)) close();
    if (!current) {
      if (utcMs === undefined) break;
      if (entries.length === 0) startMs = utcMs;
      const offset = pendingAt ?? at;
      current = {
        startUs: Math.round((utcMs - startMs) * 1000),
        durationUs: 0,
        offset,
        bytes: 0,
        independent: found.keyframe,
      };
    }
    current.durationUs += durationUs;
    current.bytes = found.end - current.offset;
    utcMs = (utcMs ?? 0) + durationUs / 1000;
    pendingAt = undefined;
    at = found.end;
    goodEnd = at;
  }
  close();
  return { startMs, entries, goodEnd };
}

type Found =
  | { kind: 'fragment'; end: number; duration: number; keyframe: boolean }
  | { kind: 'other'; end: number; utcMs?: number };

function wholeFragmentAt(bytes: Buffer, at: number): Found | undefined {
  try {
    const box = boxAt(bytes, at);
    if (!box || box.end > bytes.length) return undefined;
    if (box.type === 'prft') return { kind: 'other', end: box.end, utcMs: readPrft(bytes, box)?.utcMs };
    if (box.type === 'free' || box.type === 'ftyp' || box.type === 'moov')
      return { kind: 'other', end: box.end };
    if (box.type !== 'moof') return undefined;
    const mdat = boxAt(bytes, box.end);
    if (mdat?.type !== 'mdat' || mdat.end > bytes.length) return undefined;
    const { duration, keyframe } = readFragment(bytes.subarray(box.start, box.end));
    return { kind: 'fragment', end: mdat.end, duration, keyframe };
  } catch (error) {
    if (error instanceof MalformedMp4 || error instanceof RangeError) return undefined;
    throw error;
  }
}
