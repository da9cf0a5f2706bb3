import { createHash } from 'node:crypto';
import { type Box, boxesIn, MalformedMp4, needBox } from './mp4-boxes.ts';

/** An initialization segment (`ftyp` + `moov`) and what a playlist must say of it. */
export interface InitSegment {
  /** First 16 hex digits of the bytes' SHA-256: its name, which never changes its meaning. */
  hash: string;
  bytes: Buffer;
  /** RFC 6381, e.g. `avc1.64001f`. */
  codec: string;
  width: number;
  height: number;
  /** Ticks a second of every time in its fragments. */
  timescale: number;
  trackId: number;
  /** Where the avcC record stands, and how many bytes tell a NAL unit's length. */
  avcc: { start: number; end: number };
  nalLengthBytes: number;
}

/** The track is no H.264. `found` is the sample entry's type (`hvc1`, `mp4v`), or empty when there is no video. */
export class UnsupportedTrack extends Error {
  readonly found: string;
  constructor(found: string) {
    super(found === '' ? 'there is no video track' : `the video track is ${found}, not H.264`);
    this.name = 'UnsupportedTrack';
    this.found = found;
  }
}

/** Bytes of a visual sample entry before its own boxes (ISO/IEC 14496-12 section 12.1.3). */
const VISUAL_SAMPLE_ENTRY_BYTES = 78;

/** Reads an init segment with one H.264 track. @throws MalformedMp4, UnsupportedTrack */
export function readInitSegment(bytes: Buffer): InitSegment {
  const moov = needBox(bytes, ['moov']);
  for (const trak of boxesIn(bytes, moov.body, moov.end)) {
    if (trak.type !== 'trak') continue;
    const mdia = needBox(bytes, ['mdia'], trak.body, trak.end);
    const hdlr = needBox(bytes, ['hdlr'], mdia.body, mdia.end);
    if (bytes.toString('latin1', hdlr.body + 8, hdlr.body + 12) !== 'vide') continue;
    return readVideoTrack(bytes, trak, mdia);
  }
  throw new UnsupportedTrack('');
}

function readVideoTrack(bytes: Buffer, trak: Box, mdia: Box): InitSegment {
  const mdhd = needBox(bytes, ['mdhd'], mdia.body, mdia.end).body;
  const timescale = bytes.readUInt32BE(mdhd + (bytes.readUInt8(mdhd) === 1 ? 20 : 12));
  const tkhd = needBox(bytes, ['tkhd'], trak.body, trak.end).body;
  const trackId = bytes.readUInt32BE(tkhd + (bytes.readUInt8(tkhd) === 1 ? 20 : 12));
  const stsd = needBox(bytes, ['minf', 'stbl', 'stsd'], mdia.body, mdia.end);
  const [entry] = boxesIn(bytes, stsd.body + 8, stsd.end);
  if (!entry) throw new MalformedMp4('an empty stsd');
  if (entry.type !== 'avc1' && entry.type !== 'avc3') throw new UnsupportedTrack(entry.type);
  const avcC = needBox(bytes, ['avcC'], entry.body + VISUAL_SAMPLE_ENTRY_BYTES, entry.end);
  if (timescale === 0 || avcC.end - avcC.body < 7) throw new MalformedMp4('an incomplete video track');
  return {
    hash: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    bytes,
    codec: `avc1.${bytes.toString('hex', avcC.body + 1, avcC.body + 4)}`,
    width: bytes.readUInt16BE(entry.body + 24),
    height: bytes.readUInt16BE(entry.body + 26),
    timescale,
    trackId,
    avcc: { start: avcC.body, end: avcC.end },
    nalLengthBytes: (bytes.readUInt8(avcC.body + 4) & 3) + 1,
  };
}
