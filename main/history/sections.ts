import { createByteReader, createByteWriter } from './bytes.ts';

/**
 * Several devices' bytes in one blob, each found without reading the others': a directory of numbers and lengths,
 * then the sections in the same order. Numbers ascend.
 */
export function joinSections(sections: readonly { num: number; bytes: Uint8Array }[]): Uint8Array {
  const writer = createByteWriter(sections.reduce((sum, { bytes }) => sum + bytes.length + 6, 8));
  writer.unsigned(sections.length);
  let before = 0;
  for (const { num, bytes } of sections) {
    writer.unsigned(num - before);
    writer.unsigned(bytes.length);
    before = num;
  }
  for (const { bytes } of sections) writer.raw(bytes);
  return writer.take();
}

/** @throws CorruptHistory */
export function splitSections(bytes: Uint8Array): { num: number; bytes: Uint8Array }[] {
  const reader = createByteReader(bytes);
  const count = reader.unsigned();
  const directory: { num: number; length: number }[] = [];
  let num = 0;
  for (let i = 0; i < count; i++) {
    num += reader.unsigned();
    directory.push({ num, length: reader.unsigned() });
  }
  return directory.map((entry) => ({ num: entry.num, bytes: reader.raw(entry.length) }));
}

/** The section of one device. @throws CorruptHistory */
export function sectionOf(bytes: Uint8Array, wanted: number): Uint8Array | undefined {
  const reader = createByteReader(bytes);
  let num = 0;
  let before = 0;
  let length: number | undefined;
  for (let left = reader.unsigned(); left > 0; left--) {
    num += reader.unsigned();
    const here = reader.unsigned();
    if (num === wanted) length = here;
    else if (num < wanted) before += here;
  }
  if (length === undefined) return undefined;
  reader.leap(before);
  return reader.raw(length);
}
