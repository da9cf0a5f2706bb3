/** Fragmented MP4 (ISO/IEC 14496-12) as far as a player must look into it. */

/** What an init segment says of its track. */
export interface TrackInit {
  /** MIME type with codec, for `addSourceBuffer`. */
  readonly mime: string;
  /** RFC 6381, e.g. `avc1.64001f`. */
  readonly codec: string;
  /** The decoder's own record (avcC); empty for sound. */
  readonly description: Uint8Array<ArrayBuffer>;
  /** Ticks a second. */
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
}

/** One frame of a fragment. Times in ticks of the track. */
export interface FrameInfo {
  /** Presentation time. */
  readonly time: number;
  readonly duration: number;
  readonly key: boolean;
  /** Where its bytes stand. */
  readonly start: number;
  readonly end: number;
}

export interface SegmentFrames {
  /** Decode time of the first frame, ticks. */
  readonly decodeTime: number;
  readonly frames: readonly FrameInfo[];
}

interface Box {
  readonly type: string;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

const NON_SYNC_SAMPLE = 0x0001_0000;
/** Bytes of a visual and of an audio sample entry before its own boxes (sections 12.1.3, 12.2.3). */
const VISUAL_ENTRY_BYTES = 78;
const AUDIO_ENTRY_BYTES = 28;

function* boxes(view: DataView, start: number, end: number): Generator<Box> {
  for (let at = start; at + 8 <= end; ) {
    const large = view.getUint32(at) === 1;
    const size = large ? Number(view.getBigUint64(at + 8)) : view.getUint32(at);
    const type = String.fromCharCode(
      view.getUint8(at + 4),
      view.getUint8(at + 5),
      view.getUint8(at + 6),
      view.getUint8(at + 7),
    );
    if (size < 8 || at + size > end) throw new Error(`a ${type} box is cut off`);
    yield { type, start: at, body: at + (large ? 16 : 8), end: at + size };
    at += size;
  }
}

/** @throws Error when there is none */
function need(view: DataView, path: readonly string[], start: number, end: number): Box {
  let within = { body: start, end };
  let found: Box | undefined;
  for (const type of path) {
    found = undefined;
    for (const box of boxes(view, within.body, within.end))
      if (box.type === type) {
        found = box;
        break;
      }
    if (!found) throw new Error(`there is no ${path.join('/')}`);
    within = found;
  }
  if (!found) throw new Error('an empty path');
  return found;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Reads an init segment with one track, H.264 or AAC. @throws Error */
export function readInit(bytes: Uint8Array): TrackInit {
  const view = viewOf(bytes);
  const mdia = need(view, ['moov', 'trak', 'mdia'], 0, bytes.length);
  const mdhd = need(view, ['mdhd'], mdia.body, mdia.end).body;
  const timescale = view.getUint32(mdhd + (view.getUint8(mdhd) === 1 ? 20 : 12));
  const stsd = need(view, ['minf', 'stbl', 'stsd'], mdia.body, mdia.end);
  const [entry] = boxes(view, stsd.body + 8, stsd.end);
  if (!entry || timescale === 0) throw new Error('an incomplete track');
  if (entry.type === 'mp4a') {
    need(view, ['esds'], entry.body + AUDIO_ENTRY_BYTES, entry.end);
    // The hub makes all sound AAC-LC (RFC 6381 section 3.3).
    const codec = 'mp4a.40.2';
    const mime = `audio/mp4; codecs="${codec}"`;
    return { mime, codec, description: new Uint8Array(), timescale, width: 0, height: 0 };
  }
  const avcC = need(view, ['avcC'], entry.body + VISUAL_ENTRY_BYTES, entry.end);
  const hex = (at: number) =>
    view
      .getUint8(avcC.body + at)
      .toString(16)
      .padStart(2, '0');
  const codec = `avc1.${hex(1)}${hex(2)}${hex(3)}`;
  return {
    mime: `video/mp4; codecs="${codec}"`,
    codec,
    description: bytes.slice(avcC.body, avcC.end) as Uint8Array<ArrayBuffer>,
    timescale,
    width: view.getUint16(entry.body + 24),
    height: view.getUint16(entry.body + 26),
  };
}

/** Every frame of a segment with its time and place. @throws Error */
export function readFrames(bytes: Uint8Array): SegmentFrames {
  const view = viewOf(bytes);
  const frames: FrameInfo[] = [];
  let decodeTime: number | undefined;
  for (const moof of boxes(view, 0, bytes.length)) {
    if (moof.type !== 'moof') continue;
    const traf = need(view, ['traf'], moof.body, moof.end);
    const tfdt = need(view, ['tfdt'], traf.body, traf.end).body;
    const time = view.getUint8(tfdt) === 1 ? Number(view.getBigUint64(tfdt + 4)) : view.getUint32(tfdt + 4);
    decodeTime ??= time;
    readRun(view, moof, traf, time, frames);
  }
  if (decodeTime === undefined) throw new Error('a segment without frames');
  return { decodeTime, frames };
}

/** `tfhd` and `trun` (sections 8.8.7 and 8.8.8). */
function readRun(view: DataView, moof: Box, traf: Box, decodeTime: number, frames: FrameInfo[]): void {
  const tfhd = need(view, ['tfhd'], traf.body, traf.end).body;
  const given = view.getUint32(tfhd) & 0xff_ffff;
  let at = tfhd + 8 + (given & 0x1 ? 8 : 0) + (given & 0x2 ? 4 : 0);
  const next = (present: number): number => {
    if (!present) return 0;
    at += 4;
    return view.getUint32(at - 4);
  };
  const duration = next(given & 0x8);
  const size = next(given & 0x10);
  const flags = next(given & 0x20);
  const trun = need(view, ['trun'], traf.body, traf.end).body;
  const has = view.getUint32(trun) & 0xff_ffff;
  const signed = view.getUint8(trun) === 1;
  const count = view.getUint32(trun + 4);
  at = trun + 8;
  let start = moof.start + next(has & 0x1);
  const firstFlags = has & 0x4 ? next(1) : undefined;
  let time = decodeTime;
  for (let i = 0; i < count; i++) {
    const own = { duration: has & 0x100 ? next(1) : duration, size: has & 0x200 ? next(1) : size };
    const ownFlags = has & 0x400 ? next(1) : flags;
    const offset = has & 0x800 ? (signed ? next(1) | 0 : next(1)) : 0;
    const key = ((i === 0 ? (firstFlags ?? ownFlags) : ownFlags) & NON_SYNC_SAMPLE) === 0;
    frames.push({
      ...{ time: time + offset, duration: own.duration, key },
      ...{ start, end: start + own.size },
    });
    start += own.size;
    time += own.duration;
  }
}
