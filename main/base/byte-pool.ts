/** Memory that is used again and again, so that a steady stream of bytes makes no garbage. */
export interface BytePool {
  /** A buffer of this length; what is in it is undefined. */
  take(bytes: number): Buffer;
  /**
   * Gives a buffer back, after which nobody may look at it. One that was never given back is left to the garbage
   * collector; one that did not come from here is ignored.
   */
  give(buffer: Buffer): void;
  /** Never to be used again: somebody may still look at it. */
  forget(buffer: Buffer): void;
  /** Bytes lying ready. */
  free(): number;
}

const SMALLEST = 4_096;
/** What a burst left behind beyond this goes to the garbage collector. */
const MOST_FREE = 32 * 1024 * 1024;

/** Four sizes between a power of two and the next: a buffer is at most a quarter larger than what it holds. */
function sizeFor(bytes: number): number {
  if (bytes <= SMALLEST) return SMALLEST;
  const step = 1 << (29 - Math.clz32(bytes - 1));
  return Math.ceil(bytes / step) * step;
}

export function createBytePool(mostFree = MOST_FREE): BytePool {
  const ready = new Map<number, ArrayBuffer[]>();
  const lent = new WeakSet<ArrayBufferLike>();
  let free = 0;
  return {
    take(bytes) {
      const size = sizeFor(bytes);
      const again = ready.get(size)?.pop();
      if (again) {
        free -= size;
        lent.add(again);
        return Buffer.from(again, 0, bytes);
      }
      const made = Buffer.allocUnsafeSlow(size);
      lent.add(made.buffer);
      return made.subarray(0, bytes);
    },
    give({ buffer }) {
      if (!(buffer instanceof ArrayBuffer) || !lent.delete(buffer)) return;
      const size = buffer.byteLength;
      if (free + size > mostFree) return;
      const same = ready.get(size);
      if (same) same.push(buffer);
      else ready.set(size, [buffer]);
      free += size;
    },
    forget: ({ buffer }) => void lent.delete(buffer),
    free: () => free,
  };
}
