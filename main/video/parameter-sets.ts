import { type InitSegment, readInitSegment } from '../recording/init-segment.ts';
import { type Box, boxesIn, needBox } from '../recording/mp4-boxes.ts';
import { h264 } from './h264.ts';
import { h265 } from './h265.ts';
import type { ParameterSets, VideoCoding } from './video-coding.ts';

const codingOf = (init: InitSegment): VideoCoding => (init.coding === 'h265' ? h265 : h264);

/** Parameter sets that stand in front of a picture, in the payload of an `mdat`. Empty lists when there are none. */
export function parameterSetsIn(payload: Buffer, init: InitSegment): ParameterSets {
  const { kindOf } = codingOf(init);
  const found: ParameterSets = { vps: [], sps: [], pps: [] };
  for (let at = 0; at + init.nalLengthBytes < payload.length; ) {
    const size = payload.readUIntBE(at, init.nalLengthBytes);
    const start = at + init.nalLengthBytes;
    if (size === 0 || start + size > payload.length) break;
    const nal = payload.subarray(start, start + size);
    const kind = kindOf(nal);
    if (kind === 'picture') break;
    if (kind !== 'other') found[kind].push(nal);
    at = start + size;
  }
  return found;
}

const recordIn = (init: InitSegment): Buffer => init.bytes.subarray(init.config.start, init.config.end);

/** Parameter sets of the init segment. */
export const parameterSetsOf = (init: InitSegment): ParameterSets => codingOf(init).setsOf(recordIn(init));

/** Does a picture bring other parameter sets than the init segment holds? */
export function formatDiffers(init: InitSegment, inBand: ParameterSets): boolean {
  const known = parameterSetsOf(init);
  return (['vps', 'sps', 'pps'] as const).some((kind) =>
    inBand[kind].some((set) => !known[kind].some((other) => other.equals(set))),
  );
}

/** The init segment for a stream that changed its parameter sets on the way. @throws MalformedMp4, RangeError */
export function withParameterSets(init: InitSegment, sets: ParameterSets): InitSegment {
  const known = parameterSetsOf(init);
  const complete = {
    vps: sets.vps.length > 0 ? sets.vps : known.vps,
    sps: sets.sps,
    pps: sets.pps.length > 0 ? sets.pps : known.pps,
  };
  const { record, width, height } = codingOf(init).recordOf(complete, recordIn(init), init.nalLengthBytes);
  return readInitSegment(replaceRecord(init, record, width, height));
}

/** The boxes from `moov` down to `stsd`. */
function pathToEntries(bytes: Buffer): [Box, ...Box[]] {
  const moov = needBox(bytes, ['moov']);
  const boxes: [Box, ...Box[]] = [moov];
  let inside = moov;
  for (const type of ['trak', 'mdia', 'minf', 'stbl', 'stsd']) {
    inside = needBox(bytes, [type], inside.body, inside.end);
    boxes.push(inside);
  }
  return boxes;
}

function replaceRecord(init: InitSegment, record: Buffer, width: number, height: number): Buffer {
  const { bytes } = init;
  const grown = record.length - (init.config.end - init.config.start);
  const out = Buffer.concat([bytes.subarray(0, init.config.start), record, bytes.subarray(init.config.end)]);
  const boxes = pathToEntries(bytes);
  const entryStart = (boxes.at(-1) ?? boxes[0]).body + 8;
  const recordStart = init.config.start - 8;
  for (const start of [...boxes.map((box) => box.start), entryStart, recordStart])
    out.writeUInt32BE(bytes.readUInt32BE(start) + grown, start);
  out.writeUInt16BE(width, entryStart + 8 + 24);
  out.writeUInt16BE(height, entryStart + 8 + 26);
  const tkhd = needBox(bytes, ['moov', 'trak', 'tkhd']);
  out.writeUInt32BE(width * 65_536, tkhd.end - 8);
  out.writeUInt32BE(height * 65_536, tkhd.end - 4);
  return out;
}

/**
 * Calls an H.265 track by the name that all players take, `hvc1` instead of ffmpeg's `hev1`: its parameter sets
 * stand in the header, and others that come on the way begin a new header (ISO/IEC 14496-15 section 8.4.1).
 */
export function withCommonName(init: Buffer): Buffer {
  const stsd = pathToEntries(init).at(-1);
  const [entry] = stsd ? boxesIn(init, stsd.body + 8, stsd.end) : [];
  if (entry?.type !== 'hev1') return init;
  const named = Buffer.from(init);
  named.write('hvc1', entry.start + 4, 'latin1');
  return named;
}
