import { setImmediate as turn } from 'node:timers/promises';
import { notFound } from '../base/errors.ts';
import type { TrackName } from '../contract/video.ts';
import { boxAt } from '../recording/mp4-boxes.ts';
import type { Recording, SegmentRef } from '../recording/types.ts';

/** A keyframe of the recording: the first frame of a segment that a decoder can begin with. */
export interface Keyframe {
  /** UTC ms. */
  utc: number;
  msn: number;
  initHash: string;
}

/** More than this many are not named in one answer; the step is what makes a long range answerable. */
export const MAX_KEYFRAMES = 2_000;
/** Bytes read to learn how long the first fragment is: its `prft`, its `moof` and the header of its `mdat`. */
const HEAD_BYTES = 4_096;

/** Read at once while keyframes are found: a month read whole would hold the hub up for seconds, ms. */
const WINDOW_MS = 2 * 60_000;
/** Where nothing is found it grows up to this, so that holes of weeks take few steps, ms. */
const LONGEST_WINDOW_MS = 6 * 3_600_000;

/**
 * Keyframes of `[from, to)`, oldest first, no two nearer to each other than `stepMs`; at most `MAX_KEYFRAMES`.
 * One that lies before `from` opens the list when the frame at `from` needs it. Reads no more than the step
 * makes necessary, a little at a time.
 */
export async function keyframesOf(
  recording: Pick<Recording, 'spans'>,
  cameraId: string,
  track: TrackName,
  range: { from: number; to: number; stepMs: number },
): Promise<Keyframe[]> {
  const { from, to, stepMs } = range;
  const found: Keyframe[] = [];
  /** A segment over the edge of two windows is met twice. */
  const named = new Set<number>();
  let window = WINDOW_MS;
  for (let at = from; at < to; ) {
    const until = Math.min(to, at + window);
    const before = found.length;
    for (const span of await recording.spans(cameraId, track, at, until))
      for (const segment of span.segments) {
        if (!segment.independent || named.has(segment.msn)) continue;
        const last = found.at(-1);
        if (last && segment.startMs - last.utc < stepMs) continue;
        if (found.length >= MAX_KEYFRAMES) return found;
        named.add(segment.msn);
        found.push({ utc: Math.round(segment.startMs), msn: segment.msn, initHash: segment.initHash });
      }
    window = found.length > before ? WINDOW_MS : Math.min(LONGEST_WINDOW_MS, window * 4);
    // What is nearer than the step to the last one is not even read.
    at = Math.max(until, (found.at(-1)?.utc ?? from) + stepMs);
    await turn();
  }
  return found;
}

/**
 * The bytes of one keyframe: the first fragment of its segment. Only as much is read of the disk as it takes.
 * @throws AppError 404 when the segment is gone or begins without a keyframe
 */
export async function readKeyframe(
  recording: Pick<Recording, 'segment' | 'readStart'>,
  cameraId: string,
  track: TrackName,
  msn: number,
): Promise<{ segment: SegmentRef; bytes: Buffer }> {
  const segment = await recording.segment(cameraId, track, msn);
  if (!segment?.independent) throw notFound('keyframe', String(msn));
  const head = await recording.readStart(segment, HEAD_BYTES);
  const length = firstFragmentBytes(head) ?? segment.bytes;
  const bytes = length <= head.length ? head.subarray(0, length) : await recording.readStart(segment, length);
  return { segment, bytes };
}

/** Where the first fragment of a segment ends, told by its headers; undefined when they do not tell. */
export function firstFragmentBytes(head: Buffer): number | undefined {
  for (let at = 0; ; ) {
    const box = boxAt(head, at);
    if (!box) return undefined;
    if (box.type === 'mdat') return box.end;
    at = box.end;
  }
}
