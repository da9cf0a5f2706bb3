import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest stretch of work between two turns of the event loop, ms. */
const STRETCH_MS = 8;

/**
 * For long loops: `await breath()` now and then lets everything else have its turn as soon as the loop has
 * held the thread for some milliseconds, and costs next to nothing until then.
 */
export function createBreath(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < STRETCH_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
