import { percentile } from '../figures.ts';

const MB = 1024 * 1024;
const HOUR_MS = 3_600_000;

/** The hub's resident memory at one moment: what the system counts. */
export interface MemorySample {
  /** Since the measurement began, ms. */
  atMs: number;
  rss: number;
}

/** The first quarter of a run is when buffers take their size: nobody's growth, nobody's level. */
export const settledOf = <T>(samples: readonly T[]): T[] => samples.slice(Math.floor(samples.length / 4));

/** Growth by least squares, MB an hour; 0 for fewer than two samples. */
export function growthOf(samples: readonly MemorySample[]): number {
  const mean = (key: keyof MemorySample) => samples.reduce((sum, one) => sum + one[key], 0) / samples.length;
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
  const quarters = [0, 1, 2, 3]
    .map((n) =>
      samples.slice(Math.floor((n * samples.length) / 4), Math.floor(((n + 1) * samples.length) / 4)),
    )
    .map((some) => some.map(({ rss }) => rss / MB))
    .map((values) => (values.length > 0 ? percentile(values, 0.5).toFixed(0) : '-'));
  const lastHalf = growthOf(samples.slice(Math.floor(samples.length / 2)));
  return `by quarters of the run: ${quarters.join(', ')} MB; in the last half ${lastHalf.toFixed(1)} MB/h`;
}
