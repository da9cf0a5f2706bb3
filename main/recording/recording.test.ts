import { appendFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { framehash } from '../../tests/support/framehash.ts';
import { DAY, recordingRoom } from '../../tests/support/recording-room.ts';
import { writeFootage } from '../../tests/support/written-footage.ts';
import { CHECK_BYTES } from './part-check.ts';

const room = recordingRoom();
const { folder, reopen, record, files } = room;

test('what is written can be found by time and by number, and read back', async () => {
  await room.recording.start();
  const start = room.clock.now();
  await record('cam-1', 1, start, 500);
  const [span] = await room.recording.spans('cam-1', 'main', start, start + 60_000);
  expect(span?.segments.map((segment) => segment.msn)).toEqual([500, 501, 502, 503]);
  expect(span?.segments.map((segment) => segment.startMs)).toEqual(
    [0, 2_000, 4_000, 6_000].map((ms) => start + ms),
  );
  expect(await room.recording.lastMsn('cam-1', 'main')).toBe(503);
  const segment = await room.recording.segment('cam-1', 'main', 502);
  if (!segment) throw new Error('no segment');
  const bytes = await room.recording.read(segment);
  expect(bytes.toString('latin1', 4, 8)).toBe('prft');
  // Ten parts, each with a checksum behind it.
  expect(bytes.length).toBe(segment.bytes - 10 * CHECK_BYTES);
  expect((await room.recording.segmentAt('cam-1', 'main', start + 5_000))?.msn).toBe(502);
  expect(await room.recording.segmentAt('cam-1', 'main', start - 1)).toBeUndefined();
  expect(
    (await room.recording.spans('cam-1', 'main', start + 2_000, start + 4_000))[0]?.segments,
  ).toHaveLength(1);
  expect(room.written.map((event) => event.segmentId)).toEqual(['500', '501', '502', '503']);
  expect((await room.recording.init('cam-1', 'main', segment.initHash))?.newest).toBe(start + 8_000);
  expect((await room.recording.state()).bytes).toBe(
    segment.offset + segment.bytes + ((await room.recording.segment('cam-1', 'main', 503))?.bytes ?? 0),
  );
});

test('a file alone plays in any player: it begins with its own header', async () => {
  await room.recording.start();
  await record('cam-1', 1, room.clock.now(), 1);
  const [name] = await files();
  expect(name).toBe(join('1', '2026-01-15', '090000-1.mp4'));
  const { frames, complaints } = await framehash(join(folder(), name ?? ''));
  expect(frames).toHaveLength(80);
  expect(complaints).toBe('');
});

test('a row that contradicts the index does not keep the others out', async () => {
  await room.recording.start();
  await record('cam-1', 1, room.clock.now(), 10);
  const twice = room.recording.writer({ id: 'cam-1', num: 1 }, 'main');
  writeFootage(twice, room.mp4, room.clock.now() + 60_000, 10);
  const other = room.recording.writer({ id: 'cam-long', num: 2 }, 'main');
  writeFootage(other, room.mp4, room.clock.now(), 10);
  await Promise.all([twice.close(), other.close()]);
  await room.recording.flush();
  expect(await room.recording.lastMsn('cam-long', 'main')).toBe(13);
  expect((await room.recording.spans('cam-1', 'main', 0, room.clock.now() + DAY)).length).toBe(1);
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['unreadable']);
});

test('a folder that cannot be written pauses recording and is told, and nobody is thrown at', async () => {
  await room.recording.start();
  await rename(folder(), `${folder()}-elsewhere`);
  await appendFile(folder(), 'a file where the folder was');
  const writer = room.recording.writer({ id: 'cam-1', num: 1 }, 'main');
  writeFootage(writer, room.mp4, room.clock.now(), 10);
  await writer.close();
  expect(room.recording.failing('cam-1', 'main')).toBe(true);
  expect((await room.recording.state()).problem).toMatch(/ENOTDIR/);
  await unlink(folder());
  await rename(`${folder()}-elsewhere`, folder());
  room.clock.advance(6_000);
  await room.recording.lookAfterDisks();
  writeFootage(writer, room.mp4, room.clock.now(), 20);
  await writer.close();
  await room.recording.flush();
  expect(room.recording.failing('cam-1', 'main')).toBe(false);
  expect(await room.recording.lastMsn('cam-1', 'main')).toBe(23);
});

test('tracks of one camera have numbers, files and a fate of their own', async () => {
  await room.recording.start();
  const start = room.clock.now();
  await record('cam-1', 1, start, 10);
  const second = room.recording.writer({ id: 'cam-1', num: 1 }, 'second');
  writeFootage(second, room.mp4, start, 10);
  await second.close();
  await room.recording.flush();
  expect(await files()).toEqual(
    ['090000-10.mp4', '090000-second-10.mp4'].map((n) => join('1', '2026-01-15', n)),
  );
  expect((await room.recording.segment('cam-1', 'second', 12))?.path).toContain('-second-');
  expect(await room.recording.segment('cam-1', 'sound', 12)).toBeUndefined();
  const { bytes } = await room.recording.state();
  expect(bytes).toBe(
    2 * ((await room.recording.spans('cam-1', 'main', 0, start + DAY))[0]?.segments.at(-1)?.offset ?? 0) +
      2 * ((await room.recording.segment('cam-1', 'main', 13))?.bytes ?? 0),
  );
  // A lost index finds every file's track again.
  await room.storage.db.deleteFrom('recording_file').execute();
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['adopted', 'adopted']);
  expect(await room.recording.lastMsn('cam-1', 'second')).toBe(13);
  const hash = (await room.recording.segment('cam-1', 'second', 10))?.initHash ?? '';
  expect((await room.recording.init('cam-1', 'second', hash))?.newest).toBe(start + 8_000);
  // A picture's header is not to be had as sound, nor sound as a picture: each has its own right.
  expect(await room.recording.init('cam-1', 'sound', hash)).toBeUndefined();
  room.clock.advance(6 * DAY);
  await room.recording.retain();
  expect(await files()).toEqual([]);
  expect((await room.recording.timeline('cam-1', 'second', start, start + 5_000)).gaps[0]?.reason).toBe(
    'expired',
  );
});
