/** One segment inside a recording file. Packed to 20 bytes, so that a day of a camera is 1,440 small rows. */
export interface SegmentEntry {
  /** Microseconds from the file's start to the segment's first frame, in true time. */
  startUs: number;
  /** Media duration, microseconds. */
  durationUs: number;
  offset: number;
  bytes: number;
  /** Begins with a keyframe. */
  independent: boolean;
}

const ENTRY_BYTES = 20;
const INDEPENDENT = 1;

export function packEntries(entries: readonly SegmentEntry[]): Buffer {
  const packed = Buffer.alloc(entries.length * ENTRY_BYTES);
  entries.forEach((entry, index) => {
    const at = index * ENTRY_BYTES;
    packed.writeInt32LE(entry.startUs, at);
    packed.writeUInt32LE(entry.durationUs, at + 4);
    packed.writeUInt32LE(entry.offset, at + 8);
    packed.writeUInt32LE(entry.bytes, at + 12);
    packed.writeUInt32LE(entry.independent ? INDEPENDENT : 0, at + 16);
  });
  return packed;
}

export function unpackEntries(packed: Buffer): SegmentEntry[] {
  const entries: SegmentEntry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= packed.length; at += ENTRY_BYTES)
    entries.push({
      startUs: packed.readInt32LE(at),
      durationUs: packed.readUInt32LE(at + 4),
      offset: packed.readUInt32LE(at + 8),
      bytes: packed.readUInt32LE(at + 12),
      independent: (packed.readUInt32LE(at + 16) & INDEPENDENT) !== 0,
    });
  return entries;
}
