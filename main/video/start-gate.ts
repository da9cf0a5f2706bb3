/** Lets few at a time through: forty ffmpegs started at once make half of them fail. */
export interface StartGate {
  /**
   * Resolves with the function that gives the place back; rejects when `signal` ends the wait. Who is `urgent`
   * (somebody waits for the picture) goes before those who are not.
   */
  enter(signal: AbortSignal, urgent?: () => boolean): Promise<() => void>;
}

interface Waiting {
  admit(): void;
  urgent(): boolean;
}

/** `spacingMs` keeps two admissions at least so far apart, spread by half of it: not all in one moment. */
export function createStartGate(
  limit: number,
  { spacingMs = 0, random = Math.random }: { spacingMs?: number; random?: () => number } = {},
): StartGate {
  let inside = 0;
  let pausing = false;
  const waiting: Waiting[] = [];

  function admitNext(): void {
    if (pausing || inside >= limit) return;
    const urgent = waiting.findIndex((one) => one.urgent());
    const [next] = waiting.splice(Math.max(0, urgent), 1);
    if (!next) return;
    inside += 1;
    next.admit();
    if (spacingMs === 0) {
      admitNext();
      return;
    }
    pausing = true;
    setTimeout(
      () => {
        pausing = false;
        admitNext();
      },
      spacingMs * (0.5 + random()),
    ).unref();
  }

  function leaveOnce(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      inside -= 1;
      admitNext();
    };
  }

  return {
    enter(signal, urgent = () => false) {
      return new Promise((resolve, reject) => {
        const abandon = () => {
          const at = waiting.indexOf(mine);
          if (at >= 0) waiting.splice(at, 1);
          reject(new Error('stopped while waiting to start'));
        };
        const mine: Waiting = {
          urgent,
          admit() {
            signal.removeEventListener('abort', abandon);
            resolve(leaveOnce());
          },
        };
        if (signal.aborted) {
          reject(new Error('stopped before it started'));
          return;
        }
        waiting.push(mine);
        signal.addEventListener('abort', abandon, { once: true });
        admitNext();
      });
    },
  };
}
