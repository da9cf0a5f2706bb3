import { appendFile, mkdir, mkdtemp, readdir, rename, rm, truncate, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { testFmp4 } from '../../tests/support/fmp4.ts';
import { framehash } from '../../tests/support/framehash.ts';
import { writeFootage } from '../../tests/support/written-footage.ts';
import { type ManualClock, manualClock } from '../base/clock.ts';
import { createEventBus } from '../base/event-bus.ts';
import { createLogger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { openStorage, type Storage } from '../storage/database.ts';
import { type FootageFs, systemFs } from './disks/footage-fs.ts';
import type { HeldStretch } from './held.ts';
import { CHECK_BYTES } from './part-check.ts';
import { createRecording } from './recording.ts';
import type { Recording } from './types.ts';

const DAY = 86_400_000;
let mp4: Buffer;
let dir: string;
let storage: Storage;
let clock: ManualClock;
let recording: Recording;
let held: HeldStretch[];
let written: HubEvents['recording.written'][];

beforeAll(async () => {
  mp4 = await testFmp4({ seconds: 8, size: '160x120' });
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kalancha-recording-'));
  storage = await openStorage(dir);
  clock = manualClock();
  written = [];
  held = [];
  recording = open();
});
afterEach(async () => {
  await recording.stop();
  await storage.stop();
  await rm(dir, { recursive: true, force: true });
});

const folder = () => join(dir, 'footage');
type Limits = { maxBytes?: number; minFreeBytes?: number; fs?: FootageFs };
function open({ maxBytes, minFreeBytes = 0, fs = systemFs }: Limits = {}): Recording {
  const bus = createEventBus<HubEvents>((_name, error) => {
    throw error;
  });
  bus.on('recording.written', (event) => written.push(event));
  return createRecording({
    db: storage.db,
    disks: [{ folder: folder(), maxBytes: maxBytes ?? null, minFreeBytes }],
    clock,
    log: createLogger('silent'),
    bus,
    defaultDays: 5,
    ownDays: async () => new Map([['cam-long', 30]]),
    cameraIdOf: (num) => ({ 1: 'cam-1', 2: 'cam-long' })[num],
    held: async () => held,
    fs,
  });
}
async function reopen(limits: Limits = {}) {
  await recording.stop();
  recording = open(limits);
  return recording.start();
}
/** Records eight seconds (four segments) of a camera at a time. */
async function record(cameraId: string, num: number, startMs: number, firstMsn: number): Promise<void> {
  const writer = recording.writer({ id: cameraId, num }, 'main');
  writeFootage(writer, mp4, startMs, firstMsn);
  await writer.close();
  await recording.flush();
}
const files = async () =>
  (await readdir(folder(), { recursive: true })).filter((name) => name.endsWith('.mp4')).sort();

test('what is written can be found by time and by number, and read back', async () => {
  await recording.start();
  const start = clock.now();
  await record('cam-1', 1, start, 500);
  const [span] = await recording.spans('cam-1', 'main', start, start + 60_000);
  expect(span?.segments.map((segment) => segment.msn)).toEqual([500, 501, 502, 503]);
  expect(span?.segments.map((segment) => segment.startMs)).toEqual(
    [0, 2_000, 4_000, 6_000].map((ms) => start + ms),
  );
  expect(await recording.lastMsn('cam-1', 'main')).toBe(503);
  const segment = await recording.segment('cam-1', 'main', 502);
  if (!segment) throw new Error('no segment');
  const bytes = await recording.read(segment);
  expect(bytes.toString('latin1', 4, 8)).toBe('prft');
  // Ten parts, each with a checksum behind it.
  expect(bytes.length).toBe(segment.bytes - 10 * CHECK_BYTES);
  expect((await recording.segmentAt('cam-1', 'main', start + 5_000))?.msn).toBe(502);
  expect(await recording.segmentAt('cam-1', 'main', start - 1)).toBeUndefined();
  expect((await recording.spans('cam-1', 'main', start + 2_000, start + 4_000))[0]?.segments).toHaveLength(1);
  expect(written.map((event) => event.segmentId)).toEqual(['500', '501', '502', '503']);
  expect((await recording.init('cam-1', 'main', segment.initHash))?.newest).toBe(start + 8_000);
  expect((await recording.state()).bytes).toBe(
    segment.offset + segment.bytes + ((await recording.segment('cam-1', 'main', 503))?.bytes ?? 0),
  );
});

test('a file alone plays in any player: it begins with its own header', async () => {
  await recording.start();
  await record('cam-1', 1, clock.now(), 1);
  const [name] = await files();
  expect(name).toBe(join('1', '2026-01-15', '090000-1.mp4'));
  const { frames, complaints } = await framehash(join(folder(), name ?? ''));
  expect(frames).toHaveLength(80);
  expect(complaints).toBe('');
});

test('start-up: a file that was being written keeps its whole parts and loses the rest', async () => {
  await recording.start();
  const start = clock.now();
  await record('cam-1', 1, start, 10);
  const [name = ''] = await files();
  const path = join(folder(), name);
  const rows = await storage.db.selectFrom('recording_file').selectAll().execute();
  // As after a kill: the row knows two of four segments, the last part (two frames) is cut in two.
  await storage.db
    .updateTable('recording_file')
    .set({
      state: 'open',
      segments: (rows[0]?.segments ?? Buffer.alloc(0)).subarray(0, 40),
      segment_count: 2,
    })
    .execute();
  await truncate(path, (rows[0]?.bytes ?? 0) - 20);
  const findings = await reopen();
  expect(findings).toMatchObject([{ kind: 'recovered' }]);
  const [span] = await recording.spans('cam-1', 'main', start, start + 60_000);
  expect(span?.segments.map((segment) => segment.durationUs)).toEqual([2e6, 2e6, 2e6, 1.8e6]);
  expect(span?.segments.map((segment) => segment.startMs - start)).toEqual([0, 2_000, 4_000, 6_000]);
  expect(await reopen()).toEqual([]);
});

test('start-up: a file without a row is indexed anew, a row without a file goes', async () => {
  await recording.start();
  const start = clock.now();
  await record('cam-1', 1, start, 10);
  await record('cam-1', 1, start + 60_000, 20);
  const before = await recording.spans('cam-1', 'main', 0, start + DAY);
  await storage.db.deleteFrom('recording_file').where('first_msn', '=', 10).execute();
  const gone = (await files()).find((name) => name.endsWith('-20.mp4')) ?? '';
  await unlink(join(folder(), gone));
  const findings = await reopen();
  expect(findings.map((finding) => finding.kind).sort()).toEqual(['adopted', 'missing-file']);
  const after = await recording.spans('cam-1', 'main', 0, start + DAY);
  expect(after.map((span) => span.segments)).toEqual([before[0]?.segments]);
});

test('start-up: what cannot be read is left alone and named; what nobody owns too', async () => {
  await recording.start();
  await record('cam-1', 1, clock.now(), 10);
  await appendFile(join(folder(), '1', '2026-01-15', '100000-77.mp4'), Buffer.alloc(200_000, 1));
  await appendFile(join(folder(), '1', '2026-01-15', 'notes.txt'), 'mine');
  const findings = await reopen();
  expect(findings.map((finding) => finding.kind)).toEqual(['unreadable', 'unreadable']);
  expect(await readdir(join(folder(), '1', '2026-01-15'))).toContain('notes.txt');
  expect(await files()).toHaveLength(2);
});

test('start-up: indexed bytes that the disk lost take their rows along', async () => {
  await recording.start();
  const start = clock.now();
  await record('cam-1', 1, start, 10);
  const [name = ''] = await files();
  await storage.db.updateTable('recording_file').set({ state: 'open' }).execute();
  const second = await recording.segment('cam-1', 'main', 11);
  await truncate(join(folder(), name), (second?.offset ?? 0) + (second?.bytes ?? 0) + 5);
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['truncated']);
  expect((await recording.spans('cam-1', 'main', 0, start + DAY))[0]?.segments).toHaveLength(2);
});

test('start-up: a disk that is not mounted costs no row', async () => {
  await recording.start();
  await record('cam-1', 1, clock.now(), 10);
  await rename(folder(), `${folder()}-elsewhere`);
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['missing-disk']);
  const segment = await recording.segment('cam-1', 'main', 11);
  if (!segment) throw new Error('the row is gone');
  await expect(recording.read(segment)).rejects.toMatchObject({ code: 'footage-unreachable' });
  expect(await recording.spans('cam-1', 'main', 0, clock.now() + DAY)).toEqual([]);
  expect((await recording.state()).disks[0]).toMatchObject({ state: 'missing', reason: 'not-mounted' });
  // An empty mount point is not filled either.
  await mkdir(folder());
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['missing-disk']);
  await record('cam-1', 1, clock.now() + 60_000, 20);
  expect(await readdir(folder())).toEqual([]);
  await rm(folder(), { recursive: true });
  await rename(`${folder()}-elsewhere`, folder());
  expect(await reopen()).toEqual([]);
  expect((await recording.read(segment)).length).toBe(segment.bytes - 10 * CHECK_BYTES);
});

/** A disk that is pulled out just before the first time something is done with a path that `when` names. */
function pulledOut(call: 'list' | 'remove', when: (path: string) => boolean): FootageFs {
  let there = true;
  const pull = async (path: string) => {
    if (!there || !when(path)) return;
    there = false;
    await rename(folder(), `${folder()}-elsewhere`);
    await mkdir(folder());
  };
  return {
    ...systemFs,
    async list(path) {
      if (call === 'list') await pull(path);
      return systemFs.list(path);
    },
    async remove(path) {
      if (call === 'remove') await pull(path);
      return systemFs.remove(path);
    },
  };
}
async function putBack(): Promise<void> {
  await rm(folder(), { recursive: true });
  await rename(`${folder()}-elsewhere`, folder());
}

test('start-up: a disk pulled out amid its repair costs no row', async () => {
  await recording.start();
  await record('cam-1', 1, clock.now(), 10);
  const fs = pulledOut('list', (path) => path === folder());
  expect((await reopen({ fs })).map((finding) => finding.kind)).toEqual(['missing-disk']);
  expect(await storage.db.selectFrom('recording_file').select('first_msn').execute()).toEqual([
    { first_msn: 10 },
  ]);
  await putBack();
  expect(await reopen()).toEqual([]);
  expect(await recording.segment('cam-1', 'main', 13)).toBeDefined();
});

test('a disk pulled out amid a deletion forgets nothing: it goes on when it is back', async () => {
  await recording.start();
  await record('cam-1', 1, clock.now(), 10);
  await reopen({ fs: pulledOut('remove', (path) => path.endsWith('.mp4')) });
  clock.advance(3_600_000);
  await recording.retain();
  clock.advance(5 * DAY);
  await recording.retain();
  clock.advance(3_700_000);
  await recording.retain();
  expect(await storage.db.selectFrom('recording_file').select('state').execute()).toEqual([
    { state: 'deleting' },
  ]);
  await putBack();
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['deleted-leftover']);
  expect(await files()).toEqual([]);
});

test('a row that contradicts the index does not keep the others out', async () => {
  await recording.start();
  await record('cam-1', 1, clock.now(), 10);
  const twice = recording.writer({ id: 'cam-1', num: 1 }, 'main');
  writeFootage(twice, mp4, clock.now() + 60_000, 10);
  const other = recording.writer({ id: 'cam-long', num: 2 }, 'main');
  writeFootage(other, mp4, clock.now(), 10);
  await Promise.all([twice.close(), other.close()]);
  await recording.flush();
  expect(await recording.lastMsn('cam-long', 'main')).toBe(13);
  expect((await recording.spans('cam-1', 'main', 0, clock.now() + DAY)).length).toBe(1);
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['unreadable']);
});

test('start-up: a deletion that was begun is finished', async () => {
  await recording.start();
  await record('cam-1', 1, clock.now(), 10);
  await storage.db.updateTable('recording_file').set({ state: 'deleting' }).execute();
  expect(await recording.segment('cam-1', 'main', 10)).toBeUndefined();
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['deleted-leftover']);
  expect(await files()).toEqual([]);
  expect(await storage.db.selectFrom('recording_file').selectAll().execute()).toEqual([]);
});

test('footage goes when its days are over, each camera by its own', async () => {
  await recording.start();
  const start = clock.now();
  await record('cam-1', 1, start, 10);
  await record('cam-long', 2, start, 10);
  clock.advance(4 * DAY);
  await recording.retain();
  expect(await files()).toHaveLength(2);
  clock.advance(1 * DAY + 60_000);
  await recording.retain();
  expect(await files()).toEqual([join('2', '2026-01-15', '090000-10.mp4')]);
  const timeline = await recording.timeline('cam-1', 'main', start - 1_000, start + 20_000);
  expect(timeline).toMatchObject({ spans: [], oldest: null });
  expect(timeline.gaps[0]?.reason).toBe('expired');
  expect(await readdir(join(folder(), '1'))).toEqual([]);
});

test('a clock that leaps by weeks deletes nothing until it had an hour to be set right', async () => {
  await recording.start();
  await record('cam-1', 1, clock.now(), 10);
  clock.advance(3_600_000);
  await recording.retain();
  clock.jump(30 * DAY);
  await recording.retain();
  clock.advance(50 * 60_000);
  await recording.retain();
  expect(await files()).toHaveLength(1);
  clock.jump(-30 * DAY);
  clock.advance(2 * 3_600_000);
  await recording.retain();
  expect(await files()).toHaveLength(1);
  clock.jump(30 * DAY);
  await recording.retain();
  clock.advance(61 * 60_000);
  await recording.retain();
  expect(await files()).toHaveLength(0);
});

test('held footage stays when its days are over and when room is wanted', async () => {
  await recording.start();
  const start = clock.now();
  await record('cam-1', 1, start, 10);
  await record('cam-1', 1, start + 60_000, 20);
  held.push({ cameraId: 'cam-1', fromMs: start + 7_000, toMs: start + 30_000 });
  await reopen({ maxBytes: 1 });
  clock.advance(6 * DAY);
  await recording.retain();
  expect(await files()).toEqual([join('1', '2026-01-15', '090000-10.mp4')]);
  const [disk] = (await recording.state()).disks;
  expect(disk?.heldBytes).toBe(disk?.bytes);
  held.length = 0;
  await recording.retain();
  expect(await files()).toEqual([]);
});

test('over the byte limit the oldest goes first, whoever it is of', async () => {
  await recording.start();
  const start = clock.now();
  await record('cam-1', 1, start, 10);
  await record('cam-long', 2, start + 60_000, 10);
  await record('cam-1', 1, start + 120_000, 20);
  const { bytes } = await recording.state();
  await reopen({ maxBytes: Math.round(bytes * 0.5) });
  await recording.retain();
  expect(await files()).toEqual([join('1', '2026-01-15', '090200-20.mp4')]);
  expect((await recording.state()).bytes).toBeLessThanOrEqual(bytes * 0.5);
});

test('a disk that others fill never costs the last hour', async () => {
  await recording.start();
  const start = clock.now();
  await record('cam-1', 1, start, 10);
  clock.advance(2 * 3_600_000);
  await record('cam-1', 1, clock.now(), 20);
  clock.advance(60_000);
  await reopen({ minFreeBytes: Number.MAX_SAFE_INTEGER });
  await recording.retain();
  expect(await files()).toEqual([join('1', '2026-01-15', '110000-20.mp4')]);
});

test('a folder that cannot be written pauses recording and is told, and nobody is thrown at', async () => {
  await recording.start();
  await rename(folder(), `${folder()}-elsewhere`);
  await appendFile(folder(), 'a file where the folder was');
  const writer = recording.writer({ id: 'cam-1', num: 1 }, 'main');
  writeFootage(writer, mp4, clock.now(), 10);
  await writer.close();
  expect(recording.failing('cam-1', 'main')).toBe(true);
  expect((await recording.state()).problem).toMatch(/ENOTDIR/);
  await unlink(folder());
  await rename(`${folder()}-elsewhere`, folder());
  clock.advance(6_000);
  await recording.lookAfterDisks();
  writeFootage(writer, mp4, clock.now(), 20);
  await writer.close();
  await recording.flush();
  expect(recording.failing('cam-1', 'main')).toBe(false);
  expect(await recording.lastMsn('cam-1', 'main')).toBe(23);
});

test('tracks of one camera have numbers, files and a fate of their own', async () => {
  await recording.start();
  const start = clock.now();
  await record('cam-1', 1, start, 10);
  const second = recording.writer({ id: 'cam-1', num: 1 }, 'second');
  writeFootage(second, mp4, start, 10);
  await second.close();
  await recording.flush();
  expect(await files()).toEqual(
    ['090000-10.mp4', '090000-second-10.mp4'].map((n) => join('1', '2026-01-15', n)),
  );
  expect((await recording.segment('cam-1', 'second', 12))?.path).toContain('-second-');
  expect(await recording.segment('cam-1', 'sound', 12)).toBeUndefined();
  const { bytes } = await recording.state();
  expect(bytes).toBe(
    2 * ((await recording.spans('cam-1', 'main', 0, start + DAY))[0]?.segments.at(-1)?.offset ?? 0) +
      2 * ((await recording.segment('cam-1', 'main', 13))?.bytes ?? 0),
  );
  // A lost index finds every file's track again.
  await storage.db.deleteFrom('recording_file').execute();
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['adopted', 'adopted']);
  expect(await recording.lastMsn('cam-1', 'second')).toBe(13);
  const hash = (await recording.segment('cam-1', 'second', 10))?.initHash ?? '';
  expect((await recording.init('cam-1', 'second', hash))?.newest).toBe(start + 8_000);
  // A picture's header is not to be had as sound, nor sound as a picture: each has its own right.
  expect(await recording.init('cam-1', 'sound', hash)).toBeUndefined();
  clock.advance(6 * DAY);
  await recording.retain();
  expect(await files()).toEqual([]);
  expect((await recording.timeline('cam-1', 'second', start, start + 5_000)).gaps[0]?.reason).toBe('expired');
});
