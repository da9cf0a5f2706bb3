import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../main/base/clock.ts';
import { createEventBus } from '../../main/base/event-bus.ts';
import { createLogger } from '../../main/base/logging.ts';
import type { HubEvents } from '../../main/contract/hub-events.ts';
import type { CameraSetup } from '../../main/devices/types.ts';
import { createRecording } from '../../main/recording/recording.ts';
import { openStorage } from '../../main/storage/database.ts';
import { createArchive } from '../../main/video/archive.ts';
import { createVideo } from '../../main/video/video.ts';

export const camera = (
  id: string,
  num: number,
  url: string,
  more: Partial<CameraSetup> & { user?: string; password?: string; secondUrl?: string } = {},
): CameraSetup => ({
  id,
  num,
  recorded: more.recorded ?? true,
  retentionDays: null,
  source: { url, user: more.user ?? null, password: more.password ?? null },
  second: more.secondUrl === undefined ? null : { url: more.secondUrl, user: null, password: null },
  sound: more.sound ?? true,
  soundHint: more.soundHint ?? null,
});

export interface VideoBenchOptions {
  dataDir?: string;
  recordings?: string;
  lingerMs?: number;
  limits?: { defaultDays?: number; maxBytes?: number | null; minFreeBytes?: number };
  ffmpegPath?: string;
}

/** The recording and video rooms on a data folder of their own, with a registry that is a plain map. */
export async function openVideoBench(setups: CameraSetup[], options: VideoBenchOptions = {}) {
  const own = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'kalancha-video-')));
  const storage = await openStorage(dataDir);
  const errors: unknown[] = [];
  const bus = createEventBus<HubEvents>((name, error) => errors.push({ name, error }));
  const log = createLogger(process.env.TEST_LOG ?? 'silent');
  const registry = new Map(setups.map((setup) => [setup.id, setup]));
  const recording = createRecording({
    db: storage.db,
    disks: [
      {
        folder: options.recordings ?? join(dataDir, 'recordings'),
        maxBytes: options.limits?.maxBytes ?? null,
        minFreeBytes: options.limits?.minFreeBytes ?? 0,
      },
    ],
    clock: systemClock,
    log,
    bus,
    defaultDays: options.limits?.defaultDays ?? 5,
    ownDays: async () =>
      new Map(
        [...registry.values()].flatMap(({ id, retentionDays }) =>
          retentionDays ? [[id, retentionDays]] : [],
        ),
      ),
    cameraIdOf: (num) => [...registry.values()].find((setup) => setup.num === num)?.id,
  });
  const findings = await recording.start();
  const video = createVideo({
    recording,
    devices: {
      camera: async (id) => registry.get(id),
      rememberSound: async (id, hint) => {
        const setup = registry.get(id);
        if (setup) registry.set(id, { ...setup, soundHint: hint });
      },
      camerasWithStream: async () => [...registry.values()].filter((setup) => setup.source),
    },
    clock: systemClock,
    log,
    bus,
    ffmpegPath: options.ffmpegPath ?? 'ffmpeg',
    allowFiles: true,
    ...(options.lingerMs === undefined ? {} : { lingerMs: options.lingerMs }),
  });
  await video.start();
  let closed = false;
  return {
    dataDir,
    storage,
    bus,
    log,
    registry,
    recording,
    archive: createArchive(recording),
    video,
    findings,
    errors,
    async close(): Promise<void> {
      if (closed) return;
      closed = true;
      await video.stop();
      await recording.stop();
      await storage.stop();
      if (own) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type VideoBench = Awaited<ReturnType<typeof openVideoBench>>;

/**
 * Looks again and again until `check` gives something; fails with `what` after `timeoutMs`, which only ends a test that
 * fails: a busy machine is given its time.
 */
export async function until<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const result = await check();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
