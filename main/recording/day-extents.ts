/** From when to when footage runs without a hole, UTC ms, and why it does not continue what was before. */
export interface Extent {
  start_ms: number;
  end_ms: number;
  break_before: string | null;
}

/** A hole shorter than this is a camera's clock settling, not missing footage. */
export const HOLE_MS = 1_500;
export const DAY_MS = 86_400_000;

/** UTC days since 1970. */
export const dayOf = (utcMs: number): number => Math.floor(utcMs / DAY_MS);

/** Files that touch as one. @param files by their start */
export function joined(files: readonly Extent[]): Extent[] {
  const result: Extent[] = [];
  for (const file of files) {
    const last = result.at(-1);
    if (last && file.start_ms - last.end_ms < HOLE_MS) last.end_ms = Math.max(last.end_ms, file.end_ms);
    else result.push({ ...file });
  }
  return result;
}

const VERSION = 1;
const HEADER = 3;
const ENTRY = 9;

/**
 * The extents that begin on a day, as bytes: a version, a list of the breaks' words, then of each extent its start
 * in the day and its length (ms, 32 bits, big-endian) and the number of its word, 0 for none.
 */
export function packDay(day: number, extents: readonly Extent[]): Buffer {
  const words = [...new Set(extents.flatMap(({ break_before }) => break_before ?? []))];
  const list = Buffer.from(words.join(' '), 'utf8');
  const bytes = Buffer.alloc(HEADER + list.length + extents.length * ENTRY);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeUInt16BE(list.length, 1);
  list.copy(bytes, HEADER);
  let at = HEADER + list.length;
  for (const { start_ms, end_ms, break_before } of extents) {
    bytes.writeUInt32BE(start_ms - day * DAY_MS, at);
    bytes.writeUInt32BE(end_ms - start_ms, at + 4);
    bytes.writeUInt8(break_before === null ? 0 : words.indexOf(break_before) + 1, at + 8);
    at += ENTRY;
  }
  return bytes;
}

/** Undefined where the bytes are of another version, or no such bytes at all: the day is read from its files. */
export function unpackDay(day: number, bytes: Buffer): Extent[] | undefined {
  if (bytes.length < HEADER || bytes.readUInt8(0) !== VERSION) return undefined;
  const start = HEADER + bytes.readUInt16BE(1);
  if (start > bytes.length || (bytes.length - start) % ENTRY !== 0) return undefined;
  const words = bytes.toString('utf8', HEADER, start).split(' ');
  const extents: Extent[] = [];
  for (let at = start; at < bytes.length; at += ENTRY) {
    const start_ms = day * DAY_MS + bytes.readUInt32BE(at);
    const word = bytes.readUInt8(at + 8);
    extents.push({
      start_ms,
      end_ms: start_ms + bytes.readUInt32BE(at + 4),
      break_before: word === 0 ? null : (words[word - 1] ?? null),
    });
  }
  return extents;
}
