import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { systemFs } from '../../main/recording/disks/footage-fs.ts';
import { type DiskBench, type DiskBenchOptions, openDiskBench } from '../support/disk-bench.ts';
import { faultyFs } from '../support/faulty-fs.ts';
import { testFmp4 } from '../support/fmp4.ts';
import { bindMount, mountTmpfs, unmount } from '../support/tmpfs.ts';
import { until } from '../support/video-bench.ts';

let mp4: Buffer;
beforeAll(async () => {
  mp4 = await testFmp4({ seconds: 30, fps: 5, gop: 10, size: '320x240' });
});
const leave: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of leave.splice(0).reverse()) await step();
});

async function bench(options: DiskBenchOptions): Promise<DiskBench> {
  const opened = await openDiskBench(mp4, options);
  leave.push(() => opened.close());
  return opened;
}
const stateOf = async (of: DiskBench, place: number) => (await of.recording().state()).disks[place - 1];
async function mount(folder: string, size: string): Promise<void> {
  await mountTmpfs(folder, size);
  leave.push(() => unmount(folder));
}
/** Each camera has lost a segment at most, and those that were never on the bad disk none. */
async function expectLittleLost(of: DiskBench, places: Map<string, number[]>, bad: number): Promise<void> {
  for (const { id } of of.setups) {
    const missing = await of.missing(id);
    expect(missing.length, `${id} lost ${missing}`).toBeLessThanOrEqual(
      places.get(id)?.includes(bad) ? 1 : 0,
    );
  }
}
async function places(of: DiskBench): Promise<Map<string, number[]>> {
  return new Map(await Promise.all(of.setups.map(async ({ id }) => [id, await of.placesOf(id)] as const)));
}

test('footage is spread, and when one disk is full it goes on on the other; with room again the disk is used again', async () => {
  const of = await bench({ cameras: 6 });
  await mount(of.mounts.a, '6m');
  await mount(of.mounts.b, '200m');
  await of.recording().start();
  await writeFile(join(of.mounts.b, 'ballast'), Buffer.alloc(194_000_000));
  await of.recording().lookAfterDisks();
  await of.feed();
  const before = await places(of);
  expect([...new Set([...before.values()].flat())].sort()).toEqual([1, 2]);
  await writeFile(join(of.mounts.a, 'ballast'), Buffer.alloc(4_500_000)).catch(() => undefined);
  await rm(join(of.mounts.b, 'ballast'));
  for (let round = 0; round < 8 && (await stateOf(of, 1))?.state !== 'full'; round++) await of.feed();
  expect(await stateOf(of, 1)).toMatchObject({ state: 'full', reason: 'no-room' });
  expect((await of.recording().state()).failingSince).toBeNull();
  await of.feed();
  await expectLittleLost(of, await places(of), 1);
  expect(of.told.map((status) => [status.place, status.state])).toContainEqual([1, 'full']);

  await rm(join(of.mounts.a, 'ballast'));
  await until('the disk to be used again', async () => (await stateOf(of, 1))?.state !== 'full');
  expect((await stateOf(of, 1))?.findingCount).toBe(0);
});

test('a disk that is pulled out is missed, its empty mount point is never filled, and it is taken in again', async () => {
  const of = await bench({ cameras: 4 });
  await mount(of.mounts.a, '50m');
  await mountTmpfs(of.mounts.b, '50m');
  // A second way to the same disk, so that it can come back as it was.
  const shelf = join(of.mounts.a, 'shelf');
  await systemFs.makeFolder(shelf);
  await bindMount(of.mounts.b, shelf);
  leave.push(() => unmount(shelf));
  await of.recording().start();
  await of.feed();
  const [lost] = [...(await places(of))].flatMap(([id, on]) => (on.includes(2) ? [id] : []));
  if (!lost) throw new Error('no camera is on the second disk');
  await unmount(of.mounts.b);
  await of.recording().lookAfterDisks();
  expect(await stateOf(of, 2)).toMatchObject({ state: 'missing', reason: 'not-mounted' });
  const all = (await of.missing(lost)).length;
  expect(all).toBeGreaterThan(0);
  await of.feed();
  expect(await readdir(of.mounts.b)).toEqual([]);
  expect((await of.missing(lost)).length).toBe(all);

  await bindMount(shelf, of.mounts.b);
  leave.push(() => unmount(of.mounts.b));
  await until('the disk to be back', async () => (await stateOf(of, 2))?.state === 'in-use');
  for (const { id } of of.setups) expect(await of.missing(id)).toEqual([]);
});

test('disks that changed places at a restart are known by their identity', async () => {
  const of = await bench({ cameras: 4 });
  await of.recording().start();
  await of.feed();
  await of.recording().stop();
  const { a, b } = of.mounts;
  await rename(a, `${a}-aside`);
  await rename(b, a);
  await rename(`${a}-aside`, b);
  expect(await of.restart()).toEqual([]);
  for (const { id } of of.setups) expect(await of.missing(id)).toEqual([]);
  await of.feed();
  for (const { id } of of.setups) expect(await of.missing(id)).toEqual([]);
});

test('a blank disk in the place of one that was known is taken only when somebody says so', async () => {
  const of = await bench({ cameras: 2 });
  await of.recording().start();
  await of.feed();
  await of.recording().stop();
  await rename(of.mounts.a, `${of.mounts.a}-gone`);
  await systemFs.makeFolder(of.mounts.a);
  await of.restart();
  expect(await stateOf(of, 1)).toMatchObject({ state: 'missing' });
  expect(of.recording().acceptDisk(1)).toBe(true);
  expect(of.recording().acceptDisk(3)).toBe(false);
  await of.recording().lookAfterDisks();
  expect(await stateOf(of, 1)).toMatchObject({ state: 'in-use', bytes: 0 });
});

test.each(['EIO', 'EROFS'] as const)(
  'a disk that answers %s under load costs the other one nothing',
  async (fault) => {
    const faulty = faultyFs(systemFs);
    const of = await bench({ cameras: 6, fs: faulty.fs });
    await of.recording().start();
    await of.feed();
    const written = of.feed();
    await until('the disks to be at work', async () => ((await stateOf(of, 1))?.bytes ?? 0) > 0);
    faulty.set(join(of.mounts.a, 'footage'), fault);
    await written;
    await of.feed();
    const reason = fault === 'EIO' ? 'io-error' : 'read-only';
    await until('the disk to be left out', async () => (await stateOf(of, 1))?.state === 'failing');
    expect(await stateOf(of, 1)).toMatchObject({ reason });
    expect((await of.recording().state()).failingSince).toBeNull();
    faulty.set(join(of.mounts.a, 'footage'), 'none');
    await until('the disk to be back', async () => (await stateOf(of, 1))?.state === 'in-use');
    await expectLittleLost(of, await places(of), 1);
  },
);

test('a disk that hangs stalls nobody, is left out after its time, and comes back with what was on it', async () => {
  const faulty = faultyFs(systemFs);
  const of = await bench({ cameras: 6, fs: faulty.fs, more: { hangLimitMs: 2_000 } });
  await of.recording().start();
  await of.feed();
  const folder = join(of.mounts.a, 'footage');
  faulty.set(folder, 'hang');
  await of.feed();
  await of.feed();
  expect(await stateOf(of, 1)).toMatchObject({ state: 'failing', reason: 'hung' });
  // Whatever hangs, it is no more than the disk's own share of the threads.
  expect(faulty.hanging()).toBeGreaterThan(0);
  expect(faulty.hanging()).toBeLessThanOrEqual(8);
  expect((await of.recording().state()).failingSince).toBeNull();
  faulty.set(folder, 'none');
  await until('the disk to be back', async () => (await stateOf(of, 1))?.state === 'in-use');
  expect(faulty.hanging()).toBe(0);
  await expectLittleLost(of, await places(of), 1);
});

test('a disk that comes near its reserve is left where segments end: not one is lost', async () => {
  const room = { bytes: Number.MAX_SAFE_INTEGER };
  const folder = { a: '' };
  const of = await bench({
    cameras: 4,
    fs: {
      ...systemFs,
      freeBytes: async (path) => (path.startsWith(folder.a) ? room.bytes : 2 ** 40),
    },
    // Held, or retention would make room.
    more: {
      held: async () =>
        [1, 2, 3, 4].map((num) => ({ cameraId: `cam-${num}`, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })),
    },
    minFreeBytes: 4_000_000,
  });
  folder.a = of.mounts.a;
  await of.recording().start();
  await of.feed();
  const feeding = of.feed();
  room.bytes = 900_000;
  await of.recording().lookAfterDisks();
  await feeding;
  expect(await stateOf(of, 1)).toMatchObject({ state: 'full', reason: 'no-room' });
  await of.feed();
  for (const { id } of of.setups) expect(await of.missing(id)).toEqual([]);
});
