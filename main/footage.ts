import type { Clock } from './base/clock.ts';
import { messageOf } from './base/errors.ts';
import type { EventBus } from './base/event-bus.ts';
import type { Logger } from './base/logging.ts';
import { footageFolders, type HubConfig } from './config.ts';
import type { Monitoring } from './contract/health.ts';
import type { HubEvents } from './contract/hub-events.ts';
import type { DeviceRegistry } from './devices/types.ts';
import { recorderTrouble } from './recorder-trouble.ts';
import { heldStretches } from './recording/hold-store.ts';
import { createRecording } from './recording/recording.ts';
import type { Recording } from './recording/types.ts';
import type { Storage } from './storage/database.ts';
import { type Archive, createArchive } from './video/archive.ts';
import { createVideo, type Video } from './video/video.ts';

const STATE_EVERY_MS = 2_000;

export interface FootageOptions {
  config: HubConfig;
  db: Storage['db'];
  devices: DeviceRegistry;
  clock: Clock;
  log: Logger;
  bus: EventBus<HubEvents>;
}

export interface Footage {
  recording: Recording;
  video: Video;
  archive: Archive;
  /** What the recording side says of itself, at most some seconds old. */
  recorder(): Monitoring['recorder'];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Recording and video as they work together: one store, the cameras that fill it, and how both are doing. */
export function createFootage({ config, db, devices, clock, log, bus }: FootageOptions): Footage {
  const recording = createRecording({
    db,
    disks: footageFolders(config),
    clock,
    log,
    bus,
    defaultDays: config.recording.retentionDays,
    ownDays: () => devices.retentionDays(),
    cameraIdOf: (num) => devices.byNum(num)?.id,
    held: heldStretches,
  });
  const video = createVideo({
    recording,
    devices,
    clock,
    log,
    bus,
    ffmpegPath: config.video.ffmpeg,
    allowFiles: config.demoMode,
  });
  let state: Monitoring['recorder'] = {
    failingSince: null,
    error: null,
    cameras: 0,
    recording: 0,
    freeBytes: null,
    disks: [],
  };
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const { failingSince, problem, freeBytes, disks } = await recording.state();
    const counts = video.counts();
    const told = state;
    state = {
      failingSince,
      error: recorderTrouble(disks, failingSince, problem),
      ...counts,
      freeBytes,
      // Folders and what the system said are for who configures it.
      disks: disks.map(({ place, state, reason, since, roomHours }) => ({
        ...{ place, state, reason, since, roomHours },
      })),
    };
    if (
      told.failingSince !== failingSince ||
      disks.some(
        (disk, at) => told.disks[at]?.since !== disk.since || told.disks[at]?.state !== disk.state,
      ) ||
      told.cameras !== state.cameras ||
      told.recording !== state.recording
    )
      bus.emit('monitoring.changed', undefined);
  }

  return {
    recording,
    video,
    archive: createArchive(recording),
    recorder: () => state,
    async start() {
      await recording.start();
      await video.start();
      timer = setInterval(() => {
        look().catch((error: unknown) =>
          log.error({ err: messageOf(error) }, 'the state of the recorder could not be read'),
        );
      }, STATE_EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await video.stop();
      await recording.stop();
    },
  };
}
