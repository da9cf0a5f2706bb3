import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { EventsMessage } from '../../main/contract/events.ts';
import { type DeviceHealth, HealthStatuses, type Monitoring } from '../../main/contract/health.ts';
import type { IncidentList } from '../../main/contract/incidents.ts';
import { makeAuthority } from '../support/certificates.ts';
import { cityFolder } from '../support/city-folder.ts';
import { disagreements, type FleetProcess, startFleetProcess, statusesOf } from '../support/fleet-process.ts';
import { freePort } from '../support/free-port.ts';
import { type Client, signIn, temporaryFolder, until } from '../support/hub-process.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

/**
 * A city's fleet at a broker with certificates on all sides, while that broker is killed and frozen and while the whole
 * city falls silent: what the hub says of each device is compared with what the fleet writes down of itself.
 */
const size = { seed: 1, cameras: 60, accessPoints: 20 };
/** Everybody reports each 3 s, so that silence counts after 10. */
const RATE = 50;
const USER = 'city';
const SECRET = 'lantern-0815';
const LASTING = ['switch-down', 'dead', 'cut'];
/** A broker that hangs is noticed after one and a half keepalives. */
const NOTICED_MS = 60_000;

const folder = temporaryFolder('fleet-outage');
let broker: Awaited<ReturnType<typeof startMosquitto>>;
let small: SmallHub;
let technician: Client;
let fleet: FleetProcess;
let socket: WebSocket;
let monitoring: Monitoring | undefined;
/** Whoever was told to be offline, by number, since this was emptied last. */
const offline = new Set<number>();

beforeAll(async () => {
  const city = await makeAuthority(folder.dir, 'authority');
  const server = await city.issue('broker', '127.0.0.1');
  const own = { hub: await city.issue('hub'), fleet: await city.issue('fleet') };
  const port = await freePort();
  broker = await startMosquitto({
    ...{ folder: folder.dir, port, user: USER, password: SECRET },
    extra: `cafile ${city.certFile}\ncertfile ${server.certFile}\nkeyfile ${server.keyFile}\nrequire_certificate true\n`,
  });
  const url = `mqtts://127.0.0.1:${port}`;
  small = await startSmallHub(
    'fleet-outage',
    {
      ...{ KALANCHA_MQTT_URL: url, KALANCHA_MQTT_USER: USER, KALANCHA_MQTT_PASSWORD: SECRET },
      KALANCHA_MQTT_CA_FILE: city.certFile,
      KALANCHA_MQTT_CLIENT_CERT_FILE: own.hub.certFile,
      KALANCHA_MQTT_CLIENT_KEY_FILE: own.hub.keyFile,
    },
    await cityFolder('fleet-outage', size),
  );
  await small.addPerson('technician', 'wifi-technician');
  technician = await signIn(small.hub.httpUrl, 'technician', PASSWORD);
  socket = new WebSocket(`${small.hub.httpUrl.replace('http', 'ws')}/api/events`, {
    headers: { cookie: technician.cookie, origin: small.hub.httpUrl },
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello' })));
  socket.on('message', (data: Buffer) => {
    const message = EventsMessage.parse(JSON.parse(String(data)));
    if (message.type === 'monitoring') monitoring = message.monitoring;
    if (message.type === 'status')
      for (const [num, status] of message.changes) if (HealthStatuses[status] === 'offline') offline.add(num);
  });
  const { seed, cameras, accessPoints } = size;
  fleet = startFleetProcess(
    join(folder.dir, 'truth.json'),
    {
      ...{ url, user: USER, ca: city.certFile, cert: own.fleet.certFile, key: own.fleet.keyFile },
      ...{ seed, cameras, 'access-points': accessPoints, rate: RATE, gateways: 1, failures: 'none' },
      scenario: 'switch-down,dead,cut,broker-restart:at=30,silence:at=56:for=26',
      ...{ at: 3, for: 600, 'broker-restart': `kill -9 ${broker.pid()}` },
    },
    { MQTT_PASSWORD: SECRET },
  );
});
afterAll(async () => {
  socket?.terminate();
  await fleet?.stop();
  await small?.stop();
  await broker?.stop();
  folder.remove();
});

const happened = (scenario: string) =>
  until(
    scenario,
    () => (fleet.truth()?.acts.some((act) => act.scenario === scenario) ? true : undefined),
    120_000,
  );
const interrupted = () =>
  until('monitoring interrupted', () => monitoring?.broker.downSince ?? undefined, NOTICED_MS);
const works = () =>
  until('monitoring again', () => (monitoring?.broker.downSince === null ? true : undefined), NOTICED_MS);

/** Waits until the hub says of every device what the fleet truly did. */
async function agreed(): Promise<void> {
  let wrong: string[] = [];
  await until(
    'the hub to agree with the truth',
    async () => {
      wrong = await disagreements(technician, fleet.truth()?.away ?? {});
      return wrong.length === 0 ? true : undefined;
    },
    90_000,
  ).catch((error: unknown) => {
    throw new Error(`${wrong.slice(0, 20).join('\n')}\n${fleet.said()}`, { cause: error });
  });
}
const byWill = async (scenario: string) => {
  const { changes } = await technician.json<DeviceHealth>(
    `/api/devices/${fleet.act(scenario).devices[0]}/health`,
  );
  return changes.some(({ reason }) => reason === 'will');
};

it('over TLS the hub says of each device what became of it, and how it learned it', async () => {
  for (const scenario of LASTING) await happened(scenario);
  await agreed();
  const down = fleet.act('switch-down');
  const gone = [...down.devices, ...down.below, ...fleet.act('dead').devices, ...fleet.act('cut').devices];
  expect(down.below.length).toBeGreaterThan(1);
  expect(Object.keys(fleet.truth()?.away ?? {}).sort()).toEqual(gone.sort());
  await until('the console to be told of each', () => (offline.size === gone.length ? true : undefined));
  expect([await byWill('dead'), await byWill('cut')]).toEqual([false, true]);
});

it('a broker killed under load: monitoring is interrupted, nobody is declared offline, then all is exact again', async () => {
  await happened('broker-restart');
  await interrupted();
  offline.clear();
  await broker.start();
  await works();
  const births = fleet.truth()?.sent.birth ?? 0;
  await until('births again', () => ((fleet.truth()?.sent.birth ?? 0) > births ? true : undefined));
  await agreed();
  expect([...offline]).toEqual([]);
  expect(fleet.truth()?.connections.broken).toBeGreaterThan(0);
});

it('a city that falls silent behind a broker that answers is away, and all of it comes back', async () => {
  await happened('silence');
  const all = (await statusesOf(technician)).size;
  // Those that were away before are not told again.
  const before = new Set(LASTING.flatMap((name) => [...fleet.act(name).devices, ...fleet.act(name).below]));
  await until('everybody away', () => (offline.size === all - before.size ? true : undefined));
  await until('the end of the silence', () =>
    Object.keys(fleet.truth()?.away ?? {}).length === before.size ? true : undefined,
  );
  await agreed();
  // Some may be in their switch's incident now; all that is open is about those who stayed away.
  await until('an end of all that the silence raised', async () => {
    const { items } = await technician.json<IncidentList>('/api/incidents');
    const open = items.filter(({ clearedAt }) => clearedAt === null);
    const affected = open.reduce((sum, incident) => sum + incident.affected.now, 0);
    return open.length === LASTING.length && affected === before.size ? true : undefined;
  });
});

it('a broker frozen under load: the same, though it tells Wills when it wakes', async () => {
  offline.clear();
  broker.freeze();
  await interrupted();
  broker.thaw();
  await works();
  await agreed();
  expect([...offline]).toEqual([]);
});
