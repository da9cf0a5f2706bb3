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
/**
 * All there is, lent or ready, is so much of what was lent at once lately: each size keeps as many as were ever needed
 * in one moment, which would grow for hours, by one rare moment after the other.
 */
const ROOM = 1.25;
/** By how much each buffer given back lets a moment of much fade: a hundred cameras forget half of it in minutes. */
const FADING = 1e-5;
const LEAST_FREE = 2 * 1024 * 1024;

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
  let lentBytes = 0;
  /** Most that was lent at once, fading. */
  let most = 0;

  /** Lets go of what there is most of, until no more lies ready than may. */
  function shrink(): void {
    most = Math.max(lentBytes, most * (1 - FADING));
    const allowed = Math.min(mostFree, Math.max(LEAST_FREE, most * ROOM - lentBytes));
    while (free > allowed) {
      let largest: ArrayBuffer[] = [];
      let size = 0;
      for (const [each, same] of ready)
        if (same.length * each > largest.length * size) {
          largest = same;
          size = each;
        }
      largest.pop();
      free -= size;
    }
  }

  return {
    take(bytes) {
      const size = sizeFor(bytes);
      lentBytes += size;
      most = Math.max(most, lentBytes);
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
      lentBytes -= size;
      const same = ready.get(size);
      if (same) same.push(buffer);
      else ready.set(size, [buffer]);
      free += size;
      shrink();
    },
    forget({ buffer }) {
      if (lent.delete(buffer)) lentBytes -= buffer.byteLength;
    },
    free: () => free,
  };
}
