import { MalformedMp4 } from '../recording/mp4-boxes.ts';
import { bitReader, withoutEmulation } from './bits.ts';
import type { NalKind, ParameterSets, PictureSize, VideoCoding } from './video-coding.ts';

/** H.265 as far as a change of format must be seen (ITU-T H.265 section 7.3, ISO/IEC 14496-15 section 8.3.3). */
export const h265: VideoCoding = { kindOf, setsOf, recordOf };

const TYPES = { vps: 32, sps: 33, pps: 34 } as const;
/** Bytes of an hvcC record before its arrays of parameter sets. */
const RECORD_HEAD_BYTES = 23;

function kindOf(nal: Buffer): NalKind {
  const type = ((nal[0] ?? 0) >> 1) & 63;
  if (type === TYPES.vps) return 'vps';
  if (type === TYPES.sps) return 'sps';
  if (type === TYPES.pps) return 'pps';
  return type < 32 ? 'picture' : 'other';
}

/** Parameter sets of an hvcC record. */
function setsOf(record: Buffer): ParameterSets {
  const sets: ParameterSets = { vps: [], sps: [], pps: [] };
  let at = RECORD_HEAD_BYTES;
  for (let array = record.readUInt8(22); array > 0; array--) {
    const type = record.readUInt8(at) & 63;
    const count = record.readUInt16BE(at + 1);
    at += 3;
    for (let i = 0; i < count; i++) {
      const size = record.readUInt16BE(at);
      const nal = record.subarray(at + 2, at + 2 + size);
      if (type === TYPES.vps) sets.vps.push(nal);
      else if (type === TYPES.sps) sets.sps.push(nal);
      else if (type === TYPES.pps) sets.pps.push(nal);
      at += 2 + size;
    }
  }
  return sets;
}

function recordOf(
  sets: ParameterSets,
  before: Buffer,
  nalLengthBytes: number,
): PictureSize & { record: Buffer } {
  const [sps] = sets.sps;
  if (!sps) throw new MalformedMp4('a new format without a sequence parameter set');
  const { width, height, profile, chroma, depthLuma, depthChroma, layers, nested } = readSps(sps);
  const head = Buffer.from(before.subarray(0, RECORD_HEAD_BYTES));
  profile.copy(head, 1);
  head.writeUInt16BE(0xf000, 13);
  head.writeUInt8(0xfc, 15);
  head.writeUInt8(0xfc | chroma, 16);
  head.writeUInt8(0xf8 | depthLuma, 17);
  head.writeUInt8(0xf8 | depthChroma, 18);
  head.writeUInt8((layers << 3) | (nested << 2) | (nalLengthBytes - 1), 21);
  const arrays = (['vps', 'sps', 'pps'] as const).filter((kind) => sets[kind].length > 0);
  head.writeUInt8(arrays.length, 22);
  const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);
  const record = Buffer.concat([
    head,
    ...arrays.flatMap((kind) => [
      // "Complete": all of this kind are here, none comes within the footage.
      Buffer.from([0x80 | TYPES[kind]]),
      u16(sets[kind].length),
      ...sets[kind].flatMap((nal) => [u16(nal.length), nal]),
    ]),
  ]);
  return { record, width, height };
}

/** What an hvcC record says of a sequence parameter set (section 7.3.2.2.1). @throws MalformedMp4 */
export function readSps(nal: Buffer) {
  const payload = withoutEmulation(nal.subarray(2));
  const bits = bitReader(payload);
  bits.u(4);
  const subLayers = bits.u(3);
  const nested = bits.u(1);
  // General profile, compatibility, constraints and level: twelve whole bytes.
  const profile = payload.subarray(1, 13);
  bits.u(96);
  const present: [profile: number, level: number][] = [];
  for (let i = 0; i < subLayers; i++) present.push([bits.u(1), bits.u(1)]);
  if (subLayers > 0) bits.u(2 * (8 - subLayers));
  for (const [withProfile, withLevel] of present) bits.u(88 * withProfile + 8 * withLevel);
  bits.ue();
  const chroma = bits.ue();
  if (chroma === 3) bits.u(1);
  let width = bits.ue();
  let height = bits.ue();
  if (bits.u(1)) {
    const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
    const unitY = chroma === 1 ? 2 : 1;
    width -= (bits.ue() + bits.ue()) * unitX;
    height -= (bits.ue() + bits.ue()) * unitY;
  }
  const depthLuma = bits.ue();
  const depthChroma = bits.ue();
  if (width <= 0 || height <= 0 || width > 16_384 || height > 16_384)
    throw new MalformedMp4(`a picture of ${width}x${height}`);
  return { width, height, profile, chroma, depthLuma, depthChroma, layers: subLayers + 1, nested };
}
