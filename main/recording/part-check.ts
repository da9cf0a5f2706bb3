import { crc32 } from 'node:zlib';
import { type Box, boxesIn, MalformedMp4, typeNumber } from './mp4-boxes.ts';

/** What a `check` box says of the bytes before it. */
const MAGIC = 'klcK';
const FREE = typeNumber('free');
const MAGIC_NUMBER = typeNumber(MAGIC);
export const CHECK_BYTES = 20;

/**
 * A free-space box (ISO/IEC 14496-12 section 8.1.2; players skip it) with a checksum of what it stands behind. A
 * power cut may leave a file whose end is as long as it was but holds zeros, or pieces: what was not flushed is
 * taken for footage again only when its checksum says so.
 */
export function checkBox(bytes: Buffer): Buffer {
  const box = Buffer.allocUnsafe(CHECK_BYTES);
  box.writeUInt32BE(CHECK_BYTES, 0);
  box.writeUInt32BE(FREE, 4);
  box.writeUInt32BE(MAGIC_NUMBER, 8);
  box.writeUInt32BE(bytes.length, 12);
  box.writeUInt32BE(crc32(bytes), 16);
  return box;
}

/** Is it a check box? Then whether the bytes before it are what they were when it was written. */
export function readCheck(file: Buffer, box: Box): { from: number; holds: boolean } | undefined {
  if (box.type !== 'free' || box.end - box.start !== CHECK_BYTES) return undefined;
  if (file.toString('latin1', box.body, box.body + 4) !== MAGIC) return undefined;
  const length = file.readUInt32BE(box.body + 4);
  const from = box.start - length;
  const holds = from >= 0 && crc32(file.subarray(from, box.start)) === file.readUInt32BE(box.body + 8);
  return { from, holds };
}

/** Footage is not what was written: the disk lost or changed it. */
export class DamagedFootage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DamagedFootage';
  }
}

/**
 * A segment as it was when it was live: its parts, each one checked, without the check boxes. Footage of a version
 * that wrote none is passed on as it is. @throws DamagedFootage
 */
export function checkedParts(segment: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  try {
    for (const box of boxesIn(segment)) {
      const check = readCheck(segment, box);
      if (!check) continue;
      if (!check.holds || check.from !== from) throw new DamagedFootage('a part does not fit its checksum');
      parts.push(segment.subarray(from, box.start));
      from = box.end;
    }
  } catch (error) {
    if (error instanceof MalformedMp4) throw new DamagedFootage(error.message);
    throw error;
  }
  if (parts.length === 0) return segment;
  if (from !== segment.length) throw new DamagedFootage('the last part has no checksum');
  return Buffer.concat(parts);
}
