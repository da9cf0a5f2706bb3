export interface Batch {
  readonly id: number;
  readonly samples: Uint8Array;
  /** When it was made, by the monotonic clock, ms. */
  readonly madeAt: number;
}

/** Batches of samples that the thread has not said to be stored, oldest first. */
export interface Unstored {
  add(batch: Batch): void;
  oldest(): Batch | undefined;
  all(): readonly Batch[];
  bytes(): number;
  /** All up to this one are stored. */
  stored(upTo: number): void;
  /** Drops the oldest until no more than `bytes` wait. @returns how many were given up */
  giveUpBeyond(bytes: number): number;
  /** Whether all up to the batch `id` are stored within `ms` milliseconds; false as soon as one is given up. */
  storedWithin(id: number, ms: number): Promise<boolean>;
  /** Whoever waits is told that it is not stored. */
  stopWaiting(): void;
}

interface Waiter {
  id: number;
  settle(stored: boolean): void;
}

export function createUnstored(): Unstored {
  const batches: Batch[] = [];
  const waiters = new Set<Waiter>();
  let bytes = 0;

  function shift(): Batch | undefined {
    const batch = batches.shift();
    bytes -= batch?.samples.length ?? 0;
    return batch;
  }

  return {
    add(batch) {
      batches.push(batch);
      bytes += batch.samples.length;
    },
    oldest: () => batches[0],
    all: () => batches,
    bytes: () => bytes,
    stored(upTo) {
      while (batches[0] && batches[0].id <= upTo) shift();
      for (const waiter of [...waiters]) if (waiter.id <= upTo) waiter.settle(true);
    },
    giveUpBeyond(limit) {
      let lost = 0;
      while (bytes > limit) {
        const batch = shift();
        if (!batch) break;
        lost += 1;
        for (const waiter of [...waiters]) if (waiter.id >= batch.id) waiter.settle(false);
      }
      return lost;
    },
    storedWithin(id, ms) {
      if (batches.length === 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        const waiter: Waiter = {
          id,
          settle(stored) {
            clearTimeout(timeout);
            waiters.delete(waiter);
            resolve(stored);
          },
        };
        const timeout = setTimeout(() => waiter.settle(false), ms);
        waiters.add(waiter);
      });
    },
    stopWaiting() {
      for (const waiter of [...waiters]) waiter.settle(false);
    },
  };
}
