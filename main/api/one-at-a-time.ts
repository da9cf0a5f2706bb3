/** Lets each person's tasks run one after the other. */
export interface OneAtATime {
  /** Runs the task when the person's earlier ones have ended. @throws what `refused` makes when too many wait already */
  run<T>(personId: string, task: () => Promise<T>, refused: () => Error): Promise<T>;
}

/** `mostWaiting` tasks of one person may wait besides the one that runs. */
export function createOneAtATime(mostWaiting: number): OneAtATime {
  const queues = new Map<string, { tail: Promise<void>; count: number }>();
  return {
    async run(personId, task, refused) {
      const queue = queues.get(personId) ?? { tail: Promise.resolve(), count: 0 };
      if (queue.count > mostWaiting) throw refused();
      queues.set(personId, queue);
      queue.count += 1;
      const before = queue.tail;
      const { promise, resolve } = Promise.withResolvers<void>();
      queue.tail = promise;
      try {
        await before;
        return await task();
      } finally {
        queue.count -= 1;
        if (queue.count === 0) queues.delete(personId);
        resolve();
      }
    },
  };
}
