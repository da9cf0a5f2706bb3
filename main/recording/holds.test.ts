import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ManualClock, manualClock } from '../base/clock.ts';
import { createLogger } from '../base/logging.ts';
import { openStorage, type Storage } from '../storage/database.ts';
import { createHolds, type HoldRecord, type Holds } from './holds.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let dir: string;
let storage: Storage;
let clock: ManualClock;
let holds: Holds;
let ended: HoldRecord[];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  dir = mkdtempSync(join(tmpdir(), 'kalancha-holds-'));
  storage = await openStorage(dir);
  // Half an hour before the clocks of Berlin go back: 2026-10-25 00:30 UTC.
  clock = manualClock(Date.UTC(2026, 9, 25, 0, 30));
  ended = [];
  holds = createHolds({
    db: storage.db,
    clock,
    log: createLogger('silent'),
    limits: { defaultDays: 30, maxDays: 365, maxShare: 1, hoursPerPerson: 100 },
    roomBytes: async () => 1e12,
    onEnded: async (_trx, hold) => void ended.push(hold),
  });
  await holds.start();
  clock.advance(HOUR);
});
afterEach(async () => {
  await holds.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  await storage.stop();
  rmSync(dir, { recursive: true, force: true });
});

const told = async () => undefined;
const book = (state: 'held' | 'requested', until?: number) => {
  const from = clock.now();
  const input = { cameraIds: ['cam-1'], from, to: from + HOUR, basis: 'дело 7' };
  const by = { id: 'p', name: 'П' };
  return holds.add(by, until === undefined ? input : { ...input, until }, state, told);
};
/** Lets the time go by and the sweep do its work. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  vi.advanceTimersByTime(15_000);
  // Changes run in turn: this one waits for the sweep.
  await expect(holds.end({ id: 'p', name: 'П' }, 'nothing', 'x', told)).rejects.toThrow('nothing');
}
const heldNow = async () => (await holds.held(storage.db)).length;

test('a hold ends by itself at its time, to the hour, whatever clocks on walls do', async () => {
  const hold = await book('held', clock.now() + 5 * HOUR);
  await pass(5 * HOUR - 60_000);
  expect(await heldNow()).toBe(1);
  await pass(60_000);
  expect(await heldNow()).toBe(0);
  expect(ended).toMatchObject([{ id: hold.id, endReason: 'expired', endedBy: null, endedAt: hold.until }]);
  expect(await holds.get(hold.id)).toMatchObject({ state: 'ended' });
});

test('a request that nobody confirms ends after a day', async () => {
  await book('requested');
  await pass(DAY - 60_000);
  expect(await heldNow()).toBe(1);
  await pass(60_000);
  expect(await heldNow()).toBe(0);
  expect(ended).toMatchObject([{ endReason: 'unconfirmed' }]);
});

test('a clock that leaps over the end by mistake and is set right frees nothing', async () => {
  await book('held');
  await pass(0);
  clock.jump(400 * DAY);
  await pass(60_000);
  clock.jump(-400 * DAY);
  await pass(2 * HOUR);
  expect([await heldNow(), ended]).toEqual([1, []]);
});

test('an end that cannot be put on record waits for the next time', async () => {
  await holds.stop();
  let full = true;
  const onEnded = async (_trx: unknown, hold: HoldRecord) => {
    if (full) throw new Error('the disk is full');
    ended.push(hold);
  };
  holds = createHolds({
    db: storage.db,
    clock,
    log: createLogger('silent'),
    limits: { defaultDays: 30, maxDays: 365, maxShare: 1, hoursPerPerson: 100 },
    roomBytes: async () => 1e12,
    onEnded,
  });
  await holds.start();
  await book('held', clock.now() + 2 * HOUR);
  await pass(3 * HOUR);
  expect(await heldNow()).toBe(1);
  full = false;
  await pass(15_000);
  expect([await heldNow(), ended.length]).toEqual([0, 1]);
});
