import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { benchFolder } from '../broken-off.ts';
import { atMost, type Figure } from '../figures.ts';
import type { BenchCity } from './city.ts';
import { buildHistory } from './history-builder.ts';
import type { HealthOptions } from './options.ts';

const DAY_MS = 86_400_000;
const LIMIT_GB = 2.6;
/** Blocks of 64 neighbouring devices: each is stored by itself, so that so many tell of all. */
const BLOCKS = 32;
const FULL_CITY = 170_000;

const sum = (db: SqliteConnection.Database, query: string): number =>
  db.prepare<[], { bytes: number | null }>(query).get()?.bytes ?? 0;

/** What a day at full resolution adds to the history's file, of a sample of the city's devices, reckoned up. */
export async function history(_options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const folder = benchFolder('bench-history');
  try {
    const file = join(folder.dir, 'history.db');
    const first = Math.floor(city.devices.length / 2 / 64) * 64;
    const devices = city.devices
      .slice(first, first + BLOCKS * 64)
      .map(({ kind }, index) => ({ num: first + index, kind }));
    const from = Date.UTC(2026, 8, 1);
    const { reports } = await buildHistory({ file, devices, from, to: from + DAY_MS, sampleDays: 3 });
    const times = FULL_CITY / devices.length;
    const db = new SqliteConnection(file, { readonly: true });
    // Pages that deletions left free are written over by the next day: they are no growth.
    const bytes = sum(
      db,
      'select (page_count - freelist_count) * page_size as bytes from pragma_page_count, pragma_freelist_count, pragma_page_size',
    );
    const samples = sum(db, 'select sum(length(data)) as bytes from samples');
    const aggregates = sum(db, 'select sum(length(data)) as bytes from aggregates');
    db.close();
    const gigabytes = (of: number) => ((of * times) / 1e9).toFixed(2);
    return [
      {
        ...atMost(
          'growth of the history a day, every report of 170,000 devices',
          (bytes * times) / 1e9,
          'GB',
          LIMIT_GB,
          `the same as JSON on the wire: ${((reports * 240 * times) / 1e9).toFixed(0)} GB`,
        ),
        note: `pages in use of a file of ${devices.length} devices with ${reports} reports of a whole day, each half minute, every value with noise of its own, times ${times.toFixed(0)}; of it ${gigabytes(samples)} GB reports, ${gigabytes(aggregates)} GB five-minute and hourly cells`,
      },
    ];
  } finally {
    folder.remove();
  }
}
