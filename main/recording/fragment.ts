import { MalformedMp4, typeNumber } from './mp4-boxes.ts';

/** What a movie fragment (`moof`, ISO/IEC 14496-12 section 8.8.4) says of its only track. Times are in the track's ticks. */
export interface FragmentInfo {
  trackId: number;
  /** Decode time of the first frame (`tfdt`). ffmpeg writes one below zero when told to leave times alone. */
  decodeTime: number;
  duration: number;
  frames: number;
  /** Can a decoder begin here? */
  keyframe: boolean;
}

const NON_SYNC_SAMPLE = 0x0001_0000;
const TFHD = { baseDataOffset: 0x1, sampleDescription: 0x2, duration: 0x8, size: 0x10, flags: 0x20 };
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, offset: 0x800 };

interface TrackHeader {
  trackId: number;
  duration: number;
  flags: number;
}

const MOOF = typeNumber('moof');
const TRAF = typeNumber('traf');
const TFHD_TYPE = typeNumber('tfhd');
const TFDT_TYPE = typeNumber('tfdt');
const TRUN_TYPE = typeNumber('trun');

/** Where the bodies of a fragment's boxes begin. */
interface Places {
  tfhd: number;
  tfdt: number;
  trun: number;
  trunEnd: number;
}

/** Done for every frame of every camera: nothing is made but the answer. @throws MalformedMp4 */
function placesIn(bytes: Buffer): Places {
  const moof = childAt(bytes, MOOF, 0, bytes.length);
  const moofEnd = endAt(bytes, moof, bytes.length);
  const traf = childAt(bytes, TRAF, moof + 8, moofEnd);
  const from = traf + 8;
  const to = endAt(bytes, traf, moofEnd);
  const trun = childAt(bytes, TRUN_TYPE, from, to);
  return {
    tfhd: childAt(bytes, TFHD_TYPE, from, to) + 8,
    tfdt: childAt(bytes, TFDT_TYPE, from, to) + 8,
    trun: trun + 8,
    trunEnd: endAt(bytes, trun, to),
  };
}

/** Where the first box of a type begins. @throws MalformedMp4 when there is none */
function childAt(bytes: Buffer, type: number, from: number, to: number): number {
  for (let at = from; at + 8 <= to; at = endAt(bytes, at, to))
    if (bytes.readUInt32BE(at + 4) === type) return at;
  throw new MalformedMp4('a fragment lacks a box');
}

/** @throws MalformedMp4 when the box does not end by then, or has a size of 64 bits, which ffmpeg writes for none here */
function endAt(bytes: Buffer, at: number, limit: number): number {
  const size = bytes.readUInt32BE(at);
  if (size < 8 || at + size > limit) throw new MalformedMp4(`a box at ${at} is cut off`);
  return at + size;
}

/** Reads the `moof` that these bytes begin with; it must be whole. @throws MalformedMp4 */
export function readFragment(bytes: Buffer): FragmentInfo {
  const { tfhd, tfdt, trun, trunEnd } = placesIn(bytes);
  const header = readTfhd(bytes, tfhd);
  const decodeTime =
    bytes.readUInt8(tfdt) === 1 ? Number(bytes.readBigInt64BE(tfdt + 4)) : bytes.readUInt32BE(tfdt + 4);
  const { duration, frames, keyframe } = readTrun(bytes, trun, trunEnd, header);
  return { trackId: header.trackId, decodeTime, duration, frames, keyframe };
}

function readTfhd(moof: Buffer, body: number): TrackHeader {
  const present = moof.readUInt32BE(body) & 0xff_ffff;
  const trackId = moof.readUInt32BE(body + 4);
  let at = body + 8;
  if (present & TFHD.baseDataOffset) at += 8;
  if (present & TFHD.sampleDescription) at += 4;
  let duration = 0;
  if (present & TFHD.duration) {
    duration = moof.readUInt32BE(at);
    at += 4;
  }
  if (present & TFHD.size) at += 4;
  const flags = present & TFHD.flags ? moof.readUInt32BE(at) : 0;
  return { trackId, duration, flags };
}

function readTrun(
  moof: Buffer,
  body: number,
  end: number,
  header: TrackHeader,
): { duration: number; frames: number; keyframe: boolean } {
  const present = moof.readUInt32BE(body) & 0xff_ffff;
  const frames = moof.readUInt32BE(body + 4);
  let at = body + 8;
  if (present & TRUN.dataOffset) at += 4;
  let firstFlags = header.flags;
  if (present & TRUN.firstFlags) {
    firstFlags = moof.readUInt32BE(at);
    at += 4;
  }
  let each = 0;
  if (present & TRUN.duration) each += 4;
  if (present & TRUN.size) each += 4;
  if (present & TRUN.flags) each += 4;
  if (present & TRUN.offset) each += 4;
  if (at + each * frames > end) throw new MalformedMp4('a fragment names more frames than it holds');
  let duration = 0;
  if (present & TRUN.duration)
    for (let frame = 0; frame < frames; frame++) duration += moof.readUInt32BE(at + frame * each);
  else duration = header.duration * frames;
  if (present & TRUN.flags && !(present & TRUN.firstFlags)) {
    let skip = 0;
    if (present & TRUN.duration) skip += 4;
    if (present & TRUN.size) skip += 4;
    firstFlags = moof.readUInt32BE(at + skip);
  }
  return { duration, frames, keyframe: (firstFlags & NON_SYNC_SAMPLE) === 0 };
}

/**
 * Writes other times into the one-frame `moof` that these bytes begin with, in place. @returns false when it has no field for one of them,
 * and then nothing was changed
 */
export function setFragmentTimes(moof: Buffer, decodeTime: number, duration: number): boolean {
  const { tfhd, tfdt, trun } = placesIn(moof);
  const at = durationField(moof, tfhd, trun);
  if (at === undefined || moof.readUInt8(tfdt) !== 1) return false;
  moof.writeBigUInt64BE(BigInt(decodeTime), tfdt + 4);
  moof.writeUInt32BE(duration, at);
  return true;
}

/** Where the duration of a fragment's first frame stands: in the `trun`, or as the `tfhd`'s default. */
function durationField(moof: Buffer, tfhd: number, trun: number): number | undefined {
  const runFields = moof.readUInt32BE(trun) & 0xff_ffff;
  if (runFields & TRUN.duration)
    return trun + 8 + (runFields & TRUN.dataOffset ? 4 : 0) + (runFields & TRUN.firstFlags ? 4 : 0);
  const present = moof.readUInt32BE(tfhd) & 0xff_ffff;
  if (!(present & TFHD.duration)) return undefined;
  return tfhd + 8 + (present & TFHD.baseDataOffset ? 8 : 0) + (present & TFHD.sampleDescription ? 4 : 0);
}
