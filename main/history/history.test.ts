import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { createLogger } from '../base/logging.ts';
import { type MetricId, MetricIds } from '../contract/history.ts';
import { openSqlite } from '../storage/open-sqlite.ts';
import { DAY_MS, PARTITIONS } from './blocks.ts';
import { chart } from './chart.ts';
import { compactOne, mergeParts, trimHistory } from './compaction.ts';
import { createHistory } from './history.ts';
import { type HistoryTables, historyMigrations } from './history-db.ts';
import { createKeeper } from './keeper.ts';
import { preview } from './preview.ts';
import { createSampleWriter, type Sample } from './samples.ts';

const MINUTE = 60_000;
/** The night in which Berlin turns its clocks back: history knows no local time. */
const T0 = Date.UTC(2026, 9, 25);
const metric = (id: MetricId): number => MetricIds.indexOf(id);

function reports(num: number, from: number, to: number, value: (at: number) => number): Sample[] {
  const samples: Sample[] = [];
  for (let at = from; at < to; at += MINUTE / 2)
    samples.push({ num, at, metrics: [metric('clients'), metric('cpu')], values: [value(at), 7] });
  return samples;
}

const batchOf = (samples: readonly Sample[]): Uint8Array => {
  const writer = createSampleWriter();
  for (const sample of samples) writer.add(sample);
  return writer.take();
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kalancha-history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openSqlite<HistoryTables>(join(folder, 'history.db'), historyMigrations);
const packAll = async (keeper: ReturnType<typeof createKeeper>) => {
  for (let turn = 0; turn < PARTITIONS; turn++) await keeper.packNext();
};

describe('the keeper', () => {
  it('has the same chart before packing, after it, and after a start from the journal', async () => {
    const { db, stop } = await open();
    const keeper = createKeeper(db, () => setImmediate());
    await keeper.restore();
    const samples = reports(100, T0, T0 + 60 * MINUTE, (at) => Math.floor((at - T0) / MINUTE) % 10);
    await keeper.append(1, batchOf([...samples, ...reports(101, T0, T0 + 5 * MINUTE, () => 99)]), false);
    const request = { num: 100, metrics: ['clients'], from: T0, to: T0 + 60 * MINUTE, points: 60 };
    const draw = () => chart(db, request, keeper.waiting(100), 0);
    const before = await draw();
    expect(before.series[0]?.max.filter((value) => value !== null).length).toBe(60);
    expect(Math.max(...(before.series[0]?.max ?? []).map((value) => value ?? 0))).toBe(9);

    const again = createKeeper(db, () => setImmediate());
    expect(await again.restore()).toBe(1);
    expect(again.waiting(100)).toEqual(keeper.waiting(100));

    await packAll(keeper);
    expect(keeper.waiting(100)).toEqual([]);
    expect(await draw()).toEqual(before);
    expect(await db.selectFrom('journal').selectAll().execute()).toEqual([]);

    const third = createKeeper(db, () => setImmediate());
    expect(await third.restore()).toBe(1);
    expect(third.waiting(100)).toEqual([]);
    await stop();
  });

  it('takes each batch once, and none after one that is missing', async () => {
    const { db, stop } = await open();
    const keeper = createKeeper(db, () => setImmediate());
    await keeper.restore();
    const one = batchOf(reports(1, T0, T0 + MINUTE, () => 1));
    await keeper.append(1, one, false);
    await keeper.append(1, one, false);
    expect(keeper.waiting(1)).toHaveLength(2);
    await expect(keeper.append(3, one, false)).rejects.toThrow('batch 2');
    await keeper.append(3, one, true);
    expect(keeper.waiting(1)).toHaveLength(4);
    await stop();
  });

  it('keeps samples waiting that could not be packed', async () => {
    const { db, stop } = await open();
    const keeper = createKeeper(db, () => setImmediate());
    await keeper.restore();
    await keeper.append(1, batchOf(reports(0, T0, T0 + 5 * MINUTE, () => 3)), false);
    const waiting = keeper.waiting(0);
    await db.schema.alterTable('samples').renameTo('away').execute();
    await expect(keeper.packNext()).rejects.toThrow(/samples/);
    expect(keeper.waiting(0)).toEqual(waiting);
    await db.schema.alterTable('away').renameTo('samples').execute();
    await packAll(keeper);
    expect(keeper.waiting(0)).toEqual([]);
    await stop();
  });
});

describe('a chart', () => {
  it('shows a gap as a gap at every resolution', async () => {
    const { db, stop } = await open();
    const keeper = createKeeper(db, () => setImmediate());
    await keeper.restore();
    const day = (offset: number) => T0 + offset * DAY_MS;
    await keeper.append(
      1,
      batchOf([
        ...reports(5, day(0), day(0) + 6 * 60 * MINUTE, () => 4),
        ...reports(5, day(0) + 12 * 60 * MINUTE, day(1), () => 8),
        ...reports(5, day(1), day(2), () => 6),
      ]),
      false,
    );
    await packAll(keeper);
    const read = async (from: number, to: number, points: number) => {
      const drawn = await chart(db, { num: 5, metrics: ['clients'], from, to, points }, [], 0);
      return { resolution: drawn.resolutionMs, avg: drawn.series[0]?.avg };
    };
    const gap = (avg: readonly (number | null)[] | undefined) => avg?.map((value) => value === null);
    const quarters = [false, true, false, false];

    const raw = await read(day(0), day(1), 4);
    expect(raw).toEqual({ resolution: 0, avg: [4, null, 8, 8] });
    expect(await read(day(0), day(2), 8)).toEqual({
      resolution: 5 * MINUTE,
      avg: [4, null, 8, 8, 6, 6, 6, 6],
    });
    // The same from merged days, and from hours over a quarter of a year.
    while (await compactOne(db, day(3), () => setImmediate()));
    expect(
      (await db.selectFrom('aggregates').select('tier').execute()).map((row) => row.tier).sort(),
    ).toEqual(['day', 'day', 'hour', 'hour']);
    expect(gap((await read(day(0), day(2), 8)).avg)).toEqual([...quarters, false, false, false, false]);
    const season = await read(day(0), day(90), 360);
    expect(season.resolution).toBe(60 * MINUTE);
    expect(season.avg?.slice(0, 8)).toEqual([4, null, 8, 8, 6, 6, 6, 6]);
    expect(season.avg?.slice(8).every((value) => value === null)).toBe(true);
    await stop();
  });

  it('merges what comes late into a day that was merged before', async () => {
    const { db, stop } = await open();
    const keeper = createKeeper(db, () => setImmediate());
    await keeper.restore();
    await keeper.append(1, batchOf(reports(9, T0, T0 + 60 * MINUTE, () => 2)), false);
    await packAll(keeper);
    while (await compactOne(db, T0 + 3 * DAY_MS, () => setImmediate()));
    await keeper.append(2, batchOf(reports(9, T0 + 60 * MINUTE, T0 + 120 * MINUTE, () => 4)), false);
    await packAll(keeper);
    while (await compactOne(db, T0 + 3 * DAY_MS, () => setImmediate()));
    const request = { num: 9, metrics: ['clients'], from: T0, to: T0 + 2 * DAY_MS, points: 48 };
    const drawn = await chart(db, request, [], Number.POSITIVE_INFINITY);
    expect(drawn.series[0]?.avg.slice(0, 3)).toEqual([2, 4, null]);
    await stop();
  });

  it('is the same of parts, of spans and of both, and of parts whose merging broke off', async () => {
    const { db, stop } = await open();
    const keeper = createKeeper(db, () => setImmediate());
    await keeper.restore();
    const TEN = 10 * MINUTE;
    let batch = 0;
    const pack = async (from: number, to: number) => {
      for (let at = from; at < to; at += TEN) {
        batch += 1;
        const value = (time: number) => Math.floor(time / MINUTE) % 17;
        const both = [...reports(5, at, at + TEN, value), ...reports(70, at, at + TEN, value)];
        await keeper.append(batch, batchOf(both), false);
        await packAll(keeper);
      }
    };
    const request = { num: 70, metrics: ['clients', 'cpu'], from: T0 - DAY_MS, to: T0 + DAY_MS, points: 576 };
    const draw = () => chart(db, request, [], T0 + DAY_MS);
    const tiers = async () => {
      const rows = await db.selectFrom('aggregates').select(['block', 'tier']).orderBy('id').execute();
      return rows.map(({ block, tier }) => `${block} ${tier}`);
    };
    const round = async () => {
      for (let last = -1; ; ) {
        last = await mergeParts(db, last, () => setImmediate());
        if (last < 0) return;
      }
    };

    await pack(T0, T0 + 5 * TEN);
    await round();
    expect(await tiers()).toHaveLength(10);
    await pack(T0 + 5 * TEN, T0 + 6 * TEN);
    const parts = await draw();
    expect(parts.series[1]?.avg.filter((value) => value === 7)).toHaveLength(12);

    await sql`create trigger full before insert on aggregates begin select raise(abort, 'disk full'); end`.execute(
      db,
    );
    await expect(round()).rejects.toThrow('disk full');
    expect(await tiers()).toHaveLength(12);
    await sql`drop trigger full`.execute(db);

    await round();
    expect(await tiers()).toEqual(['0 span', '1 span']);
    expect(await draw()).toEqual(parts);
    await pack(T0 + 6 * TEN, T0 + 7 * TEN);
    const more = await draw();
    while (await compactOne(db, T0 + 3 * DAY_MS, () => setImmediate()));
    expect((await tiers()).sort()).toEqual(['0 day', '0 hour', '1 day', '1 hour']);
    expect(await draw()).toEqual(more);
    await stop();
  });

  it('forgets what is over its time, and only that', async () => {
    const { db, stop } = await open();
    const keeper = createKeeper(db, () => setImmediate());
    await keeper.restore();
    await keeper.append(
      1,
      batchOf([
        ...reports(2, T0, T0 + 60 * MINUTE, () => 1),
        ...reports(2, T0 + 5 * DAY_MS, T0 + 5 * DAY_MS + 60 * MINUTE, () => 1),
      ]),
      false,
    );
    await packAll(keeper);
    while (await trimHistory(db, T0 + 6 * DAY_MS, { sampleDays: 3, aggregateDays: 365 }));
    expect((await db.selectFrom('samples').select('start_ms').execute()).map((row) => row.start_ms)).toEqual([
      T0 + 5 * DAY_MS,
    ]);
    expect(await db.selectFrom('aggregates').select('day').execute()).toHaveLength(2);
    await stop();
  });
});

describe('a preview', () => {
  it('says what a threshold would have raised, over merged days and fresh ones alike', async () => {
    const { db, stop } = await open();
    const keeper = createKeeper(db, () => setImmediate());
    await keeper.restore();
    // A minute in each twenty, in the night in which the clocks are turned back, and an hour unheard.
    const peaks = (at: number) => ((at - T0) % (20 * MINUTE) < MINUTE ? 100 : 1);
    const silentAtThree = (samples: Sample[]) =>
      samples.filter(({ at }) => Math.floor((at - T0) / (60 * MINUTE)) !== 3);
    const busy = (at: number) => (Math.floor((at - T0) / (30 * MINUTE)) % 2 === 0 ? 10 : 40);
    await keeper.append(
      1,
      batchOf([
        ...reports(7, T0, T0 + 2 * 60 * MINUTE, busy),
        ...reports(8, T0, T0 + 60 * MINUTE, () => 10),
        ...reports(500, T0, T0 + 60 * MINUTE, busy),
        ...silentAtThree(reports(9, T0, T0 + 8 * 60 * MINUTE, peaks)),
      ]),
      false,
    );
    await packAll(keeper);
    const ask = (raise: number, clear: number, reports_ = 1, nums = [7, 8]) =>
      preview(
        db,
        {
          nums,
          metric: 'clients',
          side: 'above',
          raise,
          clear,
          reports: reports_,
          from: T0,
          to: T0 + DAY_MS,
        },
        () => setImmediate(),
      );
    expect(await ask(30, 20)).toEqual({ devices: 1, raised: 2, ms: 60 * MINUTE, since: T0 });
    // It never comes back to where it is sound again.
    expect(await ask(30, 5)).toEqual({ devices: 1, raised: 1, ms: 90 * MINUTE, since: T0 });
    // Peaks count by their reports, however low they leave the average of their five minutes.
    expect(await ask(30, 20, 2, [9])).toEqual({ devices: 1, raised: 21, ms: 21 * 0.5 * MINUTE, since: T0 });
    expect(await ask(30, 20, 3, [9])).toMatchObject({ devices: 0, raised: 0 });
    expect(await ask(30, 20, 70)).toEqual({ devices: 0, raised: 0, ms: 0, since: T0 });
    while (await compactOne(db, T0 + 3 * DAY_MS, () => setImmediate()));
    expect(await ask(30, 20)).toEqual({ devices: 1, raised: 2, ms: 60 * MINUTE, since: T0 });
    await stop();
  });
});

describe('the history of a hub', () => {
  const start = (packEveryMs?: number) =>
    createHistory({
      dataDir: folder,
      workerFile: new URL('./worker.ts', import.meta.url),
      sampleDays: 3,
      aggregateDays: 365,
      ...(packEveryMs === undefined ? {} : { packEveryMs }),
      clock: systemClock,
      log: createLogger('silent'),
    });

  it('draws what was just reported, and still does after a start anew', async () => {
    const now = systemClock.now();
    const from = now - 10 * MINUTE;
    const request = { num: 3, metrics: ['clients', 'cpu'], from, to: now, points: 10 };
    const history = await start();
    for (const sample of reports(3, from, now, () => 12)) history.sample(sample);
    expect(await history.storedWithin(10_000)).toBe(true);
    const drawn = await history.chart(request);
    expect(drawn.series.map((series) => series.metric)).toEqual(['clients', 'cpu']);
    expect(drawn.series[0]?.avg).toEqual(Array.from({ length: 10 }, () => 12));
    await history.stop();

    const again = await start(256);
    expect(await again.chart(request)).toEqual(drawn);
    for (const sample of reports(3, now, now + MINUTE, () => 1)) again.sample(sample);
    expect(await again.storedWithin(10_000)).toBe(true);
    expect(again.state()).toMatchObject({ failingSince: null, lostBatches: 0, unstoredBytes: 0 });
    await again.stop();
  });

  it('takes no more questions at a time than it can answer soon', async () => {
    const history = await start();
    const now = systemClock.now();
    const request = { num: 3, metrics: ['clients'], from: now - MINUTE, to: now, points: 2 };
    const outcomes = await Promise.allSettled(Array.from({ length: 65 }, () => history.chart(request)));
    expect(outcomes.slice(0, 64).every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(outcomes[64]).toMatchObject({ status: 'rejected', reason: { code: 'history-busy', status: 503 } });
    await history.chart(request);
    await history.stop();
  });

  it('says why it does not start', async () => {
    const history = await start();
    await history.stop();
    rmSync(join(folder, 'history'), { recursive: true });
    mkdirSync(join(folder, 'history'));
    writeFileSync(
      join(folder, 'history', 'history.db'),
      'this is no database, and long enough to be read as one',
    );
    await expect(start()).rejects.toMatchObject({ code: 'history-failed' });
  });
});
