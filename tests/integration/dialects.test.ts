import { readFileSync } from 'node:fs';
import mqttClient, { type MqttClient } from 'mqtt';
import sparkplugPayload from 'sparkplug-payload';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../main/base/clock.ts';
import type { DialectSettings } from '../../main/contract/dialects.ts';
import { openDeviceCredentials } from '../../main/health/device-credentials.ts';
import { createMqtt } from '../../main/mqtt/mqtt.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { CITY, type HealthHarness, startHealth, temporaryFolder } from '../support/health-harness.ts';
import { mosquittoTools, startMosquitto } from '../support/mosquitto.ts';

const USER = 'hub';
const PASSWORD = 'correct horse battery';
const made = [
  { id: 'ap-1', serial: '50987100327b', mac: '50:98:71:00:32:7B' },
  { id: 'cam-1', serial: 'ACCC8E012345', mac: '' },
  { id: 'sw-1', serial: '', mac: '' },
];
const settings: DialectSettings[] = [
  { name: 'ucentral' },
  { name: 'homie', prefix: 'city/homie' },
  { name: 'sparkplug' },
  { name: 'axis' },
];
const sample = (name: string) =>
  readFileSync(new URL(`../../fixtures/dialects/${name}.payload`, import.meta.url), 'utf8');

let folder: ReturnType<typeof temporaryFolder>;
let dataDir: ReturnType<typeof temporaryFolder>;
let hub: HealthHarness;
let mqtt: Awaited<ReturnType<typeof createMqtt>> | undefined;
let broker: Awaited<ReturnType<typeof startMosquitto>> | undefined;
const clients: MqttClient[] = [];

beforeEach(async () => {
  folder = temporaryFolder();
  dataDir = temporaryFolder();
  hub = await startHealth({
    dataDir: dataDir.path,
    dialects: {
      settings,
      identities: async (ids) => made.filter(({ id }) => ids?.includes(id) ?? true),
    },
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  await mqtt?.stop();
  mqtt = undefined;
  await broker?.stop();
  broker = undefined;
  await hub.stop();
  folder.remove();
  dataDir.remove();
});

async function connectToMosquitto(): Promise<number> {
  const port = await freePort();
  broker = await startMosquitto({ folder: folder.path, port, user: USER, password: PASSWORD });
  mqtt = await createMqtt({
    broker: {
      kind: 'external',
      address: `mqtt://127.0.0.1:${port}`,
      user: USER,
      password: PASSWORD,
      ca: null,
      clientId: 'kalancha-test',
    },
    city: CITY,
    sink: hub.health.sink,
    foreign: hub.health.foreign,
    clock: systemClock,
    log: hub.log.log,
  });
  await eventually(() => expect(hub.health.monitoring().broker.downSince).toBeNull());
  return port;
}

const becomes = (id: string, status: string) => eventually(() => expect(hub.statusOf(id)).toBe(status));

/** A device at a real broker, with a Will that the broker publishes when its connection breaks. */
async function device(
  port: number,
  will: { topic: string; payload: string | Buffer; retain: boolean },
): Promise<MqttClient> {
  const client = mqttClient.connect(`mqtt://127.0.0.1:${port}`, {
    ...{ username: USER, password: PASSWORD, reconnectPeriod: 0 },
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: will.retain },
  });
  clients.push(client);
  await eventually(() => expect(client.connected).toBe(true));
  return client;
}

test('uCentral and Homie through mosquitto: birth, state, a broken connection, offline, back', {
  timeout: 240_000,
}, async () => {
  const port = await connectToMosquitto();
  const tools = mosquittoTools(port, ['-u', USER, '-P', PASSWORD]);
  await tools.publish('ucentral/50987100327b/state', sample('ucentral-state'), ['-q', '0']);
  await becomes('ap-1', 'online');
  const [ap] = hub.devices;
  if (!ap) throw new Error('no device');
  expect(await hub.health.health(ap, true)).toMatchObject({ uptimeS: 5_748, clientCount: 1 });
  const gone = JSON.stringify({ system: {}, payload: { disconnection: { serialNumber: '50987100327b' } } });

  const topic = 'city/homie/sw-1/$state';
  const homie = await device(port, { topic, payload: 'lost', retain: true });
  await homie.publishAsync(topic, 'ready', { qos: 1, retain: true });
  await becomes('sw-1', 'online');

  homie.stream.destroy();
  await tools.publish('ucentral/50987100327b/connection', gone, ['-q', '1']);
  await becomes('sw-1', 'suspect');
  await becomes('ap-1', 'suspect');
  await becomes('sw-1', 'offline');
  await becomes('ap-1', 'offline');

  const again = await device(port, { topic, payload: 'lost', retain: true });
  await again.publishAsync(topic, 'ready', { qos: 1, retain: true });
  await tools.publish('ucentral/50987100327b/state', sample('ucentral-state'), ['-q', '0']);
  await becomes('sw-1', 'online');
  await becomes('ap-1', 'online');

  // A city full of other people's topics is passed by.
  await tools.publish('ucentral/aabbccddeeff/state', sample('ucentral-state'), ['-q', '0']);
  await eventually(() => expect(hub.health.totals().strangers).toBe(1));
});

test('Sparkplug through mosquitto: the Will of an older connection does not touch the live one', async () => {
  const codec = sparkplugPayload.get('spBv1.0');
  if (!codec) throw new Error('no codec');
  const bytes = (run: number) =>
    Buffer.from(
      codec.encodePayload({
        timestamp: Date.now(),
        metrics: [{ name: 'bdSeq', type: 'UInt64', value: run }],
      }),
    );
  const port = await connectToMosquitto();
  const will = (run: number) => ({ topic: 'spBv1.0/city/NDEATH/sw-1', payload: bytes(run), retain: false });
  const older = await device(port, will(7));
  await older.publishAsync('spBv1.0/city/NBIRTH/sw-1', bytes(7), { qos: 0 });
  await becomes('sw-1', 'online');
  const newer = await device(port, will(8));
  await newer.publishAsync('spBv1.0/city/NBIRTH/sw-1', bytes(8), { qos: 1 });
  older.stream.destroy();
  // Two births and the older Will.
  await eventually(() => expect(hub.health.totals().messages).toBe(3));
  expect(hub.statusOf('sw-1')).toBe('online');
  newer.stream.destroy();
  await becomes('sw-1', 'suspect');
  expect(hub.told.map(({ status }) => status)).not.toContain('offline');
});

test('at the embedded broker a device with a secret speaks other dialects of itself alone', async () => {
  const credentials = await openDeviceCredentials({ db: hub.db, clock: systemClock });
  const secret = await credentials.issue('cam-1');
  mqtt = await createMqtt({
    broker: {
      kind: 'embedded',
      ...{ host: '127.0.0.1', port: 0, anonymousLocal: false, credentials, connectionLimit: 10 },
    },
    city: CITY,
    sink: hub.health.sink,
    foreign: hub.health.foreign,
    clock: systemClock,
    log: hub.log.log,
  });
  const camera = mosquittoTools(Number(new URL(mqtt.link.address).port), ['-u', 'cam-1', '-P', secret]);
  const own = await camera.publish(
    'axis/ACCC8E012345/event/connection',
    JSON.stringify({ connected: true, serial: 'ACCC8E012345' }),
    ['-q', '1', '-r'],
  );
  expect(own.code).toBe(0);
  await becomes('cam-1', 'online');
  for (const topic of [
    'city/homie/sw-1/$state',
    'city/homie/nobody/$state',
    'ucentral/50987100327b/connection',
  ])
    await camera.publish(topic, 'ready', ['-q', '1']);
  expect(hub.statusOf('sw-1')).toBe('never-seen');
  expect(hub.statusOf('ap-1')).toBe('never-seen');
  expect(hub.health.totals()).toMatchObject({ messages: 1, strangers: 0, malformed: 0 });
});
