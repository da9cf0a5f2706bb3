import { readdirSync, readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;

/** CPU time that a process has used so far, ms; its ended children's too when asked. Linux: `/proc/PID/stat`. */
export function cpuMs(pid: number, withChildren = false): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name may hold spaces and brackets; what follows it does not.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, ...(withChildren ? [13, 14] : [])].reduce(
    (sum, field) => sum + Number(fields[field]),
    0,
  );
  return (ticks / TICKS_A_SECOND) * 1000;
}

/** Processes whose parent is `pid`. */
export function childrenOf(pid: number): number[] {
  const text = readdirSync(`/proc/${pid}/task`).map((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1'),
  );
  return text.join(' ').split(' ').filter(Boolean).map(Number);
}

/** Memory in use, bytes: proportional set size, which counts what processes share once. */
export function memoryBytes(pid: number): { rss: number; pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const kb = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { rss: kb('Rss') * 1024, pss: kb('Pss') * 1024 };
}

/** Of a text of Prometheus metrics, all samples under a name together; NaN when there are none. */
export function sampleOf(text: string, name: string): number {
  const values = text
    .split('\n')
    .flatMap((line) => new RegExp(`^${name}(\\{.*\\})? (\\S+)$`).exec(line)?.[2] ?? [])
    .map(Number);
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0);
}

export const metricsOf = async (httpUrl: string): Promise<string> =>
  (await fetch(`${httpUrl}/metrics`)).text();

/** Waits: between two readings of a clock that belongs to somebody else. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
