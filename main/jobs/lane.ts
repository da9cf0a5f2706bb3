/** Lets so many pieces of work of one kind run at once; the others wait in the order in which they came. */
export interface Lane {
  /** Runs `work` when it is its turn; at once, without a place, when `signal` ends the wait: it will look itself. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createLane(width: number): Lane {
  const waiting: (() => void)[] = [];
  let free = width;

  /** Resolves to whether a place was got. */
  function enter(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (free > 0) {
      free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const turn = () => {
        signal.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(turn), 1);
        resolve(false);
      };
      waiting.push(turn);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** The place goes from hand to hand, so that nobody who comes later slips in between. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  return {
    async run(work, signal) {
      const placed = await enter(signal);
      try {
        return await work();
      } finally {
        if (placed) leave();
      }
    },
  };
}
