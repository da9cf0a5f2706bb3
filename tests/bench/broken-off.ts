import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenOf } from './video/proc.ts';

const POLITE_MS = 10_000;
const LOOK_EVERY_MS = 100;
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** A folder of its own, which is gone at the end of the process even if nobody comes to `remove` it. */
export function benchFolder(name: string): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), `kalancha-${name}-`));
  const away = () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  process.on('exit', away);
  return {
    dir,
    remove() {
      process.off('exit', away);
      away();
    },
  };
}

/**
 * Lets a bench that is broken off by a signal end what it started: brokers, hubs, publishers, browsers, and what those
 * started. From then on its event loop stands still, so that it does not start the next part meanwhile.
 */
export function endChildrenOnSignals(): void {
  for (const [signal, number] of Object.entries(SIGNALS))
    process.once(signal, () => {
      console.error(`${signal}: ending what was started …`);
      endDescendants();
      process.exit(128 + number);
    });
}

function endDescendants(): void {
  const first = descendantsOf(process.pid);
  for (const pid of first) send(pid, 'SIGTERM');
  const standing = new Int32Array(new SharedArrayBuffer(4));
  for (const end = performance.now() + POLITE_MS; first.some(runs) && performance.now() < end; )
    Atomics.wait(standing, 0, 0, LOOK_EVERY_MS);
  for (const pid of new Set([...first, ...descendantsOf(process.pid)])) if (runs(pid)) send(pid, 'SIGKILL');
  Atomics.wait(standing, 0, 0, LOOK_EVERY_MS);
}

function descendantsOf(pid: number): number[] {
  try {
    return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
  } catch {
    // It ended while it was looked at.
    return [];
  }
}

/** Whether a process still does something: one that merely waits for its parent to notice its end does not. */
function runs(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.charAt(text.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    return false;
  }
}

function send(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
