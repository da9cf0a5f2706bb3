/** ISO base media file format boxes (ISO/IEC 14496-12 section 4.2): only what cutting and repair need. */

/** What arrived is not the MP4 it must be. */
export class MalformedMp4 extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedMp4';
  }
}

export interface Box {
  readonly type: string;
  /** Offset of the box's header in the bytes looked at. */
  readonly start: number;
  /** Offset of its first byte after the header. */
  readonly body: number;
  readonly end: number;
}

/** A box's type as the number that its four letters are (big-endian): compared without making a text. */
export const typeNumber = (type: string): number => Buffer.from(type, 'latin1').readUInt32BE(0);

/**
 * The box that begins at `at`, or undefined when its header is not complete yet.
 * `end` may lie beyond the bytes at hand. @throws MalformedMp4 for a size no box can have
 */
export function boxAt(bytes: Buffer, at: number, limit = bytes.length): Box | undefined {
  if (at + 8 > limit) return undefined;
  const type = bytes.toString('latin1', at + 4, at + 8);
  let size = bytes.readUInt32BE(at);
  let body = at + 8;
  if (size === 1) {
    if (at + 16 > limit) return undefined;
    size = Number(bytes.readBigUInt64BE(at + 8));
    body = at + 16;
  } else if (size === 0) {
    size = limit - at;
  }
  if (!Number.isSafeInteger(size) || size < body - at)
    throw new MalformedMp4(`box ${JSON.stringify(type)} claims ${size} bytes`);
  return { type, start: at, body, end: at + size };
}

/** Every box between two offsets. @throws MalformedMp4 when one reaches beyond `end` */
export function* boxesIn(bytes: Buffer, start = 0, end = bytes.length): Generator<Box> {
  for (let at = start; at < end; ) {
    const box = boxAt(bytes, at, end);
    if (!box || box.end > end) throw new MalformedMp4(`a box at ${at} is cut off`);
    yield box;
    at = box.end;
  }
}

/** First box at the end of a path of types, e.g. `['moov', 'trak', 'mdia']`. */
export function findBox(
  bytes: Buffer,
  path: readonly string[],
  start = 0,
  end = bytes.length,
): Box | undefined {
  let found: Box | undefined;
  for (const type of path) {
    found = firstOf(bytes, type, found?.body ?? start, found?.end ?? end);
    if (!found) return undefined;
  }
  return found;
}

/** Asked for every frame of every camera: boxes that are passed over are not even named. */
function firstOf(bytes: Buffer, type: string, start: number, end: number): Box | undefined {
  for (let at = start; at < end; ) {
    const size = at + 8 <= end ? bytes.readUInt32BE(at) : 0;
    if (size < 8 || at + size > end || isType(bytes, at + 4, type)) {
      const box = boxAt(bytes, at, end);
      if (!box || box.end > end) throw new MalformedMp4(`a box at ${at} is cut off`);
      if (box.type === type) return box;
      at = box.end;
    } else at += size;
  }
  return undefined;
}

const isType = (bytes: Buffer, at: number, type: string): boolean =>
  bytes[at] === type.charCodeAt(0) &&
  bytes[at + 1] === type.charCodeAt(1) &&
  bytes[at + 2] === type.charCodeAt(2) &&
  bytes[at + 3] === type.charCodeAt(3);

/** As `findBox`. @throws MalformedMp4 when there is none */
export function needBox(bytes: Buffer, path: readonly string[], start = 0, end = bytes.length): Box {
  const box = findBox(bytes, path, start, end);
  if (!box) throw new MalformedMp4(`there is no ${path.join('/')}`);
  return box;
}
