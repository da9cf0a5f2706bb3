import { readFragment } from './fragment.ts';
import { boxAt, MalformedMp4 } from './mp4-boxes.ts';
import { readCheck } from './part-check.ts';
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
 * when they were recorded. Stops at the first box that is not complete or makes no sense. `checked`: the file
 * carries a checksum behind each part, and only parts that fit theirs are taken.
 */
export function scanSegments(bytes: Buffer, from: number, timescale: number, checked: boolean): Scan {
  const scan: Scan = { startMs: 0, entries: [], goodEnd: from };
  let current: SegmentEntry | undefined;
  let part: Part = { at: from, utcMs: undefined, fragments: [] };
  for (let at = from; ; ) {
    const found = wholeFragmentAt(bytes, at);
    if (!found) break;
    if (found.kind === 'fragment') part.fragments.push(found);
    else if (found.kind === 'prft') part = { at, utcMs: found.utcMs, fragments: [] };
    else if (found.kind === 'check' && (!found.holds || found.from !== part.at)) break;
    at = found.end;
    const whole = found.kind === (checked ? 'check' : 'fragment') && part.fragments.length > 0;
    if (!whole) continue;
    if (!takePart(part, at)) break;
    // Without checksums a part may go on: its next fragment continues where this one ends.
    part = { at, utcMs: part.utcMs, fragments: [] };
  }
  if (current) scan.entries.push(current);
  return scan;

  function takePart(taken: Part, end: number): boolean {
    for (const { duration, keyframe } of taken.fragments) {
      const durationUs = Math.round((duration / timescale) * 1e6);
      if (current && segmentEnds(current.durationUs / 1e6, durationUs / 1e6, keyframe)) {
        scan.entries.push(current);
        current = undefined;
      }
      if (!current) {
        if (taken.utcMs === undefined) return false;
        if (scan.entries.length === 0) scan.startMs = taken.utcMs;
        current = {
          startUs: Math.round((taken.utcMs - scan.startMs) * 1000),
          durationUs: 0,
          offset: taken.at,
          bytes: 0,
          independent: keyframe,
        };
      }
      current.durationUs += durationUs;
      current.bytes = end - current.offset;
      if (taken.utcMs !== undefined) taken.utcMs += durationUs / 1000;
    }
    scan.goodEnd = end;
    return true;
  }
}

interface Part {
  at: number;
  /** UTC ms of the next frame. */
  utcMs: number | undefined;
  fragments: { duration: number; keyframe: boolean }[];
}

type Found =
  | { kind: 'fragment'; end: number; duration: number; keyframe: boolean }
  | { kind: 'prft'; end: number; utcMs: number | undefined }
  | { kind: 'check'; end: number; from: number; holds: boolean }
  | { kind: 'other'; end: number };

function wholeFragmentAt(bytes: Buffer, at: number): Found | undefined {
  try {
    const box = boxAt(bytes, at);
    if (!box || box.end > bytes.length) return undefined;
    if (box.type === 'prft') return { kind: 'prft', end: box.end, utcMs: readPrft(bytes, box)?.utcMs };
    const check = readCheck(bytes, box);
    if (check) return { kind: 'check', end: box.end, ...check };
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
