import { MalformedMp4 } from '../recording/mp4-boxes.ts';
import { type BitReader, bitReader, withoutEmulation } from './bits.ts';
import type { NalKind, ParameterSets, PictureSize, VideoCoding } from './video-coding.ts';

/** H.264 as far as a change of format must be seen (ITU-T H.264 section 7.3, ISO/IEC 14496-15 section 5.3.3). */
export const h264: VideoCoding = { kindOf, setsOf, recordOf };

function kindOf(nal: Buffer): NalKind {
  const type = (nal[0] ?? 0) & 31;
  if (type === 7) return 'sps';
  if (type === 8) return 'pps';
  return type >= 1 && type <= 5 ? 'picture' : 'other';
}

/** Parameter sets of an avcC record. */
function setsOf(record: Buffer): ParameterSets {
  let at = 6;
  const list = (count: number): Buffer[] => {
    const sets: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      const size = record.readUInt16BE(at);
      sets.push(record.subarray(at + 2, at + 2 + size));
      at += 2 + size;
    }
    return sets;
  };
  const sps = list(record.readUInt8(5) & 31);
  at += 1;
  return { vps: [], sps, pps: list(record.readUInt8(at - 1)) };
}

function recordOf(
  sets: ParameterSets,
  _before: Buffer,
  nalLengthBytes: number,
): PictureSize & { record: Buffer } {
  const [sps] = sets.sps;
  if (!sps) throw new MalformedMp4('a new format without a sequence parameter set');
  const { width, height, chroma, depthLuma, depthChroma } = readSps(sps);
  const high = ![66, 77, 88].includes(sps[1] ?? 0);
  const list = (items: Buffer[]) =>
    items.flatMap((item) => [Buffer.from([item.length >> 8, item.length & 255]), item]);
  const record = Buffer.concat([
    Buffer.from([1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xfc | (nalLengthBytes - 1)]),
    Buffer.from([0xe0 | sets.sps.length]),
    ...list(sets.sps),
    Buffer.from([sets.pps.length]),
    ...list(sets.pps),
    ...(high ? [Buffer.from([0xfc | chroma, 0xf8 | depthLuma, 0xf8 | depthChroma, 0])] : []),
  ]);
  return { record, width, height };
}

/** Picture size and sample format of a sequence parameter set (section 7.3.2.1.1). @throws MalformedMp4 */
export function readSps(nal: Buffer) {
  const bits = bitReader(withoutEmulation(nal.subarray(1)));
  const profile = bits.u(8);
  bits.u(16);
  bits.ue();
  let chroma = 1;
  let depthLuma = 0;
  let depthChroma = 0;
  if ([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135].includes(profile)) {
    chroma = bits.ue();
    if (chroma === 3) bits.u(1);
    depthLuma = bits.ue();
    depthChroma = bits.ue();
    bits.u(1);
    const matrices = bits.u(1) === 0 ? 0 : chroma === 3 ? 12 : 8;
    for (let i = 0; i < matrices; i++) if (bits.u(1)) skipScaling(bits, i < 6 ? 16 : 64);
  }
  bits.ue();
  const orderType = bits.ue();
  if (orderType === 0) bits.ue();
  else if (orderType === 1) {
    bits.u(1);
    bits.ue();
    bits.ue();
    for (let i = bits.ue(); i > 0; i--) bits.ue();
  }
  bits.ue();
  bits.u(1);
  const widthMbs = bits.ue() + 1;
  const heightUnits = bits.ue() + 1;
  const framesOnly = bits.u(1);
  if (!framesOnly) bits.u(1);
  bits.u(1);
  let width = widthMbs * 16;
  let height = heightUnits * 16 * (2 - framesOnly);
  if (bits.u(1)) {
    const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
    const unitY = (chroma === 1 ? 2 : 1) * (2 - framesOnly);
    width -= (bits.ue() + bits.ue()) * unitX;
    height -= (bits.ue() + bits.ue()) * unitY;
  }
  if (width <= 0 || height <= 0 || width > 16_384 || height > 16_384)
    throw new MalformedMp4(`a picture of ${width}x${height}`);
  return { width, height, chroma, depthLuma, depthChroma };
}

function skipScaling(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + bits.se() + 256) % 256;
    last = next === 0 ? last : next;
  }
}
