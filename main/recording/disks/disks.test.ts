import { expect, test } from 'vitest';
import { faultyFs } from '../../../tests/support/faulty-fs.ts';
import { manualClock } from '../../base/clock.ts';
import { diskReason } from './disk-trouble.ts';
import { systemFs } from './footage-fs.ts';
import { DiskHung, guardFs } from './guarded-fs.ts';
import { choosePlace } from './placement.ts';
import { createRateMeter } from './rate-meter.ts';
import { floorBytes, hoursLeft, type RoomFacts, roomToReturn } from './room.ts';

const GB = 1e9;
const MBIT = 125_000;

test('tracks go where the strain is least for the size, and stay while that is nearly as good', () => {
  const small = { num: 1, capacity: 1_000 * GB, load: 0 };
  const large = { num: 2, capacity: 3_000 * GB, load: 0 };
  expect(choosePlace([], undefined, MBIT)).toBeUndefined();
  expect(choosePlace([small, large], undefined, MBIT)).toBe(2);
  // A hundred cameras, one after the other: each disk gets its share by size.
  const loads = new Map([
    [1, 0],
    [2, 0],
  ]);
  for (let camera = 0; camera < 100; camera++) {
    const candidates = [small, large].map((disk) => ({ ...disk, load: loads.get(disk.num) ?? 0 }));
    const chosen = choosePlace(candidates, undefined, MBIT) ?? 0;
    loads.set(chosen, (loads.get(chosen) ?? 0) + MBIT);
  }
  expect(loads.get(1)).toBe(25 * MBIT);
  const even = { num: 3, capacity: 1_000 * GB, load: 10 * MBIT };
  expect(choosePlace([even, { ...even, num: 4, load: 8 * MBIT }], 3, MBIT)).toBe(3);
  expect(choosePlace([even, { ...even, num: 4, load: 2 * MBIT }], 3, MBIT)).toBe(4);
  expect(choosePlace([even], 4, MBIT)).toBe(3);
});

const facts: RoomFacts = {
  maxBytes: null,
  minFreeBytes: 2 * GB,
  freeBytes: 2 * GB,
  bytes: 500 * GB,
  heldBytes: 0,
  youngBytes: 10 * GB,
  bytesPerSecond: 10_000_000,
};

test('room left counts what may be deleted, and not what is held or younger than an hour', () => {
  expect(hoursLeft(facts)).toBeCloseTo(490e9 / 10e6 / 3600, 6);
  expect(hoursLeft({ ...facts, heldBytes: 480 * GB })).toBeCloseTo(10e9 / 10e6 / 3600, 6);
  expect(hoursLeft({ ...facts, heldBytes: 500 * GB })).toBe(0);
  expect(hoursLeft({ ...facts, bytesPerSecond: 0 })).toBeNull();
  expect(hoursLeft({ ...facts, freeBytes: null })).toBeNull();
  // A limit of bytes may take the youngest too, but never what is held.
  expect(hoursLeft({ ...facts, freeBytes: null, maxBytes: 36 * GB })).toBeCloseTo(1, 6);
  expect(hoursLeft({ ...facts, freeBytes: null, maxBytes: 36 * GB, heldBytes: 35 * GB })).toBeLessThan(0.1);
});

test('a disk once full is used again only when it is not full again at once', () => {
  expect(roomToReturn(0, 0)).toBeGreaterThan(floorBytes(0));
  expect(roomToReturn(2 * GB, 0)).toBe(2 * floorBytes(2 * GB));
  expect(roomToReturn(0, 25_000_000)).toBeGreaterThan(30 * 25_000_000);
});

test('the write rate forgets what is older than ten minutes', () => {
  const clock = manualClock();
  const meter = createRateMeter(clock);
  meter.add(5_000);
  clock.advance(5_000);
  meter.look();
  expect(meter.bytesPerSecond()).toBe(0);
  for (let second = 0; second < 1_200; second += 2) {
    meter.add(2_000);
    clock.advance(2_000);
    meter.look();
  }
  expect(meter.bytesPerSecond()).toBe(1_000);
});

test('errors of the system are told apart: the disk, its room, its mount, or this process alone', () => {
  const coded = (code: string) => Object.assign(new Error(code), { code });
  expect(diskReason(coded('ENOSPC'))).toBe('no-room');
  expect(diskReason(coded('EROFS'))).toBe('read-only');
  expect(diskReason(coded('ESTALE'))).toBe('not-mounted');
  expect(diskReason(new DiskHung('fdatasync', 10_000))).toBe('hung');
  expect(diskReason(coded('EMFILE'))).toBeUndefined();
  expect(diskReason(coded('EEXIST'))).toBeUndefined();
  expect(diskReason('no error at all')).toBeUndefined();
});

test('a disk that hangs holds no more calls than its width, refuses the rest at once, and recovers', async () => {
  const faulty = faultyFs({
    ...systemFs,
    facts: async () => ({ device: 1, inode: 1, bytes: 0, folder: true }),
  });
  const late: unknown[] = [];
  const guard = guardFs(faulty.fs, { limitMs: 30, width: 2, onLateError: (error) => late.push(error) });
  faulty.set('/slow', 'hang');
  const calls = Array.from({ length: 10 }, (_, i) => guard.fs.facts(`/slow/${i}`));
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  expect(faulty.hanging()).toBe(2);
  expect(guard.stuck()).toBe(2);
  await expect(guard.fs.facts('/slow/11')).rejects.toThrow(/EHUNG/);
  expect(faulty.hanging()).toBe(2);
  faulty.set('/slow', 'none');
  await expect.poll(() => guard.stuck()).toBe(0);
  expect(await guard.fs.facts('/slow/12')).toMatchObject({ folder: true });
  expect(late).toEqual([]);
});

test('a file that opens after it was given up is closed', async () => {
  const closed: string[] = [];
  const file = {
    ...{ write: async () => undefined, read: async () => 0, truncate: async () => undefined },
    datasync: async () => undefined,
    close: async () => void closed.push('closed'),
  };
  const opening = Promise.withResolvers<typeof file>();
  const guard = guardFs(
    { ...systemFs, create: () => opening.promise },
    { limitMs: 20, width: 1, onLateError: () => undefined },
  );
  await expect(guard.fs.create('/slow')).rejects.toThrow(/EHUNG/);
  expect(closed).toEqual([]);
  opening.resolve(file);
  await expect.poll(() => closed).toEqual(['closed']);
  await expect.poll(() => guard.stuck()).toBe(0);
});
