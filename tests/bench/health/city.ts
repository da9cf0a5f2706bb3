import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { generateCity } from '../../../fixtures/city/city.ts';
import { systemClock } from '../../../main/base/clock.ts';
import { createEventBus } from '../../../main/base/event-bus.ts';
import { createLogger } from '../../../main/base/logging.ts';
import type { DeviceKind } from '../../../main/contract/device.ts';
import type { HubEvents } from '../../../main/contract/hub-events.ts';
import { createDeviceRegistry } from '../../../main/devices/registry.ts';
import { loadSealingKey } from '../../../main/devices/sealing.ts';
import { openStorage } from '../../../main/storage/database.ts';
import { benchFolder } from '../broken-off.ts';

export interface CityDevice {
  id: string;
  kind: DeviceKind;
  /** Of the switch it hangs on; null for switches. */
  parentId: string | null;
  name: string;
  lat: number;
  lon: number;
}

export interface BenchCity {
  devices: readonly CityDevice[];
  /** A data folder of its own whose registry holds the city, and how to be rid of it. */
  copy(): { dir: string; remove(): void };
  remove(): void;
}

const POINTS_A_CAMERA = 3_000 / 167_000;

/** The devices of a city in which cameras, access points and switches together are about `count`. */
export function cityOf(count: number) {
  // One switch in about forty devices.
  const ends = Math.max(20, Math.round(count * 0.976));
  const accessPoints = Math.max(4, Math.round(ends * POINTS_A_CAMERA));
  return generateCity({ seed: 1, cameras: Math.max(10, ends - accessPoints), accessPoints, scenesUrl: null });
}

/** Fills a registry once, in the hub's own code but without a hub; each part of the bench gets a copy. */
export async function prepareCity(count: number): Promise<BenchCity> {
  const { dir, remove } = benchFolder('bench-city');
  const city = cityOf(count);
  const clock = systemClock;
  const { db, stop } = await openStorage(dir);
  const registry = await createDeviceRegistry({
    ...{ db, clock, log: createLogger('error'), sealingKey: loadSealingKey(join(dir, 'sealing.key')) },
    bus: createEventBus<HubEvents>((name, error) => {
      throw new Error(`a listener of ${String(name)} failed`, { cause: error });
    }),
  });
  const devices: CityDevice[] = [];
  function* noted() {
    for (const device of city.devices) {
      const { id, kind, parentId, name, lat, lon } = device;
      devices.push({ id, kind, parentId, name, lat, lon });
      // What is measured is health: nothing is recorded.
      yield { ...device, recorded: false };
    }
  }
  await registry.seed(city.areas, city.groups, noted());
  await stop();
  return {
    devices,
    copy() {
      const own = benchFolder('bench');
      cpSync(dir, own.dir, { recursive: true });
      return own;
    },
    remove,
  };
}
