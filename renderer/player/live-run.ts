import type { StreamProblemCode } from '../../main/contract/video.ts';
import { LOOK_EVERY_MS } from './live-phase.ts';

export interface LiveSession {
  /** Tries again at once. */
  retry(): void;
  stop(): void;
}

interface LiveRun {
  /** Aborted when the session is stopped. */
  stopping: AbortController;
  open: () => void;
  /** Ends all fetching; keeps the last picture unless it may no longer be shown. */
  close: (keepPicture: boolean) => void;
  tell: () => void;
  /** Called every 200 ms. */
  look: () => void;
  /** Forgets what went wrong before. */
  afresh: () => void;
}

/** Runs a session from its first opening to its stop: nothing is fetched while nobody can see it. */
export function runLive({ stopping, open, close, tell, look, afresh }: LiveRun): LiveSession {
  const ticker = setInterval(look, LOOK_EVERY_MS);
  const onVisibility = () => {
    if (document.hidden) close(true);
    else open();
    tell();
  };
  document.addEventListener('visibilitychange', onVisibility, { signal: stopping.signal });
  open();
  return {
    retry() {
      afresh();
      open();
      tell();
    },
    stop() {
      stopping.abort();
      clearInterval(ticker);
      close(true);
    },
  };
}

/** No frame for this long: ask the hub why, ms. */
const ASK_WHY_MS = 3500;

/** Asks the hub now and then why a picture stands still: it may know while the stream merely waits. */
export function createWhy(
  problem: (signal: AbortSignal) => Promise<StreamProblemCode | null>,
  signal: AbortSignal,
): { ask(at: number, stillSince: number, told: (code: StreamProblemCode) => void): void } {
  let askedAt = performance.now();
  return {
    ask(at, stillSince, told) {
      if (at - Math.max(stillSince, askedAt) <= ASK_WHY_MS) return;
      askedAt = at;
      problem(signal).then(
        (code) => {
          if (code) told(code);
        },
        // Only the reason stays unknown; that there is no picture is said anyway.
        () => undefined,
      );
    },
  };
}
