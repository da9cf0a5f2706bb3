import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteConnection from 'better-sqlite3';
import { readSamples } from '../../../main/history/samples.ts';
import { atMost, type Figure, percentile } from '../figures.ts';
import type { BenchCity } from './city.ts';
import { startLoadedHub } from './load.ts';
import type { HealthOptions } from './options.ts';

const WATCHED_MS = 60_000;
const LOOK_EVERY_MS = 4;

/** Commits of a row of ten kilobytes with the hub's own settings, on the hub's own disk, ms. */
function commits(folder: string, times: number): number[] {
  const dir = mkdtempSync(join(folder, 'commits-'));
  const db = new SqliteConnection(join(dir, 'commits.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('create table t (id integer primary key, data blob)');
  const insert = db.prepare('insert into t (data) values (?)');
  const values = Array.from({ length: times }, () => {
    const started = performance.now();
    insert.run(Buffer.alloc(10_000, 1));
    return performance.now() - started;
  });
  db.close();
  rmSync(dir, { recursive: true, force: true });
  return values;
}

/** From the publication of a report to the moment at which another reader of the history's database sees it. */
export async function stored(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const loaded = await startLoadedHub(options, city);
  try {
    await pause(3_000);
    const { dataDir } = loaded.hub.hub;
    const commit = commits(dataDir, 200);
    const db = new SqliteConnection(join(dataDir, 'history', 'history.db'), { readonly: true });
    const values: number[] = [];
    try {
      const newer = db.prepare<[number], { id: number; samples: Buffer }>(
        'select id, samples from journal where id > ? order by id',
      );
      let last = db.prepare<[], { id: number }>('select max(id) as id from journal').get()?.id ?? 0;
      for (const end = performance.now() + WATCHED_MS; performance.now() < end; ) {
        for (const row of newer.all(last)) {
          const seen = Date.now();
          last = row.id;
          readSamples(row.samples, ({ at }) => values.push(seen - at));
        }
        await pause(LOOK_EVERY_MS);
      }
    } finally {
      db.close();
    }
    const p = (share: number) => percentile(values, share);
    return [
      {
        ...atMost(
          'publish to stored at the usual load, p99',
          p(0.99),
          'ms',
          150,
          `one commit on this disk, p99: ${percentile(commit, 0.99).toFixed(1)} ms`,
        ),
        note: `p50 ${p(0.5)} ms, the longest ${values.reduce((most, value) => Math.max(most, value), 0)} ms, of ${values.length} reports; seen by another reader of the database, ${LOOK_EVERY_MS} ms apart`,
      },
    ];
  } finally {
    await loaded.stop();
  }
}
