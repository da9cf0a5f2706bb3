import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Decision, PersonGate, Viewer } from '../../main/access/types.ts';
import { createAudit } from '../../main/audit/audit.ts';
import type { AuditStore } from '../../main/audit/types.ts';
import type { Clock } from '../../main/base/clock.ts';
import { createEventBus, type EventBus } from '../../main/base/event-bus.ts';
import { createLogger } from '../../main/base/logging.ts';
import type { Action } from '../../main/contract/access.ts';
import type { VideoExport } from '../../main/contract/export.ts';
import type { HubEvents } from '../../main/contract/hub-events.ts';
import type { DeviceRecord } from '../../main/devices/types.ts';
import { createCityTime } from '../../main/export/city-time.ts';
import { createExports, type Exports } from '../../main/export/exports.ts';
import type { ExportMaker } from '../../main/export/make-export.ts';
import { exportKeyFile, openExportKey } from '../../main/export/signing.ts';
import { createSnapshots, type LiveGroup, type Snapshots } from '../../main/export/snapshot.ts';
import { createJobs } from '../../main/jobs/jobs.ts';
import { createRecording } from '../../main/recording/recording.ts';
import type { BreakReason, Recording } from '../../main/recording/types.ts';
import { openStorage } from '../../main/storage/database.ts';
import { createFmp4Reader } from '../../main/video/fmp4-reader.ts';
import { writeFootage } from './written-footage.ts';

const run = promisify(execFile);

/** The room of exports over a real recording, database, log and ffmpeg; rights are the test's. */
export interface ExportRoom {
  dir: string;
  clock: Clock;
  bus: EventBus<HubEvents>;
  recording: Recording;
  exports: Exports;
  snapshots: Snapshots;
  maker: ExportMaker;
  audit: AuditStore;
  /** What the camera sends just now. */
  live: ReturnType<LiveGroup>;
  /** What nobody may do just now. */
  denied: Set<Action>;
  record(
    mp4: Buffer,
    startMs: number,
    firstMsn: number,
    more?: { sound?: true; reason?: BreakReason },
  ): Promise<void>;
  ended(id: string): Promise<VideoExport>;
  /** Lets days pass at once. */
  skip(ms: number): void;
  /** Stops as a hub does, and opens all anew on the same data. */
  reopen(): Promise<void>;
  stop(): Promise<void>;
}

export const CAMERA = 'cam-1';
export const ANN: Viewer = {
  ...{ sessionId: 's', personId: 'ann', name: "Анна О'Нил: [a];%{pts}", login: 'ann', from: '127.0.0.1' },
};
const device = { id: CAMERA, num: 1, kind: 'camera' } as DeviceRecord;

/** A file as fragmented MP4, a fragment a frame, as a camera session's ffmpeg writes it. */
export async function fragmented(file: string, more: readonly string[] = []): Promise<Buffer> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-nostdin', '-loglevel', 'error', '-i', file, '-map', '0:v', '-c', 'copy', ...more],
      ...['-f', 'mp4', '-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 },
  );
  return stdout;
}

/** A plain grey picture, ten frames a second, a keyframe each two seconds, as fragmented MP4. */
export async function greyFootage(seconds: number): Promise<Buffer> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', `color=c=gray:s=640x480:r=10:d=${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '20', '-pix_fmt', 'yuv420p'],
      ...['-f', 'mp4', '-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 16 * 1024 * 1024 },
  );
  return stdout;
}

/** The init segment of fragmented MP4, then fragment by fragment. */
export function fragmentsOf(mp4: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  const reader = createFmp4Reader({
    init: (bytes) => pieces.push(Buffer.from(bytes)),
    fragment: (bytes) => pieces.push(Buffer.from(bytes)),
  });
  reader.push(mp4);
  return pieces;
}

/** A tone as fragmented MP4. */
export async function fragmentedTone(seconds: number): Promise<Buffer> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`],
      ...['-c:a', 'aac', '-f', 'mp4'],
      ...['-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 16 * 1024 * 1024 },
  );
  return stdout;
}

export async function openExportRoom(
  options: { quotaBytes?: number; ffmpegPath?: string } = {},
): Promise<ExportRoom> {
  const dir = mkdtempSync(join(tmpdir(), 'kalancha-export-'));
  const denied = new Set<Action>();
  let skipped = 0;
  const clock: Clock = { now: () => Date.now() + skipped, monotonic: () => performance.now() };
  let close: () => Promise<void> = () => Promise.resolve();

  async function open() {
    const log = createLogger('silent');
    const bus = createEventBus<HubEvents>((_name, error) => {
      throw error;
    });
    const storage = await openStorage(dir);
    const { db } = storage;
    const audit = await createAudit({ db, clock, log, keyFile: join(dir, 'audit-key.pem') });
    const jobs = await createJobs({ db, clock, bus, log });
    const recording = createRecording({
      ...{ db, clock, log, bus },
      disks: [{ folder: join(dir, 'footage'), maxBytes: null, minFreeBytes: 0 }],
      defaultDays: 3650,
      ownDays: () => Promise.resolve(new Map()),
      cameraIdOf: () => CAMERA,
    });
    await recording.start();
    const may = (action: Action): Decision =>
      denied.has(action) ? { allowed: false, reason: 'no-grant' } : { allowed: true };
    const personGate: PersonGate = {
      person: (id) => ({ id, login: 'ann', name: ANN.name, unit: 'Отдел', number: "12'3" }),
      may: (_person, action) => may(action),
    };
    const maker: ExportMaker = {
      footage: recording,
      ffmpegPath: options.ffmpegPath ?? 'ffmpeg',
      key: openExportKey(exportKeyFile(dir)),
      hub: { id: 'hub-1', version: '0', city: 'moscow', timeZone: 'Europe/Moscow' },
      cityTime: createCityTime('Europe/Moscow'),
      now: clock.now,
    };
    const exports = createExports({
      ...{ db, clock, bus, log, audit, personGate, jobs, maker },
      devices: { get: (id) => (id === CAMERA ? device : undefined) },
      describeCamera: () => Promise.resolve({ name: "Двор 'дом 1': вход; 100%", address: 'Тверская, 1' }),
      folder: join(dir, 'exports'),
      quotaBytes: options.quotaBytes ?? 1e9,
      keepDays: 3,
    });
    await exports.start();
    close = async () => {
      await jobs.stop();
      await exports.stop();
      await recording.stop();
      await audit.stop();
      await storage.stop();
    };
    return { bus, recording, exports, maker, audit, snapshots: createSnapshots(maker, () => room.live) };
  }

  const room: ExportRoom = {
    ...{ dir, clock, denied, live: null },
    ...(await open()),
    async record(mp4, startMs, firstMsn, { sound, reason = 'stream-lost' } = {}) {
      const writer = room.recording.writer({ id: CAMERA, num: 1 }, sound ? 'sound' : 'main');
      writeFootage(writer, mp4, startMs, firstMsn, reason);
      await writer.close();
      await room.recording.flush();
    },
    async ended(id) {
      for (;;) {
        const item = room.exports.get(id, ANN.personId);
        if (item.state !== 'waiting' && item.state !== 'running') return item;
        await new Promise((resolve) => room.bus.on('job.changed', resolve));
      }
    },
    skip(ms) {
      skipped += ms;
    },
    async reopen() {
      await close();
      Object.assign(room, await open());
    },
    async stop() {
      await close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return room;
}
