import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { type ManualClock, manualClock } from '../../main/base/clock.ts';
import { createEventBus } from '../../main/base/event-bus.ts';
import { createLogger } from '../../main/base/logging.ts';
import type { HubEvents } from '../../main/contract/hub-events.ts';
import { type FootageFs, systemFs } from '../../main/recording/disks/footage-fs.ts';
import type { HeldStretch } from '../../main/recording/held.ts';
import { createRecording } from '../../main/recording/recording.ts';
import type { Recording } from '../../main/recording/types.ts';
import { openStorage, type Storage } from '../../main/storage/database.ts';
import { testFmp4 } from './fmp4.ts';
import { writeFootage } from './written-footage.ts';

export const DAY = 86_400_000;

interface Limits {
  maxBytes?: number;
  minFreeBytes?: number;
  fs?: FootageFs;
}

/** A recording room on one disk, anew for each test of the file that calls this, with a clock turned by hand. */
export function recordingRoom() {
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
  return {
    /** Eight seconds of pictures, four segments. */
    get mp4(): Buffer {
      return mp4;
    },
    get storage(): Storage {
      return storage;
    },
    get clock(): ManualClock {
      return clock;
    },
    /** After `reopen` another one. */
    get recording(): Recording {
      return recording;
    },
    /** What holds keep; a test may change it. */
    get held(): HeldStretch[] {
      return held;
    },
    get written(): HubEvents['recording.written'][] {
      return written;
    },
    folder,
    /** As after a restart; answers what the start found. */
    async reopen(limits: Limits = {}) {
      await recording.stop();
      recording = open(limits);
      return recording.start();
    },
    /** Records eight seconds (four segments) of a camera at a time. */
    async record(cameraId: string, num: number, startMs: number, firstMsn: number): Promise<void> {
      const writer = recording.writer({ id: cameraId, num }, 'main');
      writeFootage(writer, mp4, startMs, firstMsn);
      await writer.close();
      await recording.flush();
    },
    files: async () =>
      (await readdir(folder(), { recursive: true })).filter((name) => name.endsWith('.mp4')).sort(),
  };
}
