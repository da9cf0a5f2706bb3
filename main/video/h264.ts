import { type InitSegment, readInitSegment } from '../recording/init-segment.ts';
import { type Box, MalformedMp4, needBox } from '../recording/mp4-boxes.ts';

/** H.264 as far as a change of format must be seen (ITU-T H.264 section 7.3, ISO/IEC 14496-15 section 5.3.3). */

const SPS = 7;
const PPS = 8;

export interface ParameterSets {
  sps: Buffer[];
  pps: Buffer[];
}

/** Parameter sets that stand in front of a picture, in the payload of an `mdat`. Empty lists when there are none. */
export function parameterSetsIn(payload: Buffer, nalLengthBytes: number): ParameterSets {
  const found: ParameterSets = { sps: [], pps: [] };
  for (let at = 0; at + nalLengthBytes < payload.length; ) {
    const size = payload.readUIntBE(at, nalLengthBytes);
    const start = at + nalLengthBytes;
    if (size === 0 || start + size > payload.length) break;
    const type = (payload[start] ?? 0) & 31;
    if (type === SPS) found.sps.push(payload.subarray(start, start + size));
    else if (type === PPS) found.pps.push(payload.subarray(start, start + size));
    else if (type >= 1 && type <= 5) break;
    at = start + size;
  }
  return found;
}

/** Parameter sets of an avcC record. */
export function parameterSetsOf(init: InitSegment): ParameterSets {
  const record = init.bytes.subarray(init.config.start, init.config.end);
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
  return { sps, pps: list(record.readUInt8(at - 1)) };
}

/** Does a picture bring other parameter sets than the init segment holds? */
export function formatDiffers(init: InitSegment, inBand: ParameterSets): boolean {
  const known = parameterSetsOf(init);
  const unknown = (set: Buffer, sets: Buffer[]) => !sets.some((other) => other.equals(set));
  return (
    inBand.sps.some((set) => unknown(set, known.sps)) || inBand.pps.some((set) => unknown(set, known.pps))
  );
}

/** The init segment for a stream that changed its parameter sets on the way. @throws MalformedMp4, RangeError */
export function withParameterSets(init: InitSegment, sets: ParameterSets): InitSegment {
  const [sps] = sets.sps;
  if (!sps) throw new MalformedMp4('a new format without a sequence parameter set');
  const { width, height, chroma, depthLuma, depthChroma } = readSps(sps);
  const high = ![66, 77, 88].includes(sps[1] ?? 0);
  const list = (items: Buffer[]) =>
    items.flatMap((item) => [Buffer.from([item.length >> 8, item.length & 255]), item]);
  const pps = sets.pps.length > 0 ? sets.pps : parameterSetsOf(init).pps;
  const record = Buffer.concat([
    Buffer.from([1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xfc | (init.nalLengthBytes - 1)]),
    Buffer.from([0xe0 | sets.sps.length]),
    ...list(sets.sps),
    Buffer.from([pps.length]),
    ...list(pps),
    ...(high ? [Buffer.from([0xfc | chroma, 0xf8 | depthLuma, 0xf8 | depthChroma, 0])] : []),
  ]);
  return readInitSegment(replaceAvcc(init, record, width, height));
}

function replaceAvcc(init: InitSegment, record: Buffer, width: number, height: number): Buffer {
  const { bytes } = init;
  const grown = record.length - (init.config.end - init.config.start);
  const out = Buffer.concat([bytes.subarray(0, init.config.start), record, bytes.subarray(init.config.end)]);
  const moov = needBox(bytes, ['moov']);
  const boxes: Box[] = [moov];
  for (const type of ['trak', 'mdia', 'minf', 'stbl', 'stsd']) {
    const inside: Box = boxes.at(-1) ?? moov;
    boxes.push(needBox(bytes, [type], inside.body, inside.end));
  }
  const stsd = boxes.at(-1) ?? moov;
  const entryStart = stsd.body + 8;
  const avccStart = init.config.start - 8;
  for (const start of [...boxes.map((box) => box.start), entryStart, avccStart])
    out.writeUInt32BE(bytes.readUInt32BE(start) + grown, start);
  out.writeUInt16BE(width, entryStart + 8 + 24);
  out.writeUInt16BE(height, entryStart + 8 + 26);
  const tkhd = needBox(bytes, ['moov', 'trak', 'tkhd']);
  out.writeUInt32BE(width * 65_536, tkhd.end - 8);
  out.writeUInt32BE(height * 65_536, tkhd.end - 4);
  return out;
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
    if (next !== 0) next = (last + signed(bits.ue()) + 256) % 256;
    last = next === 0 ? last : next;
  }
}

const signed = (code: number) => (code % 2 === 1 ? (code + 1) / 2 : -code / 2);

interface BitReader {
  u(count: number): number;
  ue(): number;
}

function bitReader(bytes: Buffer): BitReader {
  let at = 0;
  const bit = (): number => {
    const byte = bytes[at >> 3];
    if (byte === undefined) throw new MalformedMp4('a parameter set ends early');
    const value = (byte >> (7 - (at & 7))) & 1;
    at += 1;
    return value;
  };
  const u = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + bit();
    return value;
  };
  return {
    u,
    ue() {
      let zeros = 0;
      while (bit() === 0) if (++zeros > 31) throw new MalformedMp4('a parameter set makes no sense');
      return 2 ** zeros - 1 + u(zeros);
    },
  };
}

/** Takes out the bytes that keep a NAL unit from looking like a start code (section 7.4.1.1). */
function withoutEmulation(nal: Buffer): Buffer {
  const out: number[] = [];
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out.push(byte);
  }
  return Buffer.from(out);
}
