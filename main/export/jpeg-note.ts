/** JPEG markers (ITU-T T.81 section B.1.1.3). */
const SOI = 0xffd8;
const COM = 0xfffe;
/** Tells our comment from others'. */
const PREFIX = Buffer.from('kalancha-manifest\n');
/** A marker segment's length field counts itself. */
const LONGEST_NOTE = 0xffff - 2 - PREFIX.length;

export const isJpeg = (bytes: Buffer): boolean => bytes.length > 4 && bytes.readUInt16BE(0) === SOI;

/** Puts a note into a JPEG as its first comment segment; every viewer skips it. */
export function withNote(jpeg: Buffer, note: string): Buffer {
  const text = Buffer.from(note);
  if (!isJpeg(jpeg) || text.length > LONGEST_NOTE) throw new Error('the note does not fit into this picture');
  const head = Buffer.alloc(4);
  head.writeUInt16BE(COM, 0);
  head.writeUInt16BE(2 + PREFIX.length + text.length, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, PREFIX, text, jpeg.subarray(2)]);
}

/** Takes the note out again: the picture as it was before, and the note; undefined when there is none. */
export function takeNote(bytes: Buffer): { jpeg: Buffer; note: string } | undefined {
  if (!isJpeg(bytes) || bytes.length < 6 || bytes.readUInt16BE(2) !== COM) return undefined;
  const end = 4 + bytes.readUInt16BE(4);
  const body = bytes.subarray(6, end);
  if (end > bytes.length || !body.subarray(0, PREFIX.length).equals(PREFIX)) return undefined;
  return {
    jpeg: Buffer.concat([bytes.subarray(0, 2), bytes.subarray(end)]),
    note: body.subarray(PREFIX.length).toString('utf8'),
  };
}
