/**
 * Lets so many pieces of work of one kind run at once. The others wait; people take turns, so that who orders ten
 * things holds up nobody who orders one, and each one's own come in the order in which he asked.
 */
export interface Lane {
  /** Runs `work` when it is its turn; at once, without a place, when `signal` ends the wait: it will look itself. */
  run<T>(ownerId: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** How many pieces of work end or begin before the one that waits with this signal; 0 for one that does not wait. */
  ahead(signal: AbortSignal): number;
}

interface Waiting {
  ownerId: string;
  signal: AbortSignal;
  turn(): void;
}

export function createLane(width: number): Lane {
  const waiting: Waiting[] = [];
  /** Turns that people have had, the last one of each; who had none lately goes first. */
  const had = new Map<string, number>();
  let turns = 0;
  let running = 0;

  /** The next of those who wait, when each owner's last turn was so. */
  function next(of: readonly Waiting[], last: ReadonlyMap<string, number>): Waiting | undefined {
    let best: Waiting | undefined;
    for (const one of of)
      if (!best || (last.get(one.ownerId) ?? -1) < (last.get(best.ownerId) ?? -1)) best = one;
    return best;
  }

  function take(ownerId: string): void {
    running += 1;
    turns += 1;
    had.set(ownerId, turns);
  }

  /** Resolves to whether a place was got. */
  function enter(ownerId: string, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (running < width) {
      take(ownerId);
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const mine: Waiting = {
        ...{ ownerId, signal },
        turn() {
          signal.removeEventListener('abort', giveUp);
          resolve(true);
        },
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(mine), 1);
        resolve(false);
      };
      waiting.push(mine);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** The place goes from hand to hand, so that nobody who comes later slips in between. */
  function leave(): void {
    running -= 1;
    const one = next(waiting, had);
    if (one) {
      waiting.splice(waiting.indexOf(one), 1);
      take(one.ownerId);
      one.turn();
    } else if (running === 0) had.clear();
  }

  return {
    async run(ownerId, work, signal) {
      const placed = await enter(ownerId, signal);
      try {
        return await work();
      } finally {
        if (placed) leave();
      }
    },
    ahead(signal) {
      const left = [...waiting];
      const last = new Map(had);
      for (let before = running; left.length > 0; before++) {
        const one = next(left, last);
        if (!one || one.signal === signal) return one ? before : 0;
        left.splice(left.indexOf(one), 1);
        last.set(one.ownerId, turns + before + 1);
      }
      return 0;
    },
  };
}
