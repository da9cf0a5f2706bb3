import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '../../main/base/clock.ts';
import { createEventBus } from '../../main/base/event-bus.ts';
import { createLogger } from '../../main/base/logging.ts';
import type { HubEvents } from '../../main/contract/hub-events.ts';
import type { TrackName } from '../../main/contract/video.ts';
import { heldStretches } from '../../main/recording/hold-store.ts';
import { createHolds, type Holds } from '../../main/recording/holds.ts';
import { createRecording } from '../../main/recording/recording.ts';
import type { Recording } from '../../main/recording/types.ts';
import { openStorage, type Storage } from '../../main/storage/database.ts';
import { testFmp4 } from '../support/fmp4.ts';
import { writeFootage } from '../support/written-footage.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PERSON = { id: 'p', name: 'П' };
let mp4: Buffer;
let dir: string;
let storage: Storage;
let clock: ManualClock;
let recording: Recording;
let holds: Holds;
let written: { path: string; cameraId: string; track: TrackName; startMs: number; bytes: number }[];

beforeAll(async () => {
  mp4 = await testFmp4({ seconds: 8, size: '320x240' });
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kalancha-held-'));
  storage = await openStorage(dir);
  clock = manualClock();
  holds = createHolds({
    db: storage.db,
    clock,
    log: createLogger('silent'),
    limits: { defaultDays: 30, maxDays: 365, maxShare: 1, hoursPerPerson: 1000 },
    roomBytes: async () => 1e12,
    onEnded: async () => undefined,
  });
  await holds.start();
});
afterEach(async () => {
  await recording.stop();
  await holds.stop();
  await storage.stop();
  await rm(dir, { recursive: true, force: true });
});

async function open(maxBytes: number | null): Promise<void> {
  const bus = createEventBus<HubEvents>((_name, error) => {
    throw error;
  });
  recording = createRecording({
    db: storage.db,
    disks: [{ folder: join(dir, 'footage'), maxBytes, minFreeBytes: 0 }],
    clock,
    log: createLogger('silent'),
    bus,
    defaultDays: 5,
    ownDays: async () => new Map(),
    cameraIdOf: (num) => `cam-${num}`,
    held: heldStretches,
  });
  await recording.start();
}
/** Eight seconds of a camera from `startMs` on, in a file of its own. */
async function record(num: number, track: TrackName, startMs: number): Promise<void> {
  const writer = recording.writer({ id: `cam-${num}`, num }, track);
  writeFootage(writer, mp4, startMs, Math.floor(startMs / 2000));
  await writer.close();
  await recording.flush();
}
async function remember(): Promise<void> {
  const rows = await storage.db
    .selectFrom('recording_file')
    .select(['path', 'camera_id', 'track', 'start_ms', 'bytes'])
    .execute();
  written = rows.map(({ path, camera_id, track, start_ms, bytes }) => ({
    ...{ path, cameraId: camera_id, track, startMs: start_ms, bytes },
  }));
}
/** Start times, in hours back, of a camera's files that are there, their bytes included. */
const there = (cameraId: string, track: TrackName, now: number) =>
  written
    .filter((file) => file.cameraId === cameraId && file.track === track)
    .filter(({ path }) => existsSync(join(dir, 'footage', path)))
    .map(({ startMs }) => Math.round((now - startMs) / HOUR))
    .sort((a, b) => b - a);
const none = async () => undefined;

test('under pressure for bytes held files stay, all tracks of them; others go, oldest first', async () => {
  await open(null);
  const now = clock.now();
  for (const hours of [12, 10, 8, 6, 4, 2])
    for (const [num, track] of [
      [1, 'main'],
      [1, 'second'],
      [2, 'main'],
    ] as const)
      await record(num, track, now - hours * HOUR);
  await remember();
  const all = written.reduce((sum, { bytes }) => sum + bytes, 0);
  const hold = await holds.add(
    PERSON,
    // Half of the file of ten hours ago, the whole of eight hours ago.
    { cameraIds: ['cam-1'], from: now - 10 * HOUR + 4000, to: now - 7 * HOUR, basis: 'дело 7' },
    'held',
    none,
  );
  expect(await holds.bytes(hold)).toBe(
    written
      .filter(
        ({ cameraId, startMs }) => cameraId === 'cam-1' && [10, 8].some((h) => startMs === now - h * HOUR),
      )
      .reduce((sum, { bytes }) => sum + bytes, 0),
  );

  await recording.stop();
  await open(Math.ceil(all / 2));
  await recording.retain();
  // Nine of eighteen files may stay: the four held ones, and the five youngest of the others.
  expect(there('cam-1', 'main', now)).toEqual([10, 8, 2]);
  expect(there('cam-1', 'second', now)).toEqual([10, 8, 4, 2]);
  expect(there('cam-2', 'main', now)).toEqual([4, 2]);

  await holds.end(PERSON, hold.id, 'дело закрыто', none);
  await record(2, 'main', now - HOUR);
  await record(2, 'main', now - HOUR / 2);
  await remember();
  await recording.retain();
  expect(there('cam-1', 'main', now)).toEqual([8, 2]);
  expect(there('cam-1', 'second', now)).toEqual([8, 4, 2]);
});

test('over its days held footage stays until the hold is over; the timeline calls what is around it deleted', async () => {
  await open(null);
  const start = clock.now();
  for (const minutes of [0, 1, 2, 3, 4]) await record(1, 'main', start + minutes * 60_000);
  await remember();
  const input = { cameraIds: ['cam-1'], from: start + 60_000, to: start + 3 * 60_000, basis: 'дело 7' };
  clock.advance(HOUR);
  const hold = await holds.add(PERSON, { ...input, until: start + 20 * DAY }, 'held', none);
  clock.advance(6 * DAY);
  await record(1, 'main', clock.now() - HOUR);
  await recording.retain();
  const minutesLeft = async () =>
    (await recording.timeline('cam-1', 'main', start, start + HOUR)).spans.map(
      ({ from }) => (from - start) / 60_000,
    );
  expect(await minutesLeft()).toEqual([1, 2]);

  const line = await recording.timeline('cam-1', 'main', start, clock.now());
  expect(line.gaps.map(({ from, to, reason }) => [from - start, to - start, reason])).toEqual([
    [0, 60_000, 'expired'],
    // Within the hold nothing was deleted: the camera's own break.
    [68_000, 120_000, 'hub-stopped'],
    [128_000, 248_000, 'expired'],
    [248_000, 6 * DAY, 'hub-stopped'],
    [6 * DAY + 8000, 6 * DAY + HOUR, 'stream-lost'],
  ]);

  await holds.end(PERSON, hold.id, 'дело закрыто', none);
  await recording.retain();
  expect(await minutesLeft()).toEqual([]);
  const after = await recording.timeline('cam-1', 'main', start, clock.now());
  expect(after.gaps[0]).toEqual({ from: start, to: start + 248_000, reason: 'expired' });
  expect(await readdir(join(dir, 'footage', '1'))).toHaveLength(1);
});

test('what is recorded after it was booked is held like the rest', async () => {
  await open(null);
  const now = clock.now();
  await record(1, 'main', now - 60_000);
  const input = { cameraIds: ['cam-1'], from: now - HOUR, to: now + 2 * HOUR, basis: 'дело 7' };
  await holds.add(PERSON, input, 'held', none);
  await record(1, 'main', now + HOUR);
  await record(1, 'main', now + 3 * HOUR);
  await remember();
  clock.advance(10 * DAY);
  await recording.retain();
  expect(there('cam-1', 'main', now)).toEqual([0, -1]);
});
