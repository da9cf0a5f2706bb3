import type { PersonGate } from '../access/types.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import { type CopyOf, type Refused, refusalOf } from './rights.ts';
import { freeBytes, KEEP_FREE_BYTES, noRoom } from './room.ts';

/** Rights are looked at this often beside being told of changes: time ends them too. Disk room, this often. */
const RIGHTS_EVERY_MS = 250;
const ROOM_EVERY_MS = 1_000;

export interface GuardOptions {
  personGate: PersonGate;
  devices: Pick<DeviceRegistry, 'get'>;
  bus: EventBus<HubEvents>;
  clock: Clock;
  folder: string;
}

/** Watches over one export in the making. Its signal aborts, with what to say, when it must not go on. */
export interface RunningGuard {
  signal: AbortSignal;
  done(): void;
}

export function guardExport(
  { personGate, devices, bus, clock, folder }: GuardOptions,
  ownerId: string,
  copy: CopyOf,
  neededBytes: number,
): RunningGuard {
  const ended = new AbortController();
  const look = () => {
    const refused = refusalOf(copy, clock.now(), devices, (action, device, at) =>
      personGate.may(ownerId, action, device, at),
    );
    if (refused) ended.abort(rightEnded(refused));
  };
  const off = bus.on('rights.changed', look);
  const looking = setInterval(look, RIGHTS_EVERY_MS);
  const measuring = setInterval(() => {
    freeBytes(folder).then(
      (free) => {
        if (free < KEEP_FREE_BYTES) ended.abort(noRoom(neededBytes, 0));
      },
      (error: unknown) => ended.abort(error),
    );
  }, ROOM_EVERY_MS);
  look();
  return {
    signal: ended.signal,
    done() {
      off();
      clearInterval(looking);
      clearInterval(measuring);
    },
  };
}

export const rightEnded = ({ cameraId, action, reason }: Refused) =>
  new AppError(
    'export-right-ended',
    403,
    `The right ${action} ended while the export was made (${reason}), so it was stopped and nothing was kept.`,
    { action, reason, camera: cameraId },
  );
