import { findBox, MalformedMp4, needBox } from './mp4-boxes.ts';

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

/** Reads one complete `moof`. @throws MalformedMp4 */
export function readFragment(moof: Buffer): FragmentInfo {
  const outer = needBox(moof, ['moof']);
  const traf = needBox(moof, ['traf'], outer.body, outer.end);
  const header = readTfhd(moof, needBox(moof, ['tfhd'], traf.body, traf.end).body);
  const tfdt = needBox(moof, ['tfdt'], traf.body, traf.end).body;
  const decodeTime =
    moof.readUInt8(tfdt) === 1 ? Number(moof.readBigInt64BE(tfdt + 4)) : moof.readUInt32BE(tfdt + 4);
  const trun = findBox(moof, ['trun'], traf.body, traf.end);
  if (!trun) throw new MalformedMp4('a fragment without frames');
  return { trackId: header.trackId, decodeTime, ...readTrun(moof, trun.body, trun.end, header) };
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
  const each = [TRUN.duration, TRUN.size, TRUN.flags, TRUN.offset].filter((bit) => present & bit).length * 4;
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
 * Writes other times into a one-frame `moof`, in place. @returns false when it has no field for one of them,
 * and then nothing was changed
 */
export function setFragmentTimes(moof: Buffer, decodeTime: number, duration: number): boolean {
  const outer = needBox(moof, ['moof']);
  const traf = needBox(moof, ['traf'], outer.body, outer.end);
  const tfhd = needBox(moof, ['tfhd'], traf.body, traf.end).body;
  const tfdt = needBox(moof, ['tfdt'], traf.body, traf.end).body;
  const trun = needBox(moof, ['trun'], traf.body, traf.end).body;
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
