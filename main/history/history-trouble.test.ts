import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { manualClock, systemClock } from '../base/clock.ts';
import { createLogger } from '../base/logging.ts';
import { openSqlite } from '../storage/open-sqlite.ts';
import { createHistory, type HistoryOptions, type HistoryState } from './history.ts';
import { type HistoryTables, historyMigrations } from './history-db.ts';
import type { Sample } from './samples.ts';

let folder: string;
let told: HistoryState[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kalancha-history-'));
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function start(more: Partial<HistoryOptions> = {}) {
  const history = await createHistory({
    dataDir: folder,
    workerFile: new URL('./worker.ts', import.meta.url),
    sampleDays: 3,
    aggregateDays: 365,
    resendMs: 20,
    clock: systemClock,
    log: createLogger('silent'),
    changed: () => void told.push(history.state()),
    ...more,
  });
  return history;
}

const sampleOf = (num: number): Sample => ({ num, at: systemClock.now(), metrics: [0], values: [1] });
const open = () => openSqlite<HistoryTables>(join(folder, 'history', 'history.db'), historyMigrations);

/** A history that really refuses what it is given: its journal is taken away, and given back. */
async function withoutJournal(meanwhile: () => Promise<void>): Promise<void> {
  const other = await open();
  await other.db.schema.alterTable('journal').renameTo('away').execute();
  await meanwhile();
  await other.db.schema.alterTable('away').renameTo('journal').execute();
  await other.stop();
}

const storedOf = async (): Promise<number> => {
  const { db, stop } = await open();
  const { batches } = await db
    .selectFrom('journal')
    .select((eb) => eb.fn.countAll<number>().as('batches'))
    .executeTakeFirstOrThrow();
  await stop();
  return batches;
};

describe('a history that cannot be stored', () => {
  it('tells so once, keeps what waits, and tells when it is stored again', async () => {
    const history = await start();
    const before = systemClock.now();
    await withoutJournal(async () => {
      history.sample(sampleOf(1));
      expect(await history.storedWithin(500)).toBe(false);
      history.sample(sampleOf(2));
      expect(await history.storedWithin(100)).toBe(false);
      const { failingSince, problem, lostBatches, unstoredBytes } = history.state();
      expect(failingSince).toBeGreaterThanOrEqual(before);
      expect(problem).toMatchObject({ code: 'storage-other', text: expect.stringMatching(/journal/) });
      expect(lostBatches).toBe(0);
      expect(unstoredBytes).toBeGreaterThan(0);
    });
    expect(await history.storedWithin(10_000)).toBe(true);
    expect(history.state()).toMatchObject({ failingSince: null, problem: null, unstoredBytes: 0 });
    expect(told).toEqual([
      expect.objectContaining({
        problem: expect.objectContaining({ text: expect.stringMatching(/journal/) }),
      }),
      expect.objectContaining({ failingSince: null, problem: null }),
    ]);
    await history.stop();
    expect(await storedOf()).toBe(2);
  });

  it('counts what it has to give up, and goes on with the rest', async () => {
    const history = await start({ mostUnstoredBytes: 15 });
    await withoutJournal(async () => {
      history.sample(sampleOf(1));
      await eventually(() => expect(told).toHaveLength(1));
      history.sample(sampleOf(2));
      await eventually(() => expect(told).toHaveLength(2));
      expect(told).toMatchObject([{ lostBatches: 0 }, { lostBatches: 1 }]);
    });
    expect(await history.storedWithin(10_000)).toBe(true);
    expect(history.state()).toMatchObject({ failingSince: null, lostBatches: 1 });
    await history.stop();
    expect(await storedOf()).toBe(1);
  });

  it('tells of a thread that dies, and is well again though nothing waits', async () => {
    const dying = join(folder, 'dying.mjs');
    const died = join(folder, 'died');
    writeFileSync(
      dying,
      `import { existsSync, writeFileSync } from 'node:fs';
       import { parentPort } from 'node:worker_threads';
       parentPort.postMessage({ kind: 'ready', newest: 0, restored: 0 });
       parentPort.on('message', () => parentPort.close());
       if (!existsSync(${JSON.stringify(died)})) {
         writeFileSync(${JSON.stringify(died)}, '');
         setImmediate(() => { throw new Error(${JSON.stringify(`no ${join(folder, 'history', 'history.db')}`)}); });
       }`,
    );
    const history = await start({ workerFile: dying });
    await eventually(() => expect(told).toHaveLength(2));
    // Everybody may read it: where the data lies is not in it.
    expect(told[0]).toMatchObject({ failingSince: expect.any(Number), problem: { text: 'no …/history.db' } });
    expect(told[1]).toMatchObject({ failingSince: null, problem: null });
    await history.stop();
  });

  it('tells of a disk that hangs, by what has waited too long', async () => {
    const hanging = join(folder, 'hanging.mjs');
    writeFileSync(
      hanging,
      `import { parentPort } from 'node:worker_threads';
       const hung = [];
       parentPort.postMessage({ kind: 'ready', newest: 0, restored: 0 });
       parentPort.on('message', (message) => {
         if (message.kind === 'stop') parentPort.close();
         else if (message.kind === 'samples') hung.push(message.id);
         else for (const id of hung.splice(0)) // A question stands for the disk's coming back.
           parentPort.postMessage({ kind: 'stored', id });
       });`,
    );
    const clock = manualClock();
    const history = await start({ workerFile: hanging, clock });
    const since = clock.now();
    history.sample(sampleOf(1));
    expect(await history.storedWithin(1)).toBe(false);
    clock.advance(29_000);
    history.sample(sampleOf(2));
    expect(await history.storedWithin(100)).toBe(false);
    expect(told).toEqual([]);
    clock.advance(1_000);
    await eventually(() => expect(told).toHaveLength(1));
    expect(told[0]).toMatchObject({ failingSince: since, problem: { code: 'disk-hung' } });
    // What comes now is not handed over: the disk comes back, and only then it is.
    history.sample(sampleOf(3));
    expect(await history.storedWithin(1)).toBe(false);
    const answers = () =>
      expect(
        history.preview({
          ...{ nums: [1], metric: 'clients', side: 'above', raise: 1, clear: 0, reports: 1, from: 0, to: 1 },
        }),
      ).rejects.toMatchObject({ code: 'history-failed' });
    const first = answers();
    await eventually(() => expect(told).toHaveLength(2));
    expect(told[1]).toMatchObject({ failingSince: null });
    expect(history.state().unstoredBytes).toBeGreaterThan(0);
    const second = answers();
    await eventually(() => expect(history.state().unstoredBytes).toBe(0));
    await history.stop();
    await Promise.all([first, second]);
  });
});
