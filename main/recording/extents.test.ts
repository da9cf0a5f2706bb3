import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '../base/clock.ts';
import { createLogger } from '../base/logging.ts';
import { openStorage, type Storage } from '../storage/database.ts';
import { DAY_MS, dayOf, type Extent, joined, packDay, unpackDay } from './day-extents.ts';
import { createExtents, type Extents } from './extents.ts';

const TODAY = Date.UTC(2026, 9, 27);
const MINUTE = 60_000;
let dir: string;
let storage: Storage;
let clock: ManualClock;
let extents: Extents;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kalancha-extents-'));
  storage = await openStorage(dir);
  clock = manualClock(TODAY + 9 * 3_600_000);
  extents = createExtents({ db: storage.db, clock, log: createLogger('silent') });
});
afterEach(async () => {
  await extents.stop();
  await storage.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function record(
  start_ms: number,
  end_ms: number,
  more: Partial<{ camera_id: string; break_before: string; disk: number }> = {},
): Promise<void> {
  await storage.db
    .insertInto('recording_file')
    .values({
      ...{ camera_id: 'cam-1', track: 'main', path: `${more.camera_id ?? ''}/${start_ms}.mp4` },
      ...{ first_msn: Math.floor(start_ms / 1000), segment_count: 1, start_ms, end_ms, bytes: 1 },
      ...{ init_hash: 'x', state: 'closed', break_before: null, segments: Buffer.alloc(0), ...more },
    })
    .execute();
}
const days = async () =>
  (await storage.db.selectFrom('recording_day').select('day').orderBy('day').execute()).map(({ day }) => day);
const all = () => extents.of('cam-1', 'main', 0, TODAY + 2 * DAY_MS);
/** As a sum of minutes of the day before yesterday, to read easily. */
const minutes = (found: readonly Extent[], from = TODAY - 2 * DAY_MS) =>
  found.map(({ start_ms, end_ms }) => [(start_ms - from) / MINUTE, (end_ms - from) / MINUTE]);

test('packed or not, today or past, the answer is the same; today is never packed', async () => {
  const start = TODAY - 2 * DAY_MS;
  for (const [from, to] of [
    [0, 1],
    [1, 2],
    [5, 6],
    // Over midnight, and then today.
    [2 * 1440 - 1, 2 * 1440 + 1],
    [2 * 1440 + 1, 2 * 1440 + 2],
  ] as const)
    await record(start + from * MINUTE, start + to * MINUTE, { break_before: from === 5 ? 'disk' : 'clock' });
  const before = await all();
  expect(minutes(before)).toEqual([
    [0, 2],
    [5, 6],
    [2879, 2882],
  ]);
  expect(before[1]?.break_before).toBe('disk');
  await extents.pack();
  expect(await days()).toEqual([dayOf(start), dayOf(start) + 1]);
  expect(await all()).toEqual(before);
});

test('whatever changes a file of a packed day is seen at once', async () => {
  const start = TODAY - 2 * DAY_MS;
  for (let i = 0; i < 4; i++) await record(start + i * MINUTE, start + (i + 1) * MINUTE);
  await extents.pack();
  const file = (index: number) => ['start_ms', '=', start + index * MINUTE] as const;
  await storage.db
    .updateTable('recording_file')
    .set({ state: 'deleting' })
    .where(...file(0))
    .execute();
  expect(minutes(await all())).toEqual([[1, 4]]);
  await extents.pack();
  await storage.db
    .deleteFrom('recording_file')
    .where(...file(2))
    .execute();
  expect(minutes(await all())).toEqual([
    [1, 2],
    [3, 4],
  ]);
  await extents.pack();
  await record(start + 10 * MINUTE, start + 11 * MINUTE);
  await storage.db
    .updateTable('recording_file')
    .set({ end_ms: start + 5 * MINUTE })
    .where(...file(3))
    .execute();
  expect(minutes(await all())).toEqual([
    [1, 2],
    [3, 5],
    [10, 11],
  ]);
});

test('a range takes in the file that reaches into it, and no other', async () => {
  const start = TODAY - DAY_MS;
  await record(start - 2 * MINUTE, start - MINUTE);
  await record(start - MINUTE, start + MINUTE);
  await record(start + 3 * MINUTE, start + 4 * MINUTE);
  for (const pack of [false, true]) {
    if (pack) await extents.pack();
    const found = await extents.of('cam-1', 'main', start + 1, start + 3 * MINUTE);
    expect(found.map(({ end_ms }) => end_ms)).toEqual([start + MINUTE]);
  }
});

test('footage on a disk that cannot be read is left out, packed or not', async () => {
  const start = TODAY - DAY_MS;
  await record(start, start + MINUTE, { disk: 1 });
  await record(start + MINUTE, start + 2 * MINUTE, { disk: 2 });
  await record(start + 2 * MINUTE, start + 3 * MINUTE);
  await extents.pack();
  expect(await all()).toHaveLength(1);
  const found = await extents.of('cam-1', 'main', 0, TODAY, [2]);
  expect(minutes(found, start)).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

test('every camera and track has days of its own', async () => {
  await record(TODAY - DAY_MS, TODAY - DAY_MS + MINUTE);
  await record(TODAY - DAY_MS, TODAY - DAY_MS + 2 * MINUTE, { camera_id: 'cam-2' });
  await extents.pack();
  expect(await days()).toHaveLength(2);
  expect((await extents.of('cam-2', 'main', 0, TODAY))[0]?.end_ms).toBe(TODAY - DAY_MS + 2 * MINUTE);
  expect(await extents.of('cam-2', 'sound', 0, TODAY)).toEqual([]);
  expect(await extents.bounds('cam-1', 'main')).toEqual({
    oldest: TODAY - DAY_MS,
    newest: TODAY - DAY_MS + MINUTE,
  });
});

test('a packed day of another version is read from its files', async () => {
  await record(TODAY - DAY_MS, TODAY - DAY_MS + MINUTE);
  await extents.pack();
  await storage.db
    .updateTable('recording_day')
    .set({ extents: Buffer.from([9, 0, 0]) })
    .execute();
  expect(await all()).toHaveLength(1);
});

test('a day comes back from its bytes as it went in', () => {
  const word = fc.constantFrom('disk', 'stream-lost', 'hub-stopped', null);
  const file = fc.record({ wait: fc.nat(100_000), length: fc.integer({ min: 1, max: 700_000 }), word });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 100 }), (files) => {
      const day = dayOf(TODAY);
      let at = TODAY;
      const made = files.map(({ wait, length, word: break_before }): Extent => {
        const start_ms = at + wait;
        at = start_ms + length;
        return { start_ms, end_ms: at, break_before };
      });
      expect(unpackDay(day, packDay(day, made))).toEqual(made);
      const once = joined(made);
      expect(joined(once)).toEqual(once);
    }),
  );
  expect(unpackDay(1, Buffer.from([1, 0, 5]))).toBeUndefined();
  expect(unpackDay(1, Buffer.alloc(0))).toBeUndefined();
});
