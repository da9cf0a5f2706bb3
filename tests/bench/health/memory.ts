import { atMost, type Figure, percentile } from '../figures.ts';
import { memoryBytes, pause } from '../video/proc.ts';
import type { BenchCity } from './city.ts';
import { type CityHub, startCityHub } from './hub.ts';
import { rateFor, someDevices, startLoadedHub } from './load.ts';
import type { HealthOptions } from './options.ts';
import { startSwarm } from './swarm.ts';

const CONNECTIONS_A_SECOND = 700;
const SETTLING_MS = 20_000;
/** How much more a hub may use in the last quarter of the time than in the second one and still be called flat. */
const FLAT = 1.05;

/** Memory of the hub over `ms`, bytes, read each second. */
async function watched(hub: CityHub, ms: number): Promise<number[]> {
  const values: number[] = [];
  for (const end = performance.now() + ms; performance.now() < end; await pause(1_000))
    values.push(memoryBytes(hub.hub.pid).pss);
  return values;
}

/** What a hub uses that hears a whole city at the usual load, and how that grows. */
async function ofCity(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const loaded = await startLoadedHub(options, city);
  try {
    // Every device was heard once; two more rounds of everybody, then it has what it needs.
    await pause(60_000);
    const values = await watched(loaded.hub, (options.minutes * 60_000) / 2);
    const quarter = Math.max(1, Math.floor(values.length / 4));
    const early = percentile(values.slice(quarter, 2 * quarter), 0.5);
    const late = percentile(values.slice(-quarter), 0.5);
    const megabytes = (bytes: number) => bytes / 1e6;
    return [
      {
        ...atMost(
          `memory of the hub with ${city.devices.length} devices at the usual load`,
          megabytes(percentile(values, 1)),
          'MB',
          500,
          'proportional set size, the most of all readings',
        ),
        note: `half of the readings below ${megabytes(percentile(values, 0.5)).toFixed(0)} MB`,
      },
      atMost(
        `the same, flat: last quarter of ${options.minutes / 2} min to the second`,
        late / early,
        'x',
        FLAT,
        `${megabytes(early).toFixed(0)} MB, then ${megabytes(late).toFixed(0)} MB`,
      ),
    ];
  } finally {
    await loaded.stop();
  }
}

/** What each connection to the embedded broker costs. */
async function ofConnections(options: HealthOptions, city: BenchCity): Promise<Figure> {
  const hub = await startCityHub(city, options);
  try {
    await pause(SETTLING_MS);
    const before = percentile(await watched(hub, 5_000), 0.5);
    const devices = someDevices(city, options.connections);
    const swarm = await startSwarm(hub.hub.dataDir, devices, {
      ...{ port: hub.hub.mqttPort, perSecond: CONNECTIONS_A_SECOND, spreadMs: 10_000 },
    });
    try {
      await swarm.untilBorn(devices.length, 120_000);
      await pause(2 * SETTLING_MS);
      const after = percentile(await watched(hub, 5_000), 0.5);
      return {
        ...atMost(
          `memory a connection, ${devices.length} with Wills at the embedded broker`,
          (after - before) / devices.length / 1024,
          'KB',
          25,
          `${(before / 1e6).toFixed(0)} MB without them`,
        ),
        note: `each was born and reports each half minute; ${rateFor(city)} messages/s of others are not part of it`,
      };
    } finally {
      await swarm.stop();
    }
  } finally {
    await hub.stop();
  }
}

export async function memory(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  return [...(await ofCity(options, city)), await ofConnections(options, city)];
}
