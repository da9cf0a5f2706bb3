import { vi } from 'vitest';

/** Waits until `check` no longer throws. The limit only ends a test that fails: a busy machine is given its time. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 60_000, interval: 20 });
