/** Lets few at a time through: forty ffmpegs started at once make half of them fail. */
export interface StartGate {
  /** Resolves with the function that gives the place back; rejects when `signal` ends the wait. */
  enter(signal: AbortSignal): Promise<() => void>;
}

export function createStartGate(limit: number): StartGate {
  let inside = 0;
  const waiting: (() => void)[] = [];

  function leaveOnce(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      inside -= 1;
      waiting.shift()?.();
    };
  }

  return {
    enter(signal) {
      return new Promise((resolve, reject) => {
        const admit = () => {
          signal.removeEventListener('abort', abandon);
          inside += 1;
          resolve(leaveOnce());
        };
        const abandon = () => {
          const at = waiting.indexOf(admit);
          if (at >= 0) waiting.splice(at, 1);
          reject(new Error('stopped while waiting to start'));
        };
        if (signal.aborted) {
          reject(new Error('stopped before it started'));
          return;
        }
        if (inside < limit) {
          admit();
          return;
        }
        waiting.push(admit);
        signal.addEventListener('abort', abandon, { once: true });
      });
    },
  };
}
