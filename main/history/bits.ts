import { CorruptHistory } from './bytes.ts';

/** From so many ones on, a value stands in plain binary: measured values hardly ever do. */
const ESCAPE = 24;
const LENGTH_BITS = 6;
/** Of four bytes, wherever in the first of them one begins. */
const AT_ONCE = 25;

/** How many low bits stand plain in a Rice code that suits values of this mean. */
export const riceParameter = (mean: number): number =>
  mean < 1 ? 0 : Math.min(40, Math.max(0, Math.round(Math.log2(mean * Math.LN2))));

/** Bits one after the other, the highest of a byte first. Numbers are whole and not below nought, up to 2^53. */
export function createBitWriter() {
  let bytes = new Uint8Array(64);
  let length = 0;

  function bit(value: number): void {
    const at = length >> 3;
    if (at === bytes.length) {
      const grown = new Uint8Array(bytes.length * 2);
      grown.set(bytes);
      bytes = grown;
    }
    if (value) bytes[at] = (bytes[at] ?? 0) | (128 >> (length & 7));
    length += 1;
  }

  function plain(value: number, count: number): void {
    for (let weight = 2 ** (count - 1), rest = value; weight >= 1; weight /= 2) {
      const one = rest >= weight;
      bit(one ? 1 : 0);
      if (one) rest -= weight;
    }
  }

  return {
    plain,
    /** Rice's code: the value's high part in ones, its `k` low bits plain. */
    rice(value: number, k: number): void {
      const step = 2 ** k;
      const high = Math.floor(value / step);
      const ones = Math.min(high, ESCAPE);
      for (let i = 0; i < ones; i++) bit(1);
      if (ones === ESCAPE) {
        const count = Math.floor(Math.log2(value)) + 1;
        plain(count, LENGTH_BITS);
        plain(value, count);
        return;
      }
      bit(0);
      plain(value - high * step, k);
    },
    take: (): Uint8Array => bytes.slice(0, (length + 7) >> 3),
  };
}
export type BitWriter = ReturnType<typeof createBitWriter>;

/** @throws CorruptHistory when a read goes past the end */
export function createBitReader(bytes: Uint8Array) {
  const end = bytes.length * 8;
  let at = 0;

  /** The next bits, the first one highest; at least `AT_ONCE` of them are good, noughts after the end. */
  function ahead(): number {
    const i = at >> 3;
    const word =
      ((bytes[i] ?? 0) << 24) |
      ((bytes[i + 1] ?? 0) << 16) |
      ((bytes[i + 2] ?? 0) << 8) |
      (bytes[i + 3] ?? 0);
    return word << (at & 7);
  }

  function advance(count: number): void {
    at += count;
    if (at > end) throw new CorruptHistory('stored history ends too early');
  }

  function plain(count: number): number {
    if (count === 0) return 0;
    if (count <= AT_ONCE) {
      const few = ahead() >>> (32 - count);
      advance(count);
      return few;
    }
    let value = 0;
    for (let left = count; left > 0; ) {
      const now = Math.min(left, AT_ONCE);
      value = value * 2 ** now + (ahead() >>> (32 - now));
      advance(now);
      left -= now;
    }
    return value;
  }

  return {
    plain,
    rice(k: number): number {
      const ones = Math.min(ESCAPE, Math.clz32(~ahead()));
      if (ones === ESCAPE) {
        advance(ESCAPE);
        return plain(plain(LENGTH_BITS));
      }
      advance(ones + 1);
      return ones * 2 ** k + plain(k);
    },
  };
}
export type BitReader = ReturnType<typeof createBitReader>;
