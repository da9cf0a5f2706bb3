import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../main/base/clock.ts';
import { createMqtt } from '../../main/mqtt/mqtt.ts';
import type { BrokerSecrets, ExternalBrokerSettings } from '../../main/mqtt/settings.ts';
import { topicOf } from '../../main/mqtt/topics.ts';
import { makeAuthority } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import {
  CITY,
  type HealthHarness,
  startHealth,
  statePayload,
  statusPayload,
  temporaryFolder,
} from '../support/health-harness.ts';
import { mosquittoTools, startMosquitto } from '../support/mosquitto.ts';
import { startOldBroker } from '../support/old-broker.ts';

const USER = 'hub';
const PASSWORD = 'correct horse battery';

let folder: ReturnType<typeof temporaryFolder>;
let dataDir: ReturnType<typeof temporaryFolder>;
let hub: HealthHarness;
let port: number;
let tools: ReturnType<typeof mosquittoTools>;
let mqtt: Awaited<ReturnType<typeof createMqtt>> | undefined;
let broker: Awaited<ReturnType<typeof startMosquitto>> | undefined;

beforeEach(async () => {
  folder = temporaryFolder();
  dataDir = temporaryFolder();
  hub = await startHealth({ dataDir: dataDir.path });
  port = await freePort();
  tools = mosquittoTools(port, ['-u', USER, '-P', PASSWORD]);
});
afterEach(async () => {
  await tools.stop();
  await mqtt?.stop();
  mqtt = undefined;
  await broker?.stop();
  broker = undefined;
  await hub.stop();
  folder.remove();
  dataDir.remove();
});

const startBroker = async (extra?: string) => {
  broker = await startMosquitto({
    folder: folder.path,
    port,
    user: USER,
    password: PASSWORD,
    ...(extra === undefined ? {} : { extra }),
  });
  return broker;
};

async function connect(more: Partial<ExternalBrokerSettings> = {}): Promise<void> {
  mqtt = await createMqtt({
    broker: {
      kind: 'external',
      address: `mqtt://127.0.0.1:${port}`,
      user: USER,
      password: PASSWORD,
      ca: null,
      clientId: 'kalancha-test',
      ...more,
    },
    city: CITY,
    sink: hub.health.sink,
    clock: systemClock,
    log: hub.log.log,
  });
}

const link = () => hub.health.monitoring().broker;
const connected = () => eventually(() => expect(link().downSince).toBeNull());
const fails = (sentence: RegExp) => eventually(() => expect(link().error?.text).toMatch(sentence));
const becomes = (id: string, status: string) => eventually(() => expect(hub.statusOf(id)).toBe(status));

const statusTopic = topicOf(CITY, 'ap', 'ap-1', 'status');
const stateTopic = topicOf(CITY, 'ap', 'ap-1', 'state');
const commandTopic = topicOf(CITY, 'ap', 'ap-1', 'command');
const text = (value: object) => JSON.stringify(value);
const born = (session: number) =>
  tools.publish(statusTopic, text(statusPayload('ap-1', session)), ['-q', '1', '-r']);
const device = (session: number) =>
  tools.listen(commandTopic, [
    '--will-topic',
    statusTopic,
    '--will-payload',
    text(statusPayload('ap-1', session, false)),
    '--will-qos',
    '1',
    '--will-retain',
  ]);

test('a device at a real mosquitto: birth, state, Will', async () => {
  await startBroker();
  await connect();
  await connected();
  const connection = device(1);
  // Connected once it hears: only then its Will stands.
  await eventually(async () => {
    await tools.publish(commandTopic, 'are you there', ['-q', '0']);
    expect(connection.text()).toContain('are you there');
  });
  await born(1);
  await becomes('ap-1', 'online');
  await tools.publish(stateTopic, text(statePayload('ap-1', 1, 1, { firmware: 'f1' })), ['-q', '0']);
  await eventually(async () => {
    const [ap] = hub.devices;
    if (!ap) throw new Error('no device');
    expect((await hub.health.health(ap, true)).firmware).toBe('f1');
  });
  await connection.end('SIGKILL');
  await becomes('ap-1', 'suspect');
});

test('what a device told while the hub was away is taken in when it returns', async () => {
  await startBroker();
  await connect();
  await connected();
  await mqtt?.stop();
  await born(3);
  const event = { ...statePayload('ap-1', 3, 1), type: 'door', severity: 'critical' };
  await tools.publish(topicOf(CITY, 'ap', 'ap-1', 'event'), text(event), ['-q', '1']);
  await connect();
  await connected();
  await becomes('ap-1', 'online');
  const [ap] = hub.devices;
  if (!ap) throw new Error('no device');
  await eventually(async () =>
    expect(await hub.health.events(ap)).toMatchObject([{ type: 'door', severity: 'critical' }]),
  );
});

test('a wrong password, nobody there and a name that does not exist are sentences; the hub goes on', async () => {
  await connect();
  await fails(/Nothing answers at 127\.0\.0\.1/);
  await startBroker();
  await connected();
  await mqtt?.stop();
  await connect({ password: 'wrong secret' });
  await fails(/refuses this user or password/);
  await mqtt?.stop();
  await connect({ address: 'mqtt://no-such-broker.invalid:1883' });
  await fails(/cannot be resolved/);
  expect(hub.log.text()).not.toContain('wrong secret');
  expect(hub.log.text()).not.toContain(PASSWORD);
});

test('mqtts: the broker’s authority is asked for, another’s is refused, and the hub shows its own certificate', async () => {
  const city = await makeAuthority(folder.path, 'city');
  const stranger = await makeAuthority(folder.path, 'stranger');
  const server = await city.issue('broker', '127.0.0.1');
  const own = await city.issue('kalancha-hub');
  await startBroker(
    `certfile ${server.certFile}\nkeyfile ${server.keyFile}\ncafile ${city.certFile}\nrequire_certificate true\n`,
  );
  const address = `mqtts://127.0.0.1:${port}`;
  for (const [more, sentence] of [
    [{}, /certificate of the broker 127\.0\.0\.1:\d+ is not trusted .* Give the certificate authority/],
    [{ ca: stranger.cert, certificate: own }, /is not trusted/],
    [{ ca: city.cert }, /does not take this hub's certificate/],
    [
      { ca: city.cert, certificate: await stranger.issue('kalancha-hub') },
      /does not take this hub's certificate/,
    ],
  ] as const) {
    await connect({ address, ...more });
    await fails(sentence);
    await mqtt?.stop();
  }
  await connect({ address, ca: city.cert, certificate: own });
  await connected();
});

test('credentials changed while the hub runs are taken at the next try, and unreadable ones are no end', async () => {
  await startBroker();
  let now = (): BrokerSecrets => ({ user: USER, password: 'the old one', ca: null });
  await connect({ password: 'the old one', renew: () => now() });
  await fails(/refuses this user or password/);
  now = () => {
    throw new Error('mqtt.passwordFile names a file that is being written');
  };
  await eventually(() => expect(hub.log.text()).toContain('being written'));
  now = () => ({ user: USER, password: PASSWORD, ca: null });
  await connected();
});

test('a broker that only speaks MQTT 3.1.1 is spoken to in it', async () => {
  const old = await startOldBroker();
  try {
    await connect({ address: old.address });
    await connected();
    const plain = mosquittoTools(old.port);
    await plain.publish(statusTopic, text(statusPayload('ap-1', 1)), ['-q', '1', '-r']);
    await becomes('ap-1', 'online');
  } finally {
    await mqtt?.stop();
    mqtt = undefined;
    await old.stop();
  }
});
