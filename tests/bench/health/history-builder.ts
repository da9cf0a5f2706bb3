import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { DeviceKind } from '../../../main/contract/device.ts';
import { type MetricId, MetricIds, MetricTable } from '../../../main/contract/history.ts';
import { PARTITIONS } from '../../../main/history/blocks.ts';
import { compactOne, mergeParts, trimHistory } from '../../../main/history/compaction.ts';
import { type HistoryTables, historyMigrations } from '../../../main/history/history-db.ts';
import { createKeeper } from '../../../main/history/keeper.ts';
import { createSampleWriter } from '../../../main/history/samples.ts';
import { openSqlite } from '../../../main/storage/open-sqlite.ts';

const REPORT_EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
/** The hub's own packing: all partitions once in this time. */
const PACK_EVERY_MS = 600_000;
const BATCH_MS = 60_000;

export interface HistoryPlan {
  file: string;
  devices: readonly { num: number; kind: DeviceKind }[];
  /** UTC ms. */
  from: number;
  to: number;
  sampleDays: number;
}

/** How a measured value wanders: towards `mean`, by steps as large as measurements of its kind show. */
interface Wander {
  metric: MetricId;
  mean: number;
  /** Noise of each single measurement, in the metric's unit. */
  noise: number;
  /** How far it drifts in half an hour. */
  drift: number;
  /** Part of it that follows the hour of the day. */
  daily: number;
}

/** Every report differs from the last one: measured values are noisy, and nothing is left out for being the same. */
const wanders: Record<DeviceKind, Wander[]> = {
  camera: [
    { metric: 'temperature', mean: 38, noise: 0.15, drift: 1, daily: 6 },
    { metric: 'fps', mean: 25, noise: 0.1, drift: 0, daily: 0 },
    { metric: 'bitrate', mean: 2_300, noise: 180, drift: 300, daily: 500 },
    { metric: 'storage-used', mean: 62, noise: 0, drift: 0.5, daily: 0 },
  ],
  switch: [
    { metric: 'cpu', mean: 14, noise: 3, drift: 2, daily: 3 },
    { metric: 'memory-used', mean: 41, noise: 0.3, drift: 1, daily: 0 },
    { metric: 'uplink', mean: 1_000, noise: 0, drift: 0, daily: 0 },
    { metric: 'poe', mean: 240, noise: 2.5, drift: 6, daily: 15 },
    { metric: 'ports-up', mean: 40, noise: 0, drift: 0, daily: 0 },
  ],
  ap: [
    { metric: 'clients', mean: 22, noise: 1.2, drift: 4, daily: 15 },
    { metric: 'utilisation-2.4', mean: 38, noise: 5, drift: 6, daily: 12 },
    { metric: 'utilisation-5', mean: 17, noise: 4, drift: 5, daily: 9 },
    { metric: 'noise-2.4', mean: -92, noise: 0.8, drift: 1, daily: 0 },
    { metric: 'noise-5', mean: -95, noise: 0.7, drift: 1, daily: 0 },
    { metric: 'channel-2.4', mean: 6, noise: 0, drift: 0, daily: 0 },
    { metric: 'channel-5', mean: 44, noise: 0, drift: 0, daily: 0 },
    { metric: 'client-signal', mean: -63, noise: 2, drift: 3, daily: 0 },
    { metric: 'traffic-down', mean: 16_000, noise: 5_000, drift: 4_000, daily: 9_000 },
    { metric: 'traffic-up', mean: 2_400, noise: 900, drift: 700, daily: 1_300 },
    { metric: 'cpu', mean: 27, noise: 4, drift: 3, daily: 8 },
    { metric: 'memory-used', mean: 53, noise: 0.4, drift: 1, daily: 0 },
    { metric: 'uplink', mean: 1_000, noise: 0, drift: 0, daily: 0 },
  ],
};

/** Numbers of 0 to 1 that are the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A device's reports: its values wander, and it sends them a little unpunctually. */
function createSource(num: number, kind: DeviceKind) {
  const random = createRandom(num);
  const noise = () => random() + random() + random() + random() - 2;
  const pull = REPORT_EVERY_MS / 1_800_000;
  const lines = wanders[kind].map((wander) => ({
    ...wander,
    number: MetricIds.indexOf(wander.metric),
    scale: MetricTable.find(({ id }) => id === wander.metric)?.scale ?? 1,
    mean: wander.mean * (wander.drift === 0 ? 1 : 0.7 + 0.6 * random()),
    drifted: 0,
  }));
  const metrics = lines.map(({ number }) => number);
  const phase = Math.floor(random() * REPORT_EVERY_MS);
  return {
    phase,
    metrics,
    values(at: number): number[] {
      const day = Math.sin(((at % DAY_MS) / DAY_MS) * 2 * Math.PI);
      return lines.map((line) => {
        line.drifted += -line.drifted * pull + noise() * line.drift * Math.sqrt(2 * pull);
        const value = line.mean + line.drifted + line.daily * day + noise() * line.noise * 1.7;
        return Math.round((line.mean < 0 ? value : Math.max(0, value)) * line.scale);
      });
    },
    jitter: () => Math.round(noise() * 60),
  };
}

/** Plays days of reports into a history with its own code and by its own rhythm, only faster. */
export async function buildHistory({
  file,
  devices,
  from,
  to,
  sampleDays,
}: HistoryPlan): Promise<{ reports: number }> {
  mkdirSync(dirname(file), { recursive: true });
  const { db, stop } = await openSqlite<HistoryTables>(file, historyMigrations);
  // What is built here need not outlive a power cut.
  await sql`pragma synchronous = off`.execute(db);
  const breathe = async () => undefined;
  const keeper = createKeeper(db, breathe);
  await keeper.restore();
  const sources = devices.map(({ num, kind }) => ({ num, source: createSource(num, kind) }));
  const writer = createSampleWriter();
  let reports = 0;
  let batch = 0;
  for (let minute = from; minute < to; minute += BATCH_MS) {
    for (let half = minute; half < minute + BATCH_MS; half += REPORT_EVERY_MS)
      for (const { num, source } of sources) {
        const at = half + source.phase + source.jitter();
        writer.add({ num, at, metrics: source.metrics, values: source.values(at) });
        reports += 1;
      }
    batch += 1;
    await keeper.append(batch, writer.take(), true);
    // Signals are only heard between turns of the event loop.
    await setImmediate();
    if ((minute + BATCH_MS - from) % PACK_EVERY_MS !== 0) continue;
    for (let turn = 0; turn < PARTITIONS; turn++) await keeper.packNext();
    for (let last = -1; ; ) {
      last = await mergeParts(db, last, breathe);
      if (last < 0) break;
    }
    if ((minute + BATCH_MS) % DAY_MS >= PACK_EVERY_MS) continue;
    while (await compactOne(db, minute + DAY_MS, breathe));
    while (await trimHistory(db, minute, { sampleDays, aggregateDays: 365 }));
  }
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
  await stop();
  return { reports };
}
