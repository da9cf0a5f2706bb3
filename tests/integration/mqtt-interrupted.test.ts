import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { EventsMessage } from '../../main/contract/events.ts';
import { HealthStatuses, type Monitoring } from '../../main/contract/health.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder, until } from '../support/hub-process.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { type SmallFleet, startSmallFleet } from '../support/small-fleet.ts';
import { type SmallHub, startSmallHub } from '../support/small-hub.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/**
 * A broker frozen, cut off and killed while a fleet reports through it, seen as a console sees it: monitoring is
 * interrupted, nobody is declared offline for it, and afterwards every count is exact again.
 */
const POINTS = 20;
const USER = 'city';
const PASSWORD = 'street-lamp-4711';
/** A hang is noticed after one and a half keepalives of five seconds, and the fleet's silence would count after five. */
const NOTICED_MS = 60_000;

const folder = temporaryFolder('interrupted');
let broker: Awaited<ReturnType<typeof startMosquitto>>;
let proxy: TcpProxy;
let small: SmallHub;
let fleet: SmallFleet;
let socket: WebSocket;
let monitoring: Monitoring | undefined;
/** Devices that the console was told are offline, and how often it was told to fetch the registry anew. */
const offline: number[] = [];
let registryTold = 0;

beforeAll(async () => {
  const port = await freePort();
  broker = await startMosquitto({ folder: folder.dir, port, user: USER, password: PASSWORD });
  proxy = await startTcpProxy(port);
  small = await startSmallHub('interrupted', {
    KALANCHA_MQTT_URL: `mqtt://127.0.0.1:${proxy.port}`,
    KALANCHA_MQTT_USER: USER,
    KALANCHA_MQTT_PASSWORD: PASSWORD,
  });
  const ids = Array.from({ length: POINTS }, (_, n) => `point-${n}`);
  for (const id of ids) await small.addDevice({ id, kind: 'ap', name: id });
  fleet = startSmallFleet({ url: `mqtt://127.0.0.1:${port}`, user: USER, password: PASSWORD, ids });

  const { httpUrl } = small.hub;
  socket = new WebSocket(`${httpUrl.replace('http', 'ws')}/api/events`, {
    headers: { cookie: small.admin.cookie, origin: httpUrl },
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello' })));
  socket.on('message', (data: Buffer) => {
    const message = EventsMessage.parse(JSON.parse(String(data)));
    if (message.type === 'monitoring') monitoring = message.monitoring;
    if (message.type === 'devices') registryTold += 1;
    if (message.type === 'status')
      for (const [num, status] of message.changes)
        if (HealthStatuses[status] === 'offline') offline.push(num);
  });
});
afterAll(async () => {
  socket?.terminate();
  await fleet?.stop();
  await small?.stop();
  await proxy?.stop();
  await broker?.stop();
  folder.remove();
});

const counted = (counts: object) =>
  until(
    `counts ${JSON.stringify(counts)}`,
    async () => {
      const now = await small.admin.json<Monitoring>('/api/monitoring');
      const found = Object.entries(now.counts.ap).filter(([, count]) => count > 0);
      return JSON.stringify(Object.fromEntries(found.sort())) === JSON.stringify(counts) ? true : undefined;
    },
    60_000,
  );
const interrupted = () =>
  until('monitoring interrupted', () => monitoring?.broker.downSince ?? undefined, NOTICED_MS);
const works = () =>
  until('monitoring again', () => (monitoring?.broker.downSince === null ? true : undefined), NOTICED_MS);
/** The console is told in order, some moments after an answer by HTTP: an edit of the registry comes after all before it. */
async function offlineTold(): Promise<number[]> {
  const before = registryTold;
  await small.addDevice({ id: `fence-${before}`, kind: 'switch', name: 'fence' });
  await until('the console has been told', () => (registryTold > before ? true : undefined));
  return offline;
}
const eventsOf = (id: string) => small.admin.json<{ type: string }[]>(`/api/devices/${id}/events`);

it('begins with everybody online, and the console is told that monitoring works', async () => {
  await counted({ online: POINTS });
  await works();
});

it('a line that hangs half-open is noticed, and what was told meanwhile comes after it', async () => {
  proxy.freeze();
  await fleet.event('point-3', 'told-meanwhile');
  const since = await interrupted();
  expect(monitoring?.broker.error?.text).toMatch(/does not answer|broke the connection|failed/);
  const point = await small.admin.json<{ unknownSince: number | null }>('/api/devices/point-1/health');
  expect(point.unknownSince).toBe(since);
  expect(await offlineTold()).toEqual([]);
  proxy.thaw();
  await works();
  await until('the event', async () =>
    (await eventsOf('point-3')).some(({ type }) => type === 'told-meanwhile') ? true : undefined,
  );
  await counted({ online: POINTS });
});

it('a frozen broker is an interruption of monitoring, and nobody’s death, though it tells Wills when it wakes', async () => {
  broker.freeze();
  await interrupted();
  broker.thaw();
  await works();
  await counted({ online: POINTS });
  expect(await offlineTold()).toEqual([]);
});

it('a broker killed and started again: who died meanwhile is found, and only they', async () => {
  await broker.kill();
  await interrupted();
  expect(monitoring?.broker.error?.text).toMatch(/Nothing answers|broke the connection/);
  const dead = ['point-0', 'point-7'];
  for (const id of dead) await fleet.kill(id);
  await broker.start();
  await works();
  await counted({ offline: dead.length, online: POINTS - dead.length });
  for (const id of fleet.ids) {
    const { status } = await small.admin.json<{ status: string }>(`/api/devices/${id}/health`);
    expect([id, status]).toEqual([id, dead.includes(id) ? 'offline' : 'online']);
  }
  const told = await offlineTold();
  expect(new Set(told).size).toBe(dead.length);
  expect(told).toHaveLength(dead.length);
});
