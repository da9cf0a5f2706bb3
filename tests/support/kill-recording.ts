import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { systemClock } from '../../main/base/clock.ts';
import { createEventBus } from '../../main/base/event-bus.ts';
import { createLogger } from '../../main/base/logging.ts';
import type { HubEvents } from '../../main/contract/hub-events.ts';
import { createRecording } from '../../main/recording/recording.ts';
import type { Database } from '../../main/storage/tables.ts';

export const killCameras = [1, 2, 3].map((num) => ({ id: `cam-${num}`, num }));
export const killDisks = (dataDir: string) => ['a', 'b'].map((name) => join(dataDir, name));

/** So that both sides know what footage a number has: its time follows from it, each camera's is its own. */
export const startOf = (num: number, msn: number): number => Date.UTC(2026, 0, 15) + msn * 2_000 + num * 7;

/** Three cameras on two small disks, as the killed process and the one that checks both open it. */
export function openKillRecording(db: Kysely<Database>, dataDir: string) {
  const bus = createEventBus<HubEvents>((_name, error) => {
    throw error;
  });
  const recording = createRecording({
    db,
    disks: killDisks(dataDir).map((folder) => ({ folder, maxBytes: 1_500_000, minFreeBytes: 0 })),
    clock: systemClock,
    log: createLogger('silent'),
    bus,
    // Its footage is of a day long past: only the byte limit may delete it.
    defaultDays: 36_500,
    ownDays: async () => new Map(),
    cameraIdOf: (num) => killCameras.find((camera) => camera.num === num)?.id,
  });
  return { recording, bus };
}
