/** One timer for all who must look at something now and then: a hundred of their own would wake the process each time. */
export interface Rounds {
  /** @returns the function that leaves the round; it may be called from inside `look` */
  join(look: () => void): () => void;
}

/** Calls all who joined every `everyMs`, as long as there is anybody. */
export function createRounds(everyMs: number): Rounds {
  const joined = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;

  return {
    join(look) {
      const mine = () => look();
      joined.add(mine);
      timer ??= setInterval(() => {
        for (const one of joined) one();
      }, everyMs);
      return () => {
        joined.delete(mine);
        if (joined.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
