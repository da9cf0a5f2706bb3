/** The first groups of pictures of a whole wall fit. */
const START_BYTES = 1024 * 1024;
const LEAST_BYTES = 64 * 1024;
const MOST_BYTES = 16 * 1024 * 1024;
/** Taken in within this: the way is free, ms. */
const QUICK_MS = 250;
/** Longer than this: too much is under way, ms. */
const SLOW_MS = 700;

/**
 * How much may be under way to one console, sent and not acknowledged: more while it takes in quickly, half when it
 * does not, so that what is sent is still live when it arrives. Buffers of systems between would else hold seconds.
 */
export function createSendWindow() {
  let limit = START_BYTES;
  let underWay = 0;
  let shrunkAt = Number.NEGATIVE_INFINITY;

  return {
    /** One message may always be under way, however large. */
    hasRoom: (): boolean => underWay === 0 || underWay < limit,
    sent(bytes: number): void {
      underWay += bytes;
    },
    /** `sentAt` and `now`: monotonic ms. */
    acknowledged(bytes: number, sentAt: number, now: number): void {
      const wasNeeded = underWay > limit / 2;
      underWay -= bytes;
      const took = now - sentAt;
      if (took <= QUICK_MS) {
        if (wasNeeded) limit = Math.min(MOST_BYTES, limit + bytes);
      } else if (took > SLOW_MS && now - shrunkAt > SLOW_MS) {
        shrunkAt = now;
        limit = Math.max(LEAST_BYTES, limit / 2);
      }
    },
    /** Nobody will acknowledge these. */
    forget(bytes: number): void {
      underWay -= bytes;
    },
    underWay: () => underWay,
    limit: () => limit,
  };
}

export type SendWindow = ReturnType<typeof createSendWindow>;
