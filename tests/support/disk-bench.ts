import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../main/base/clock.ts';
import { createEventBus } from '../../main/base/event-bus.ts';
import { createLogger } from '../../main/base/logging.ts';
import type { HubEvents } from '../../main/contract/hub-events.ts';
import type { DiskStatus } from '../../main/contract/recording.ts';
import { type FootageFs, systemFs } from '../../main/recording/disks/footage-fs.ts';
import { createRecording, type RecordingOptions } from '../../main/recording/recording.ts';
import type { ArchiveWriter } from '../../main/recording/types.ts';
import { openStorage } from '../../main/storage/database.ts';
import { expectedFootage, partsServed } from './expected-footage.ts';
import { writeFootage } from './written-footage.ts';

const START = Date.UTC(2026, 0, 15, 9, 0, 0);

export interface DiskBenchOptions {
  cameras: number;
  fs?: FootageFs;
  more?: Partial<RecordingOptions>;
  minFreeBytes?: number;
}

/** Recording on two disks, `a` and `b`, fed as fast as they take it; knows what should be there. */
export async function openDiskBench(
  mp4: Buffer,
  { cameras, fs = systemFs, more = {}, minFreeBytes = 0 }: DiskBenchOptions,
) {
  const root = await mkdtemp(join(tmpdir(), 'kalancha-disks-'));
  const mounts = { a: join(root, 'a'), b: join(root, 'b') };
  await mkdir(mounts.a);
  await mkdir(mounts.b);
  const storage = await openStorage(root);
  const bus = createEventBus<HubEvents>((_name, error) => {
    throw error;
  });
  const told: DiskStatus[] = [];
  bus.on('recording.disk', (status) => told.push(status));
  const setups = Array.from({ length: cameras }, (_, i) => ({ id: `cam-${i + 1}`, num: i + 1 }));
  const expected = new Map(setups.map(({ id }) => [id, new Map<number, Buffer[]>()]));
  const open = () =>
    createRecording({
      db: storage.db,
      disks: [mounts.a, mounts.b].map((folder) => ({
        folder: join(folder, 'footage'),
        maxBytes: null,
        minFreeBytes,
      })),
      clock: systemClock,
      log: createLogger(process.env.TEST_LOG ?? 'silent'),
      bus,
      defaultDays: 36_500,
      ownDays: async () => new Map(),
      cameraIdOf: (num) => setups.find((setup) => setup.num === num)?.id,
      fs,
      ...more,
    });
  let recording = open();
  let writers: ArchiveWriter[] = [];
  let batch = 0;

  /** One batch of footage of every camera; resolves when all of it was taken or given up. */
  async function feed(): Promise<void> {
    batch += 1;
    writers = setups.map((setup) => recording.writer(setup, 'main'));
    for (const [i, { id, num }] of setups.entries()) {
      const startMs = START + batch * 100_000 + num * 7;
      const writer = writers[i];
      if (writer) writeFootage(writer, mp4, startMs, batch * 100);
      for (const [msn, parts] of expectedFootage(mp4, startMs, batch * 100))
        expected.get(id)?.set(msn, parts);
    }
    await Promise.all(writers.map((writer) => writer.close()));
    await recording.flush();
  }

  return {
    mounts,
    told,
    feed,
    setups,
    storage,
    recording: () => recording,
    async restart() {
      await recording.stop();
      recording = open();
      return recording.start();
    },
    /** Places of the disks, from 1, on which a camera's footage stands. */
    async placesOf(cameraId: string): Promise<number[]> {
      const spans = await recording.spans(cameraId, 'main', 0, Number.MAX_SAFE_INTEGER);
      // Numbers go to disks as they are met, and both are looked at together: the folder tells the place.
      const disks = await storage.db.selectFrom('recording_disk').select(['num', 'folder']).execute();
      const place = new Map(
        disks.map(({ num, folder }) => [num, folder?.startsWith(mounts.b) ? 2 : 1] as const),
      );
      return [...new Set(spans.map((span) => place.get(span.disk ?? 0) ?? 0))].sort();
    },
    /** Segments of a camera that are not there. Throws when one is served that was never written so. */
    async missing(cameraId: string): Promise<number[]> {
      const spans = await recording.spans(cameraId, 'main', 0, Number.MAX_SAFE_INTEGER);
      const found = new Map(spans.flatMap((span) => span.segments).map((one) => [one.msn, one]));
      const missing: number[] = [];
      for (const [msn, parts] of expected.get(cameraId) ?? []) {
        const segment = found.get(msn);
        if (!segment) {
          missing.push(msn);
          continue;
        }
        const count = partsServed(await recording.read(segment), parts);
        if (count === undefined) throw new Error(`${cameraId} ${msn}: something else is served`);
        if (count < parts.length) missing.push(msn);
      }
      return missing;
    },
    async close(): Promise<void> {
      await recording.stop();
      await storage.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export type DiskBench = Awaited<ReturnType<typeof openDiskBench>>;
