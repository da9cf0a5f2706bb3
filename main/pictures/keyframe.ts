import { type InitSegment, readInitSegment } from '../recording/init-segment.ts';
import { boxesIn, MalformedMp4 } from '../recording/mp4-boxes.ts';
import type { VideoRoom } from '../video/types.ts';

/** A keyframe as it came from the camera. */
export interface Keyframe {
  init: InitSegment;
  /** Fragments, the first of which is the keyframe. */
  bytes: Buffer;
  /** When it was taken, UTC ms. */
  at: number;
}

/**
 * The newest keyframe of a camera whose stream runs, out of what live view and recording have pulled already;
 * undefined while there is none. @throws MalformedMp4, UnsupportedTrack
 */
export function lastKeyframe(
  video: Pick<VideoRoom, 'feed' | 'status'>,
  cameraId: string,
): Keyframe | undefined {
  if (video.status(cameraId)?.state !== 'running') return undefined;
  const feed = video.feed(cameraId, 'main', { onInit() {}, onFragment() {}, onEnd() {} });
  feed.close();
  const first = feed.gop?.fragments[0];
  if (!feed.gop || !first?.keyframe) return undefined;
  return { init: readInitSegment(feed.gop.init.bytes), bytes: first.bytes, at: first.utcMs };
}

const START_CODE = Buffer.from([0, 0, 0, 1]);

/**
 * A keyframe as a decoder takes it without a container (ITU-T H.264 and H.265, annex B): its parameter sets, then
 * its NAL units, each behind a start code. @throws MalformedMp4, RangeError
 */
export function annexB({ init, bytes }: Keyframe): Buffer {
  const record = init.bytes.subarray(init.config.start, init.config.end);
  const sets = init.coding === 'h265' ? setsOfHvcc(record) : setsOfAvcc(record);
  const nals = [...sets, ...nalsOf(firstFrame(bytes), init.nalLengthBytes)];
  return Buffer.concat(nals.flatMap((nal) => [START_CODE, nal]));
}

/** The first fragment's media: later frames of the part are not looked at. */
function firstFrame(part: Buffer): Buffer {
  for (const box of boxesIn(part)) if (box.type === 'mdat') return part.subarray(box.body, box.end);
  throw new MalformedMp4('a part without media');
}

function nalsOf(sample: Buffer, lengthBytes: number): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 0; at + lengthBytes < sample.length; ) {
    const size = sample.readUIntBE(at, lengthBytes);
    const start = at + lengthBytes;
    if (size === 0 || start + size > sample.length)
      throw new MalformedMp4('a NAL unit of no possible length');
    nals.push(sample.subarray(start, start + size));
    at = start + size;
  }
  return nals;
}

/** ISO/IEC 14496-15 section 5.3.3.1 */
function setsOfAvcc(record: Buffer): Buffer[] {
  const sets: Buffer[] = [];
  let at = 5;
  for (const mask of [31, 255]) {
    const count = record.readUInt8(at) & mask;
    at += 1;
    for (let i = 0; i < count; i++) at = takeSet(record, at, sets);
  }
  return sets;
}

/** ISO/IEC 14496-15 section 8.3.3.1 */
function setsOfHvcc(record: Buffer): Buffer[] {
  const sets: Buffer[] = [];
  let at = 23;
  for (let arrays = record.readUInt8(22); arrays > 0; arrays--) {
    const count = record.readUInt16BE(at + 1);
    at += 3;
    for (let i = 0; i < count; i++) at = takeSet(record, at, sets);
  }
  return sets;
}

function takeSet(record: Buffer, at: number, sets: Buffer[]): number {
  const end = at + 2 + record.readUInt16BE(at);
  if (end > record.length) throw new MalformedMp4('a parameter set ends early');
  sets.push(record.subarray(at + 2, end));
  return end;
}
