import { join } from 'node:path';
import type { Access } from './access/access.ts';
import type { AuditStore } from './audit/types.ts';
import type { Clock } from './base/clock.ts';
import type { EventBus } from './base/event-bus.ts';
import type { Logger } from './base/logging.ts';
import type { HubConfig } from './config.ts';
import type { ExportPublicKey } from './contract/export.ts';
import type { HubEvents } from './contract/hub-events.ts';
import type { DeviceRegistry, StatusLookup } from './devices/types.ts';
import { createCityTime } from './export/city-time.ts';
import { createExports, type Exports } from './export/exports.ts';
import type { ExportMaker } from './export/make-export.ts';
import { exportKeyFile, openExportKey } from './export/signing.ts';
import { createSnapshots, type LiveGroup, type Snapshots } from './export/snapshot.ts';
import type { Person } from './export/types.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { Recording } from './recording/types.ts';
import type { Storage } from './storage/database.ts';
import { version } from './version.ts';
import type { Video } from './video/video.ts';

export interface ExportingOptions {
  config: HubConfig;
  hubId: string;
  db: Storage['db'];
  clock: Clock;
  log: Logger;
  bus: EventBus<HubEvents>;
  audit: AuditStore;
  access: Pick<Access, 'personGate'>;
  devices: DeviceRegistry;
  statuses: StatusLookup;
  recording: Recording;
  video: Pick<Video, 'feed'>;
  jobs: Jobs;
}

/** Copies that leave the hub, and the key that they are signed with. */
export interface Exporting {
  /** What routes need of it. */
  services: {
    exports: Exports;
    snapshots: Snapshots;
    exportKey: ExportPublicKey;
    personOf(id: string): Person | undefined;
    describeCamera(cameraId: string): Promise<{ name: string; address: string } | undefined>;
  };
  start(): Promise<void>;
  /** Ends background work too: what is being made reads footage, so it must end before that does. */
  stop(): Promise<void>;
}

/** @throws AppError `export-key-broken` */
export function createExporting(options: ExportingOptions): Exporting {
  const { config, hubId, db, clock, log, bus, audit, access, devices, recording, video, jobs } = options;
  const key = openExportKey(exportKeyFile(config.dataDir));
  const maker: ExportMaker = {
    footage: recording,
    ffmpegPath: config.video.ffmpeg,
    key,
    hub: { id: hubId, version, city: config.city.id, timeZone: config.city.timeZone },
    cityTime: createCityTime(config.city.timeZone),
    now: clock.now,
  };
  const describeCamera: Exporting['services']['describeCamera'] = async (cameraId) => {
    const device = await devices.device(cameraId, options.statuses);
    return device && { name: device.name, address: device.address };
  };
  const { personGate } = access;
  const exports = createExports({
    ...{ db, clock, bus, log, audit, devices, describeCamera, personGate, jobs, maker },
    folder: config.export.dir ?? join(config.dataDir, 'exports'),
    quotaBytes: config.export.maxBytes,
    keepDays: config.export.keepDays,
  });
  const { publicKey, fingerprint } = key;
  return {
    services: {
      exports,
      snapshots: createSnapshots(maker, (cameraId) => liveGroup(video, cameraId)),
      exportKey: { hubId, algorithm: 'Ed25519', publicKey, fingerprint },
      personOf: (id) => personGate.person(id),
      describeCamera,
    },
    async start() {
      if (key.made)
        await audit.record({
          kind: 'export.key-made',
          person: null,
          from: '',
          subject: hubId,
          data: { fingerprint },
        });
      await exports.start();
    },
    async stop() {
      await jobs.stop();
      await exports.stop();
    },
  };
}

const deaf = { onInit: () => undefined, onFragment: () => undefined, onEnd: () => undefined };

/** What a running camera shows just now. */
function liveGroup(video: Pick<Video, 'feed'>, cameraId: string): ReturnType<LiveGroup> {
  const { gop, close } = video.feed(cameraId, 'main', deaf);
  close();
  const first = gop?.fragments[0];
  if (!gop || !first) return null;
  return { init: gop.init.bytes, fragments: gop.fragments.map(({ bytes }) => bytes), startMs: first.utcMs };
}
