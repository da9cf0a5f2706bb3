import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, recordingRoom } from '../../tests/support/recording-room.ts';

const room = recordingRoom();
const { folder, reopen, record, files } = room;

test('footage goes when its days are over, each camera by its own', async () => {
  await room.recording.start();
  const start = room.clock.now();
  await record('cam-1', 1, start, 10);
  await record('cam-long', 2, start, 10);
  room.clock.advance(4 * DAY);
  await room.recording.retain();
  expect(await files()).toHaveLength(2);
  room.clock.advance(1 * DAY + 60_000);
  await room.recording.retain();
  expect(await files()).toEqual([join('2', '2026-01-15', '090000-10.mp4')]);
  const timeline = await room.recording.timeline('cam-1', 'main', start - 1_000, start + 20_000);
  expect(timeline).toMatchObject({ spans: [], oldest: null });
  expect(timeline.gaps[0]?.reason).toBe('expired');
  expect(await readdir(join(folder(), '1'))).toEqual([]);
});

test('a clock that leaps by weeks deletes nothing until it had an hour to be set right', async () => {
  await room.recording.start();
  await record('cam-1', 1, room.clock.now(), 10);
  room.clock.advance(3_600_000);
  await room.recording.retain();
  room.clock.jump(30 * DAY);
  await room.recording.retain();
  room.clock.advance(50 * 60_000);
  await room.recording.retain();
  expect(await files()).toHaveLength(1);
  room.clock.jump(-30 * DAY);
  room.clock.advance(2 * 3_600_000);
  await room.recording.retain();
  expect(await files()).toHaveLength(1);
  room.clock.jump(30 * DAY);
  await room.recording.retain();
  room.clock.advance(61 * 60_000);
  await room.recording.retain();
  expect(await files()).toHaveLength(0);
});

test('held footage stays when its days are over and when room is wanted', async () => {
  await room.recording.start();
  const start = room.clock.now();
  await record('cam-1', 1, start, 10);
  await record('cam-1', 1, start + 60_000, 20);
  room.held.push({ cameraId: 'cam-1', fromMs: start + 7_000, toMs: start + 30_000 });
  await reopen({ maxBytes: 1 });
  room.clock.advance(6 * DAY);
  await room.recording.retain();
  expect(await files()).toEqual([join('1', '2026-01-15', '090000-10.mp4')]);
  const [disk] = (await room.recording.state()).disks;
  expect(disk?.heldBytes).toBe(disk?.bytes);
  room.held.length = 0;
  await room.recording.retain();
  expect(await files()).toEqual([]);
});

test('over the byte limit the oldest goes first, whoever it is of', async () => {
  await room.recording.start();
  const start = room.clock.now();
  await record('cam-1', 1, start, 10);
  await record('cam-long', 2, start + 60_000, 10);
  await record('cam-1', 1, start + 120_000, 20);
  const { bytes } = await room.recording.state();
  await reopen({ maxBytes: Math.round(bytes * 0.5) });
  await room.recording.retain();
  expect(await files()).toEqual([join('1', '2026-01-15', '090200-20.mp4')]);
  expect((await room.recording.state()).bytes).toBeLessThanOrEqual(bytes * 0.5);
});

test('a disk that others fill never costs the last hour', async () => {
  await room.recording.start();
  const start = room.clock.now();
  await record('cam-1', 1, start, 10);
  room.clock.advance(2 * 3_600_000);
  await record('cam-1', 1, room.clock.now(), 20);
  room.clock.advance(60_000);
  await reopen({ minFreeBytes: Number.MAX_SAFE_INTEGER });
  await room.recording.retain();
  expect(await files()).toEqual([join('1', '2026-01-15', '110000-20.mp4')]);
});
