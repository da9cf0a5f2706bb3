import { createHash } from 'node:crypto';
import { type Box, boxesIn, MalformedMp4, needBox } from './mp4-boxes.ts';

export type Coding = 'h264' | 'h265' | 'aac';

/** An initialization segment (`ftyp` + `moov`) of one track, and what a playlist must say of it. */
export interface InitSegment {
  /** First 16 hex digits of the bytes' SHA-256: its name, which never changes its meaning. */
  hash: string;
  bytes: Buffer;
  coding: Coding;
  /** RFC 6381: `avc1.64001f`, `hvc1.1.6.L93.B0`, `mp4a.40.2`. */
  codec: string;
  /** Of the picture; 0 for sound. */
  width: number;
  height: number;
  /** Ticks a second of every time in its fragments. */
  timescale: number;
  trackId: number;
  /** Where the decoder's configuration (the body of avcC or hvcC) stands; empty for sound. */
  config: { start: number; end: number };
  /** How many bytes tell a NAL unit's length; 0 for sound. */
  nalLengthBytes: number;
}

/** No track that can be kept. `found` is the sample entry's type (`mp4v`, `alac`), or empty when there is none. */
export class UnsupportedTrack extends Error {
  readonly found: string;
  constructor(found: string) {
    super(found === '' ? 'there is no video track' : `the track is ${found}, which is not supported`);
    this.name = 'UnsupportedTrack';
    this.found = found;
  }
}

/** Bytes of a visual sample entry before its own boxes (ISO/IEC 14496-12 section 12.1.3). */
const VISUAL_SAMPLE_ENTRY_BYTES = 78;
/** The same of an audio sample entry (section 12.2.3). */
const AUDIO_SAMPLE_ENTRY_BYTES = 28;

/** Reads an init segment with one track of H.264, H.265 or AAC. @throws MalformedMp4, UnsupportedTrack */
export function readInitSegment(bytes: Buffer): InitSegment {
  const moov = needBox(bytes, ['moov']);
  for (const trak of boxesIn(bytes, moov.body, moov.end)) {
    if (trak.type !== 'trak') continue;
    const mdia = needBox(bytes, ['mdia'], trak.body, trak.end);
    const hdlr = needBox(bytes, ['hdlr'], mdia.body, mdia.end);
    const handler = bytes.toString('latin1', hdlr.body + 8, hdlr.body + 12);
    if (handler === 'vide' || handler === 'soun') return readTrack(bytes, trak, mdia);
  }
  throw new UnsupportedTrack('');
}

function readTrack(bytes: Buffer, trak: Box, mdia: Box): InitSegment {
  const mdhd = needBox(bytes, ['mdhd'], mdia.body, mdia.end).body;
  const timescale = bytes.readUInt32BE(mdhd + (bytes.readUInt8(mdhd) === 1 ? 20 : 12));
  const tkhd = needBox(bytes, ['tkhd'], trak.body, trak.end).body;
  const trackId = bytes.readUInt32BE(tkhd + (bytes.readUInt8(tkhd) === 1 ? 20 : 12));
  const stsd = needBox(bytes, ['minf', 'stbl', 'stsd'], mdia.body, mdia.end);
  const [entry] = boxesIn(bytes, stsd.body + 8, stsd.end);
  if (!entry) throw new MalformedMp4('an empty stsd');
  if (timescale === 0) throw new MalformedMp4('a track without a time scale');
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { hash, bytes, timescale, trackId, ...readEntry(bytes, entry) };
}

type Entry = Omit<InitSegment, 'hash' | 'bytes' | 'timescale' | 'trackId'>;

function readEntry(bytes: Buffer, entry: Box): Entry {
  switch (entry.type) {
    case 'avc1':
    case 'avc3':
      return { coding: 'h264', ...readVisual(bytes, entry, 'avcC', 7, 4, avcCodec) };
    case 'hvc1':
    case 'hev1':
      return { coding: 'h265', ...readVisual(bytes, entry, 'hvcC', 23, 21, hevcCodec) };
    case 'mp4a': {
      const esds = needBox(bytes, ['esds'], entry.body + AUDIO_SAMPLE_ENTRY_BYTES, entry.end);
      const config = { start: esds.end, end: esds.end };
      const codec = aacCodec(bytes.subarray(esds.body, esds.end));
      return { coding: 'aac', codec, width: 0, height: 0, config, nalLengthBytes: 0 };
    }
    default:
      throw new UnsupportedTrack(entry.type);
  }
}

function readVisual(
  bytes: Buffer,
  entry: Box,
  type: 'avcC' | 'hvcC',
  least: number,
  lengthAt: number,
  codecOf: (record: Buffer) => string,
): Omit<Entry, 'coding'> {
  const box = needBox(bytes, [type], entry.body + VISUAL_SAMPLE_ENTRY_BYTES, entry.end);
  if (box.end - box.body < least) throw new MalformedMp4('an incomplete video track');
  return {
    codec: codecOf(bytes.subarray(box.body, box.end)),
    width: bytes.readUInt16BE(entry.body + 24),
    height: bytes.readUInt16BE(entry.body + 26),
    config: { start: box.body, end: box.end },
    nalLengthBytes: (bytes.readUInt8(box.body + lengthAt) & 3) + 1,
  };
}

const avcCodec = (record: Buffer): string => `avc1.${record.toString('hex', 1, 4)}`;

/**
 * ISO/IEC 14496-15 annex E.3: profile space and profile, compatibility flags in reverse bit order, tier and level,
 * then the constraint bytes in hexadecimal without trailing zero bytes.
 */
export function hevcCodec(record: Buffer): string {
  const first = record.readUInt8(1);
  const space = ['', 'A', 'B', 'C'][first >> 6] ?? '';
  let flags = record.readUInt32BE(2);
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) {
    reversed = ((reversed << 1) | (flags & 1)) >>> 0;
    flags >>>= 1;
  }
  const constraints = [...record.subarray(6, 12)];
  while (constraints.length > 0 && constraints.at(-1) === 0) constraints.pop();
  const tier = (first & 0x20) === 0 ? 'L' : 'H';
  return [
    `hvc1.${space}${first & 0x1f}`,
    reversed.toString(16).toUpperCase(),
    `${tier}${record.readUInt8(12)}`,
    ...constraints.map((byte) => byte.toString(16).toUpperCase()),
  ].join('.');
}

const DECODER_CONFIG = 0x04;
const DECODER_SPECIFIC = 0x05;
const MPEG4_AUDIO = 0x40;

/** `mp4a.40.` and the audio object type (ISO/IEC 14496-1 section 7.2.6, 14496-3 section 1.6.2.1). */
function aacCodec(esds: Buffer): string {
  let at = 4;
  const descriptor = (): { tag: number; end: number } => {
    const tag = esds.readUInt8(at++);
    let size = 0;
    for (let byte = 0x80; byte & 0x80; ) {
      byte = esds.readUInt8(at++);
      size = size * 128 + (byte & 0x7f);
    }
    return { tag, end: at + size };
  };
  // ES_Descriptor: its own number and flags; the optional fields are not written into MP4 files.
  descriptor();
  at += 3;
  if (descriptor().tag !== DECODER_CONFIG) throw new MalformedMp4('sound without a decoder configuration');
  const object = esds.readUInt8(at);
  if (object !== MPEG4_AUDIO) throw new UnsupportedTrack(`mp4a.${object.toString(16)}`);
  at += 13;
  if (descriptor().tag !== DECODER_SPECIFIC)
    throw new MalformedMp4('sound without its specific configuration');
  const type = esds.readUInt8(at) >> 3;
  return `mp4a.40.${type === 31 ? 32 + (((esds.readUInt8(at) & 7) << 3) | (esds.readUInt8(at + 1) >> 5)) : type}`;
}
