import { join } from 'node:path';
import { generateCity } from '../../fixtures/city/city.ts';
import type { CitySize } from '../../fixtures/fleet/devices.ts';
import { systemClock } from '../../main/base/clock.ts';
import { createEventBus } from '../../main/base/event-bus.ts';
import { createLogger } from '../../main/base/logging.ts';
import type { HubEvents } from '../../main/contract/hub-events.ts';
import { createDeviceRegistry } from '../../main/devices/registry.ts';
import { loadSealingKey } from '../../main/devices/sealing.ts';
import { openStorage } from '../../main/storage/database.ts';
import { temporaryFolder } from './hub-process.ts';

/** A data folder whose registry holds a demonstration city, nothing of it recorded: a hub on it hears the same fleet. */
export async function cityFolder(name: string, size: CitySize): Promise<{ dir: string; remove(): void }> {
  const folder = temporaryFolder(name);
  const { db, stop } = await openStorage(folder.dir);
  const registry = await createDeviceRegistry({
    ...{ db, clock: systemClock, log: createLogger('error') },
    sealingKey: loadSealingKey(join(folder.dir, 'sealing.key')),
    bus: createEventBus<HubEvents>((event, error) => {
      throw new Error(`a listener of ${String(event)} failed`, { cause: error });
    }),
  });
  const city = generateCity({ ...size, scenesUrl: null });
  function* silent() {
    for (const device of city.devices) yield { ...device, recorded: false };
  }
  await registry.seed(city.areas, city.groups, silent());
  await stop();
  return folder;
}
