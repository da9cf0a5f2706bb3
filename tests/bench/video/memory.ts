import { percentile } from '../figures.ts';
import { memoryBytes, metricsOf, sampleOf } from './proc.ts';

const MB = 1024 * 1024;
const HOUR_MS = 3_600_000;

/** What the hub holds at one moment, bytes. */
export interface MemorySample {
  /** Since the first one, ms. */
  atMs: number;
  /** Resident: what the system counts, with all that was given back to nobody yet. */
  rss: number;
  /** JavaScript objects, with garbage that is not collected yet. */
  heap: number;
  /** Outside of V8's heap: buffers, for the most part. */
  external: number;
}

/** Its figures come from the hub itself but for `rss`, which is the system's. */
export async function memorySample(pid: number, httpUrl: string, atMs: number): Promise<MemorySample> {
  const text = await metricsOf(httpUrl);
  return {
    atMs,
    rss: memoryBytes(pid).rss,
    heap: sampleOf(text, 'nodejs_heap_size_used_bytes'),
    external: sampleOf(text, 'nodejs_external_memory_bytes'),
  };
}

/** The first quarter of a run is when buffers take their size: nobody's growth, nobody's level. */
export const settledOf = <T>(samples: readonly T[]): T[] => samples.slice(Math.floor(samples.length / 4));

/** Growth of the resident memory by least squares, MB an hour; 0 for fewer than two samples. */
export function growthOf(samples: readonly Pick<MemorySample, 'atMs' | 'rss'>[]): number {
  const mean = (key: 'atMs' | 'rss') => samples.reduce((sum, one) => sum + one[key], 0) / samples.length;
  const [meanAt, meanRss] = [mean('atMs'), mean('rss')];
  let over = 0;
  let under = 0;
  for (const { atMs, rss } of samples) {
    over += (atMs - meanAt) * (rss - meanRss);
    under += (atMs - meanAt) ** 2;
  }
  return under > 0 ? ((over / under) * HOUR_MS) / MB : 0;
}

/** The medians of each quarter of a run, and the growth in its last half: whether it goes on or levels off. */
export function courseOf(samples: readonly MemorySample[]): string {
  const quarter = (n: number) =>
    samples.slice(Math.floor((n * samples.length) / 4), Math.floor(((n + 1) * samples.length) / 4));
  const course = (key: 'rss' | 'heap' | 'external') =>
    [0, 1, 2, 3]
      .map((n) => quarter(n).map((one) => one[key] / MB))
      .map((values) => (values.length > 0 ? percentile(values, 0.5).toFixed(0) : '-'))
      .join(', ');
  const lastHalf = growthOf(samples.slice(Math.floor(samples.length / 2)));
  return `by quarters of the run: resident ${course('rss')} MB, objects ${course('heap')}, buffers ${course('external')}; in the last half ${lastHalf.toFixed(1)} MB/h`;
}
