import { appendFile, mkdir, readdir, rename, rm, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, recordingRoom } from '../../tests/support/recording-room.ts';
import { type FootageFs, systemFs } from './disks/footage-fs.ts';
import { CHECK_BYTES } from './part-check.ts';

const room = recordingRoom();
const { folder, reopen, record, files } = room;

test('start-up: a file that was being written keeps its whole parts and loses the rest', async () => {
  await room.recording.start();
  const start = room.clock.now();
  await record('cam-1', 1, start, 10);
  const [name = ''] = await files();
  const path = join(folder(), name);
  const rows = await room.storage.db.selectFrom('recording_file').selectAll().execute();
  // As after a kill: the row knows two of four segments, the last part (two frames) is cut in two.
  await room.storage.db
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
  const [span] = await room.recording.spans('cam-1', 'main', start, start + 60_000);
  expect(span?.segments.map((segment) => segment.durationUs)).toEqual([2e6, 2e6, 2e6, 1.8e6]);
  expect(span?.segments.map((segment) => segment.startMs - start)).toEqual([0, 2_000, 4_000, 6_000]);
  expect(await reopen()).toEqual([]);
});

test('start-up: a file without a row is indexed anew, a row without a file goes', async () => {
  await room.recording.start();
  const start = room.clock.now();
  await record('cam-1', 1, start, 10);
  await record('cam-1', 1, start + 60_000, 20);
  const before = await room.recording.spans('cam-1', 'main', 0, start + DAY);
  await room.storage.db.deleteFrom('recording_file').where('first_msn', '=', 10).execute();
  const gone = (await files()).find((name) => name.endsWith('-20.mp4')) ?? '';
  await unlink(join(folder(), gone));
  const findings = await reopen();
  expect(findings.map((finding) => finding.kind).sort()).toEqual(['adopted', 'missing-file']);
  const after = await room.recording.spans('cam-1', 'main', 0, start + DAY);
  expect(after.map((span) => span.segments)).toEqual([before[0]?.segments]);
});

test('start-up: what cannot be read is left alone and named; what nobody owns too', async () => {
  await room.recording.start();
  await record('cam-1', 1, room.clock.now(), 10);
  await appendFile(join(folder(), '1', '2026-01-15', '100000-77.mp4'), Buffer.alloc(200_000, 1));
  await appendFile(join(folder(), '1', '2026-01-15', 'notes.txt'), 'mine');
  const findings = await reopen();
  expect(findings.map((finding) => finding.kind)).toEqual(['unreadable', 'unreadable']);
  expect(await readdir(join(folder(), '1', '2026-01-15'))).toContain('notes.txt');
  expect(await files()).toHaveLength(2);
});

test('start-up: indexed bytes that the disk lost take their rows along', async () => {
  await room.recording.start();
  const start = room.clock.now();
  await record('cam-1', 1, start, 10);
  const [name = ''] = await files();
  await room.storage.db.updateTable('recording_file').set({ state: 'open' }).execute();
  const second = await room.recording.segment('cam-1', 'main', 11);
  await truncate(join(folder(), name), (second?.offset ?? 0) + (second?.bytes ?? 0) + 5);
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['truncated']);
  expect((await room.recording.spans('cam-1', 'main', 0, start + DAY))[0]?.segments).toHaveLength(2);
});

test('start-up: a disk that is not mounted costs no row', async () => {
  await room.recording.start();
  await record('cam-1', 1, room.clock.now(), 10);
  await rename(folder(), `${folder()}-elsewhere`);
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['missing-disk']);
  const segment = await room.recording.segment('cam-1', 'main', 11);
  if (!segment) throw new Error('the row is gone');
  await expect(room.recording.read(segment)).rejects.toMatchObject({ code: 'footage-unreachable' });
  expect(await room.recording.spans('cam-1', 'main', 0, room.clock.now() + DAY)).toEqual([]);
  expect((await room.recording.state()).disks[0]).toMatchObject({ state: 'missing', reason: 'not-mounted' });
  // An empty mount point is not filled either.
  await mkdir(folder());
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['missing-disk']);
  await record('cam-1', 1, room.clock.now() + 60_000, 20);
  expect(await readdir(folder())).toEqual([]);
  await rm(folder(), { recursive: true });
  await rename(`${folder()}-elsewhere`, folder());
  expect(await reopen()).toEqual([]);
  expect((await room.recording.read(segment)).length).toBe(segment.bytes - 10 * CHECK_BYTES);
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
  await room.recording.start();
  await record('cam-1', 1, room.clock.now(), 10);
  const fs = pulledOut('list', (path) => path === folder());
  expect((await reopen({ fs })).map((finding) => finding.kind)).toEqual(['missing-disk']);
  expect(await room.storage.db.selectFrom('recording_file').select('first_msn').execute()).toEqual([
    { first_msn: 10 },
  ]);
  await putBack();
  expect(await reopen()).toEqual([]);
  expect(await room.recording.segment('cam-1', 'main', 13)).toBeDefined();
});

test('a disk pulled out amid a deletion forgets nothing: it goes on when it is back', async () => {
  await room.recording.start();
  await record('cam-1', 1, room.clock.now(), 10);
  await reopen({ fs: pulledOut('remove', (path) => path.endsWith('.mp4')) });
  room.clock.advance(3_600_000);
  await room.recording.retain();
  room.clock.advance(5 * DAY);
  await room.recording.retain();
  room.clock.advance(3_700_000);
  await room.recording.retain();
  expect(await room.storage.db.selectFrom('recording_file').select('state').execute()).toEqual([
    { state: 'deleting' },
  ]);
  await putBack();
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['deleted-leftover']);
  expect(await files()).toEqual([]);
});

test('start-up: a deletion that was begun is finished', async () => {
  await room.recording.start();
  await record('cam-1', 1, room.clock.now(), 10);
  await room.storage.db.updateTable('recording_file').set({ state: 'deleting' }).execute();
  expect(await room.recording.segment('cam-1', 'main', 10)).toBeUndefined();
  expect((await reopen()).map((finding) => finding.kind)).toEqual(['deleted-leftover']);
  expect(await files()).toEqual([]);
  expect(await room.storage.db.selectFrom('recording_file').selectAll().execute()).toEqual([]);
});
