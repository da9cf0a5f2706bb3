import type { InitSegment } from '../recording/init-segment.ts';
import { MalformedMp4 } from '../recording/mp4-boxes.ts';
import { bitReader, withoutEmulation } from './bits.ts';

/** Enough of a slice to hold the two numbers its header begins with. */
const HEAD_BYTES = 16;
const B_SLICE = 1;

/**
 * Does a frame, the payload of an `mdat`, hold a B slice (ITU-T H.264 section 7.3.3: slice types 1 and 6)? H.265
 * is not looked at: cameras send low-delay pictures there that are B slices in name and delay nothing.
 */
export function holdsBFrame(payload: Buffer, init: InitSegment): boolean {
  if (init.coding !== 'h264') return false;
  for (let at = 0; at + init.nalLengthBytes < payload.length; ) {
    const start = at + init.nalLengthBytes;
    const size = payload.readUIntBE(at, init.nalLengthBytes);
    if (size === 0 || start + size > payload.length) return false;
    const type = (payload[start] ?? 0) & 31;
    if (type === 1 || type === 5) return isB(payload.subarray(start + 1, start + Math.min(size, HEAD_BYTES)));
    at = start + size;
  }
  return false;
}

function isB(head: Buffer): boolean {
  try {
    const bits = bitReader(withoutEmulation(head));
    bits.ue();
    return bits.ue() % 5 === B_SLICE;
  } catch (error) {
    // A slice header cut off so early tells nothing.
    if (error instanceof MalformedMp4) return false;
    throw error;
  }
}
