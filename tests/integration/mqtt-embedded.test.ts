import { setTimeout as sleep } from 'node:timers/promises';
import mqttClient from 'mqtt';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../main/base/clock.ts';
import { type DeviceCredentials, openDeviceCredentials } from '../../main/health/device-credentials.ts';
import { createMqtt } from '../../main/mqtt/mqtt.ts';
import { topicOf } from '../../main/mqtt/topics.ts';
import { eventually } from '../support/eventually.ts';
import {
  CITY,
  collectedLog,
  type HealthHarness,
  startHealth,
  statePayload,
  statusPayload,
  temporaryFolder,
} from '../support/health-harness.ts';
import { mosquittoTools } from '../support/mosquitto.ts';

let folder: ReturnType<typeof temporaryFolder>;
let hub: HealthHarness;
let credentials: DeviceCredentials;
let mqtt: Awaited<ReturnType<typeof createMqtt>>;
let tools: ReturnType<typeof mosquittoTools>;
let port: number;

const startBroker = (anonymousLocal: boolean, fixedPort = 0) =>
  createMqtt({
    broker: {
      kind: 'embedded',
      host: '127.0.0.1',
      port: fixedPort,
      anonymousLocal,
      credentials,
      connectionLimit: 50,
    },
    city: CITY,
    sink: hub.health.sink,
    clock: systemClock,
    log: hub.log.log,
  });

async function start(anonymousLocal = true): Promise<void> {
  hub = await startHealth({ dataDir: folder.path });
  credentials = await openDeviceCredentials({ db: hub.db, clock: systemClock });
  mqtt = await startBroker(anonymousLocal);
  port = Number(new URL(mqtt.link.address).port);
  tools = mosquittoTools(port);
}

beforeEach(async () => {
  folder = temporaryFolder();
  await start();
});
afterEach(async () => {
  await tools.stop();
  await mqtt.stop();
  await hub.stop();
  folder.remove();
});

const notThere = (): never => {
  throw new Error('no such device');
};
const statusTopic = topicOf(CITY, 'ap', 'ap-1', 'status');
const stateTopic = topicOf(CITY, 'ap', 'ap-1', 'state');
const text = (value: object) => JSON.stringify(value);
const becomes = (status: string) => eventually(() => expect(hub.statusOf('ap-1')).toBe(status));

/** A device: a connection with a Will that stays until it is killed. */
function connectDevice(session: number, heartbeatS = 30) {
  return tools.listen(topicOf(CITY, 'ap', 'ap-1', 'command'), [
    '--will-topic',
    statusTopic,
    '--will-payload',
    text(statusPayload('ap-1', session, false, heartbeatS)),
    '--will-qos',
    '1',
    '--will-retain',
  ]);
}

describe('a device and its Will', () => {
  test('born, killed, suspect by its Will, offline after the grace, back', { timeout: 240_000 }, async () => {
    const device = connectDevice(1);
    await eventually(() => expect(mqtt.connections()).toBe(1));
    await tools.publish(statusTopic, text(statusPayload('ap-1', 1)), ['-q', '1', '-r']);
    await becomes('online');
    const killedAt = performance.now();
    await device.end('SIGKILL');
    await becomes('offline');
    // Not before the grace of ten seconds is over; what came between is told below.
    expect(performance.now() - killedAt).toBeGreaterThan(9_000);
    await tools.publish(statusTopic, text(statusPayload('ap-1', 2)), ['-q', '1', '-r']);
    await becomes('online');
    await eventually(() =>
      expect(hub.told.map((change) => change.status)).toEqual(['online', 'suspect', 'offline', 'online']),
    );
  });

  test('the Will of an older session changes nothing', async () => {
    const old = connectDevice(1);
    await eventually(() => expect(mqtt.connections()).toBe(1));
    await tools.publish(statusTopic, text(statusPayload('ap-1', 2)), ['-q', '1', '-r']);
    await becomes('online');
    await old.end('SIGKILL');
    // The birth and the older Will.
    await eventually(() => expect(hub.health.totals().messages).toBe(2));
    expect(hub.statusOf('ap-1')).toBe('online');
    await eventually(() => expect(hub.told.map((change) => change.status)).toEqual(['online']));
  });

  test('stopping the hub is no Will of anybody', async () => {
    connectDevice(1);
    await eventually(() => expect(mqtt.connections()).toBe(1));
    await tools.publish(statusTopic, text(statusPayload('ap-1', 1)), ['-q', '1', '-r']);
    await becomes('online');
    await mqtt.stop();
    expect(hub.health.totals().messages).toBe(1);
    expect(hub.statusOf('ap-1')).toBe('online');
    mqtt = await startBroker(true, port);
  });
});

test('a device that floods is cut off and counted; others and its own death are still heard', async () => {
  const password = await credentials.issue('ap-1');
  const flood = mqttClient.connect({
    ...{ port, host: '127.0.0.1', protocolVersion: 4, reconnectPeriod: 0 },
    ...{ username: 'ap-1', password },
  });
  flood.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => flood.once('close', () => resolve()));
  await new Promise<void>((resolve) => flood.once('connect', () => resolve()));
  for (let seq = 1; seq <= 400; seq++)
    flood.publish(stateTopic, text(statePayload('ap-1', 1, seq)), { qos: 0 });
  await closed;
  const { malformed } = await hub.health.health(hub.devices[0] ?? notThere(), true);
  expect(malformed.lastReason).toBe('too-many');
  // A hundred at once and some more a second: most of the four hundred were never taken in.
  expect(hub.samples.length).toBeLessThan(200);
  const other = topicOf(CITY, 'camera', 'cam-1', 'state');
  await tools.publish(other, text(statePayload('cam-1', 1, 1)), ['-q', '1']);
  await eventually(() => expect(hub.statusOf('cam-1')).toBe('online'));
  await tools.publish(statusTopic, text(statusPayload('ap-1', 1, false)), ['-q', '1']);
  await becomes('suspect');
});

test('one flooding device does not end the local connection that many share: it is counted, they are heard', async () => {
  const many = await mqttClient.connectAsync({ port, host: '127.0.0.1', protocolVersion: 4 });
  try {
    await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        many.publishAsync(stateTopic, text(statePayload('ap-1', 1, i + 1)), { qos: 1 }),
      ),
    );
    const other = topicOf(CITY, 'camera', 'cam-1', 'state');
    await many.publishAsync(other, text(statePayload('cam-1', 1, 1)), { qos: 1 });
    expect(hub.statusOf('cam-1')).toBe('online');
    expect(hub.samples.length).toBeLessThan(200);
    expect((await hub.health.health(hub.devices[0] ?? notThere(), true)).malformed.lastReason).toBe(
      'too-many',
    );
    expect(mqtt.refusals().flood).toBeGreaterThan(100);
  } finally {
    await many.endAsync();
  }
});

test('an acknowledged message outlives the hub killed right after it', async () => {
  const { code } = await tools.publish(statusTopic, text(statusPayload('ap-1', 1)), ['-q', '1', '-r']);
  expect(code).toBe(0);
  await hub.kill();
  await mqtt.stop();
  await start();
  expect(hub.statusOf('ap-1')).toBe('online');
});

test('a message is only acknowledged when it could be stored', async () => {
  await hub.db.schema.alterTable('message_journal').renameTo('message_journal_gone').execute();
  const device = tools.publish(statusTopic, text(statusPayload('ap-1', 1)), ['-q', '1']);
  await eventually(() => expect(hub.health.monitoring().ingestStalledSince).not.toBeNull());
  expect(await Promise.race([device, sleep(500).then(() => 'waits')])).toBe('waits');
  expect(hub.statusOf('ap-1')).toBe('never-seen');
  await hub.db.schema.alterTable('message_journal_gone').renameTo('message_journal').execute();
  expect((await device).code).toBe(0);
  expect(hub.statusOf('ap-1')).toBe('online');
  expect(hub.health.monitoring().ingestStalledSince).toBeNull();
});

test('state at any quality of service arrives, broken state is quarantined, the rest goes on', async () => {
  for (const [seq, qos] of [
    [1, '0'],
    [2, '1'],
    [3, '2'],
  ] as const) {
    await tools.publish(stateTopic, text(statePayload('ap-1', 1, seq, { firmware: `f${seq}` })), ['-q', qos]);
    await eventually(async () => {
      const [device] = hub.devices;
      if (!device) throw new Error('no device');
      expect((await hub.health.health(device, true)).firmware).toBe(`f${seq}`);
    });
  }
  await tools.publish(stateTopic, '{"v":1,"id":"ap-1",', ['-q', '1']);
  await becomes('bad-data');
  await tools.publish(stateTopic, text(statePayload('ap-1', 1, 4)), ['-q', '1']);
  await becomes('online');
});

test('a retained birth is told to whoever subscribes later; state and strangers are not kept', async () => {
  await tools.publish(statusTopic, text(statusPayload('ap-1', 1)), ['-q', '1', '-r']);
  await tools.publish(stateTopic, text(statePayload('ap-1', 1, 1)), ['-q', '1', '-r']);
  await tools.publish(topicOf(CITY, 'ap', 'nobody', 'status'), text(statusPayload('nobody', 1)), [
    '-q',
    '1',
    '-r',
  ]);
  const listener = tools.listen('kalancha/v1/#', ['-v']);
  await eventually(() => expect(listener.text()).toContain(statusTopic));
  await sleep(200);
  expect(listener.text().trim().split('\n')).toHaveLength(1);
  expect(hub.health.totals().strangers).toBe(1);
});

describe('what is refused', () => {
  test('topics of nobody, commands, subscriptions beyond our root, messages too large', async () => {
    expect((await tools.publish('elsewhere', 'x', ['-q', '1'])).code).not.toBe(0);
    const command = topicOf(CITY, 'ap', 'ap-1', 'command');
    expect((await tools.publish(command, 'x', ['-q', '1'])).code).not.toBe(0);
    const listener = tools.listen('#');
    await eventually(() => expect(listener.running()).toBe(false));
    expect((await tools.publish(stateTopic, 'x'.repeat(200_000), ['-q', '1'])).code).not.toBe(0);
    expect(hub.statusOf('ap-1')).toBe('never-seen');
    await tools.publish(statusTopic, text(statusPayload('ap-1', 1)), ['-q', '1']);
    await becomes('online');
  });

  test('a taken port and an open port beyond this machine, each with a sentence', async () => {
    await expect(startBroker(true, port)).rejects.toMatchObject({
      code: 'mqtt-port-taken',
      message: expect.stringContaining('--mqtt-port'),
    });
    const open = createMqtt({
      broker: {
        kind: 'embedded',
        host: '0.0.0.0',
        port: 0,
        anonymousLocal: true,
        credentials,
        connectionLimit: 5,
      },
      city: CITY,
      sink: hub.health.sink,
      clock: systemClock,
      log: collectedLog().log,
    });
    await expect(open).rejects.toMatchObject({ code: 'mqtt-needs-tls' });
  });
});

test('with credentials a device speaks and hears for itself alone, and nobody comes in without', async () => {
  await mqtt.stop();
  mqtt = await startBroker(false, port);
  const secret = await credentials.issue('ap-1');
  const as = (user: string, password: string) => mosquittoTools(port, ['-u', user, '-P', password]);
  const device = as('ap-1', secret);
  expect((await tools.publish(statusTopic, text(statusPayload('ap-1', 1)), ['-q', '1'])).code).not.toBe(0);
  const wrong = await as('ap-1', `${secret}x`).publish(statusTopic, text(statusPayload('ap-1', 1)), [
    '-q',
    '1',
  ]);
  expect(wrong.complaint).toMatch(/not authorised|bad user name/i);
  expect(hub.statusOf('ap-1')).toBe('never-seen');
  expect((await device.publish(statusTopic, text(statusPayload('ap-1', 1)), ['-q', '1'])).code).toBe(0);
  await becomes('online');
  const other = topicOf(CITY, 'switch', 'sw-1', 'status');
  expect((await device.publish(other, text(statusPayload('sw-1', 1)), ['-q', '1'])).code).not.toBe(0);
  expect(hub.statusOf('sw-1')).toBe('never-seen');
  await credentials.revoke('ap-1');
  expect((await device.publish(statusTopic, text(statusPayload('ap-1', 2)), ['-q', '1'])).code).not.toBe(0);
  expect(hub.log.text()).not.toContain(secret);
  const rows = await hub.db.selectFrom('device_credentials').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(secret);
});

test('a gateway hears the commands to a device only as long as it hangs below it', async () => {
  const [device] = hub.devices;
  if (!device) throw new Error('no device');
  const hangOn = (parentId: string | null) => hub.devices.splice(0, 1, { ...device, parentId });
  hangOn('sw-1');
  await mqtt.stop();
  mqtt = await startBroker(false, port);
  const gateway = await mqttClient.connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: 'sw-1',
    password: await credentials.issue('sw-1'),
    reconnectPeriod: 0,
  });
  onTestFinished(() => gateway.endAsync(true));
  const heard: string[] = [];
  gateway.on('message', (_topic, payload) => heard.push(payload.toString()));
  const topic = topicOf(CITY, 'ap', 'ap-1', 'command');
  const own = topicOf(CITY, 'gateway', 'sw-1', 'command');
  expect((await gateway.subscribeAsync([topic, own], { qos: 1 })).map(({ qos }) => qos)).toEqual([1, 1]);
  const send = (to: string, payload: string) => mqtt.send({ topic: to, payload, expiresS: 10 });
  await send(topic, 'below');
  await eventually(() => expect(heard).toEqual(['below']));
  hangOn(null);
  await send(topic, 'elsewhere');
  await send(own, 'its own');
  await eventually(() => expect(heard).toContain('its own'));
  expect(heard).toEqual(['below', 'its own']);
});
