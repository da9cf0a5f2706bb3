/** Stored bytes that do not say what they should: cut short, overwritten, or of a newer version. */
export class CorruptHistory extends Error {
  override name = 'CorruptHistory';
}

const zigzag = (value: number): number => (value >= 0 ? value * 2 : value * -2 - 1);
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Grows as it is written. Integers are LEB128 varints, signed ones zigzag-coded, up to 2^53. */
export function createByteWriter(capacity = 256) {
  let bytes = new Uint8Array(capacity);
  let length = 0;

  function room(more: number): void {
    if (length + more <= bytes.length) return;
    const grown = new Uint8Array(Math.max(bytes.length * 2, length + more));
    grown.set(bytes.subarray(0, length));
    bytes = grown;
  }

  function unsigned(value: number): void {
    room(8);
    let rest = value;
    while (rest >= 128) {
      bytes[length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    bytes[length++] = rest;
  }

  return {
    unsigned,
    signed: (value: number) => unsigned(zigzag(value)),
    raw(more: Uint8Array): void {
      room(more.length);
      bytes.set(more, length);
      length += more.length;
    },
    length: () => length,
    /** What was written so far, without copying: good until the next write. */
    view: () => bytes.subarray(0, length),
    /** A copy that nobody else holds. */
    take: () => bytes.slice(0, length),
  };
}
export type ByteWriter = ReturnType<typeof createByteWriter>;

/** @throws CorruptHistory when a read goes past the end */
export function createByteReader(bytes: Uint8Array, start = 0, end = bytes.length) {
  let at = start;

  function unsigned(): number {
    let value = 0;
    let weight = 1;
    for (let count = 0; count < 8; count++) {
      if (at >= end) throw new CorruptHistory('stored history ends too early');
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * weight;
      if (byte < 128) return value;
      weight *= 128;
    }
    throw new CorruptHistory('a stored number is too long');
  }

  return {
    unsigned,
    signed: () => unzigzag(unsigned()),
    /** Passes over so many numbers without reckoning what they are. */
    skip(numbers: number): void {
      for (let left = numbers; left > 0; at++) {
        if (at >= end) throw new CorruptHistory('stored history ends too early');
        if ((bytes[at] ?? 0) < 128) left -= 1;
      }
    },
    /** Passes over so many bytes. */
    leap(length: number): void {
      if (at + length > end) throw new CorruptHistory('stored history ends too early');
      at += length;
    },
    raw(length: number): Uint8Array {
      if (at + length > end) throw new CorruptHistory('stored history ends too early');
      at += length;
      return bytes.subarray(at - length, at);
    },
    more: () => at < end,
    at: () => at,
  };
}
export type ByteReader = ReturnType<typeof createByteReader>;
