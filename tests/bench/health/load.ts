import { setTimeout as pause } from 'node:timers/promises';
import { type BenchBroker, startBroker } from './broker.ts';
import type { BenchCity, CityDevice } from './city.ts';
import { type CityHub, startCityHub } from './hub.ts';
import type { HealthOptions } from './options.ts';
import { type Publisher, startPublisher } from './publisher.ts';

/** Every device of 170,000 each half minute. */
export const USUAL_RATE = 5_700;

export interface LoadedHub {
  hub: CityHub;
  broker: BenchBroker;
  publisher: Publisher;
  stop(): Promise<void>;
}

/** A hub at a real mosquitto, with the usual load of all devices but `spared`, every one of which was heard once. */
export async function startLoadedHub(
  options: HealthOptions,
  city: BenchCity,
  spared: ReadonlySet<string> = new Set(),
): Promise<LoadedHub> {
  const broker = await startBroker();
  const stops: (() => Promise<unknown>)[] = [() => broker.stop()];
  const stop = async () => {
    for (const step of stops.reverse()) await step();
  };
  try {
    const hub = await startCityHub(city, options, broker.url);
    stops.push(() => hub.stop());
    const publisher = await startPublisher(hub.hub.dataDir, without(city.devices, spared), {
      ...{ port: broker.port, qos: 0, rate: 4 * USUAL_RATE },
    });
    stops.push(() => publisher.stop());
    await untilTaken(hub, city.devices.length - spared.size);
    publisher.rate(rateFor(city));
    return { hub, broker, publisher, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The usual rate, less in a smaller city: no device may say more than a sound one. */
export const rateFor = ({ devices }: Pick<BenchCity, 'devices'>, rate = USUAL_RATE): number =>
  Math.min(rate, devices.length * 2);

export const without = (devices: readonly CityDevice[], spared: ReadonlySet<string>): CityDevice[] =>
  devices.filter(({ id }) => !spared.has(id));

/** @throws Error when the hub did not take so many messages in two minutes */
export async function untilTaken(hub: CityHub, count: number): Promise<void> {
  const end = performance.now() + 120_000;
  while ((await hub.messages()) < count) {
    if (performance.now() > end) throw new Error(`the hub did not take ${count} messages`);
    await pause(200);
  }
}

/** Cameras far from each other in the list, each below another switch and with a name of its own. */
export function someCameras(city: BenchCity, count: number): CityDevice[] {
  const parents = new Set<string | null>();
  const names = new Map<string, number>();
  for (const { name } of city.devices) names.set(name, (names.get(name) ?? 0) + 1);
  const own = city.devices.filter(({ kind, parentId, name }) => {
    if (kind !== 'camera' || parents.has(parentId) || names.get(name) !== 1) return false;
    parents.add(parentId);
    return true;
  });
  return Array.from({ length: count }, (_, i) => own[Math.floor((i * own.length) / count)]).flatMap(
    (device) => device ?? [],
  );
}

/** So many cameras from all over the list. */
export function someDevices(city: BenchCity, count: number): CityDevice[] {
  const cameras = city.devices.filter(({ kind }) => kind === 'camera');
  const most = Math.min(count, Math.floor(cameras.length / 2));
  return Array.from({ length: most }, (_, i) => cameras[Math.floor((i * cameras.length) / most)]).flatMap(
    (device) => device ?? [],
  );
}
