import { generate } from 'mqtt-packet';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { topicOf } from '../../main/mqtt/topics.ts';
import { type EmbeddedHub, startEmbeddedHub } from '../support/embedded-hub.ts';
import { eventually } from '../support/eventually.ts';
import { CITY, statePayload, statusPayload } from '../support/health-harness.ts';
import { until } from '../support/hub-process.ts';
import { type RawClient, rawMqtt } from '../support/raw-mqtt.ts';

const LIMIT = 8;
const statusTopic = topicOf(CITY, 'ap', 'ap-1', 'status');
const eventTopic = topicOf(CITY, 'ap', 'ap-1', 'event');

let bench: EmbeddedHub;
let clients: RawClient[];
beforeEach(async () => {
  bench = await startEmbeddedHub({ connectionLimit: LIMIT });
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await bench.stop();
});

async function raw(): Promise<RawClient> {
  const client = await rawMqtt(bench.port);
  clients.push(client);
  return client;
}
const publish = (topic: string, payload: string | Buffer, messageId: number) => ({
  ...{ cmd: 'publish' as const, topic, payload, messageId },
  ...{ qos: 1 as const, retain: false, dup: false },
});
const CONNECT = {
  ...{ cmd: 'connect' as const, clientId: 'raw', protocolId: 'MQTT' as const, protocolVersion: 4 as const },
  ...{ clean: true, keepalive: 0 },
};
/** CONNECT with a body of so many bytes, as far as it says. */
const announced = (bytes: number): Uint8Array =>
  Uint8Array.from([0x10, (bytes & 0x7f) | 0x80, ((bytes >> 7) & 0x7f) | 0x80, bytes >> 14]);

it('who does not say who he is, or not to the end, is sent away', async () => {
  await bench.stop();
  bench = await startEmbeddedHub({ connectionLimit: LIMIT, connectTimeoutMs: 300 });
  const silent = await raw();
  const slow = await raw();
  slow.write(Uint8Array.from([0x10, 12, 0, 4]));
  await Promise.all([silent.closed, slow.closed]);
  await eventually(() => expect(bench.broker.connections()).toBe(0));
});

it('a huge CONNECT is refused by its length alone', async () => {
  const huge = await raw();
  huge.write(announced(60_000));
  await huge.closed;
  expect(bench.broker.refusals().frame).toBe(1);
});

it('a message too long ends the device’s connection and stands in its quarantine', async () => {
  const password = Buffer.from(await bench.credentials.issue('ap-1'));
  const device = await raw();
  expect(await device.connect({ clientId: 'ap-1', username: 'ap-1', password })).toBe(0);
  device.send(publish(statusTopic, JSON.stringify(statusPayload('ap-1', 1)), 1));
  await device.next('puback');
  device.send(publish(eventTopic, Buffer.alloc(70_000, 0x20), 2));
  await device.closed;
  const [ap] = bench.hub.devices;
  if (!ap) throw new Error('no device');
  expect((await bench.hub.health.health(ap, true)).malformed).toMatchObject({
    count: 1,
    lastReason: 'too-large',
  });
});

it('births without end are a flood too: the connection ends, and others come in meanwhile', async () => {
  const password = Buffer.from(await bench.credentials.issue('ap-1'));
  const device = await raw();
  await device.connect({ clientId: 'ap-1', username: 'ap-1', password });
  for (let session = 1; session <= 300; session++)
    device.send(publish(statusTopic, JSON.stringify(statusPayload('ap-1', session)), session));
  await device.closed;
  const [ap] = bench.hub.devices;
  if (!ap) throw new Error('no device');
  expect((await bench.hub.health.health(ap, true)).malformed.lastReason).toBe('too-many');
  const other = await raw();
  await other.connect({ clientId: 'other' });
  const topic = topicOf(CITY, 'camera', 'cam-1', 'status');
  other.send(publish(topic, JSON.stringify(statusPayload('cam-1', 1)), 1));
  await other.next('puback');
  expect(bench.hub.statusOf('cam-1')).toBe('online');
});

it('a device cannot take over another’s connection by its client id; its own newer one ends the older', async () => {
  const passwords = {
    'ap-1': await bench.credentials.issue('ap-1'),
    'sw-1': await bench.credentials.issue('sw-1'),
  };
  const as = async (username: keyof typeof passwords, clientId: string) => {
    const client = await raw();
    expect(await client.connect({ clientId, username, password: Buffer.from(passwords[username]) })).toBe(0);
    return client;
  };
  const point = await as('ap-1', 'ap-1');
  const thief = await as('sw-1', 'ap-1');
  const anonymous = await raw();
  expect(await anonymous.connect({ clientId: 'ap-1' })).toBe(0);
  point.send({ cmd: 'pingreq' });
  await point.next('pingresp');
  const newer = await as('ap-1', 'ap-1');
  await point.closed;
  for (const client of [newer, thief, anonymous]) {
    client.send({ cmd: 'pingreq' });
    await client.next('pingresp');
  }
});

it('one device has four connections at most: one more ends the oldest', async () => {
  const password = Buffer.from(await bench.credentials.issue('ap-1'));
  const own: RawClient[] = [];
  for (let i = 0; i < 5; i++) {
    const client = await raw();
    own.push(client);
    expect(await client.connect({ clientId: `connection-${i}`, username: 'ap-1', password })).toBe(0);
  }
  await own[0]?.closed;
  expect(own.slice(1).map((client) => client.isClosed())).toEqual([false, false, false, false]);
  expect(bench.broker.refusals().crowd).toBe(1);
});

it('beyond the limit of connections nobody is let in until somebody leaves', async () => {
  const inside: RawClient[] = [];
  for (let i = 0; i < LIMIT; i++) {
    const client = await raw();
    expect(await client.connect({ clientId: `program-${i}` })).toBe(0);
    inside.push(client);
  }
  expect(await (await raw()).connect({ clientId: 'one-more' })).toBe('closed');
  expect(bench.broker.refusals().full).toBe(1);
  inside[0]?.destroy();
  await eventually(() => expect(bench.broker.connections()).toBe(LIMIT - 1));
  expect(await (await raw()).connect({ clientId: 'one-more' })).toBe(0);
});

it('a reader that hangs holds nobody up, and is ended once it left too much unread', async () => {
  const reader = await raw();
  await reader.connect({ clientId: 'reader' });
  reader.send({
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: [{ topic: `kalancha/v1/${CITY}/#`, qos: 0 }],
  });
  await reader.next('suback');
  reader.pause();
  const teller = await raw();
  await teller.connect({ clientId: 'teller' });
  // More than the system's own buffers hold, from strangers' topics, for one device would be flooding.
  const payload = Buffer.alloc(60_000, 0x20);
  const count = 250;
  for (let i = 1; i <= count; i++)
    teller.send(publish(topicOf(CITY, 'ap', `stranger-${i}`, 'event'), payload, i));
  await until('all acknowledged', () => (teller.of('puback').length === count ? true : undefined));
  expect(bench.broker.refusals().slow).toBe(1);
  await eventually(() => expect(bench.broker.connections()).toBe(1));
  // The others go on.
  teller.send(
    publish(topicOf(CITY, 'ap', 'ap-1', 'state'), JSON.stringify(statePayload('ap-1', 1, 1)), count + 1),
  );
  await eventually(() => expect(bench.hub.statusOf('ap-1')).toBe('online'));
});

it('wrong secrets are counted, and told to the log once, not a thousand times', async () => {
  await bench.credentials.issue('ap-1');
  for (let i = 0; i < 5; i++) {
    const guesser = await raw();
    expect(
      await guesser.connect({ clientId: 'ap-1', username: 'ap-1', password: Buffer.from(`guess-${i}`) }),
    ).toBe(4);
  }
  expect(bench.broker.refusals()['sign-in']).toBe(5);
  expect(bench.hub.log.text().match(/refused at the broker/g)).toHaveLength(1);
  expect(bench.hub.log.text()).not.toContain('guess-');
});

it('a CONNECT with a name that is none is ended at once, not left open', async () => {
  for (const clientId of ['x'.repeat(129), 'a\0b', 'a\uFFFDb']) {
    const client = await raw();
    expect(await client.connect({ clientId })).toBe('closed');
  }
  // Bytes that are no UTF-8 (MQTT 3.1.1 section 1.5.3).
  const broken = generate({ ...CONNECT, clientId: 'abcd' });
  broken[broken.length - 1] = 0xff;
  const client = await raw();
  client.write(broken);
  await client.closed;
  expect(client.received).toEqual([]);
  expect(bench.broker.connections()).toBe(0);
});

it('thousands of filters of a session that stays cost no time, and more than a gateway needs its connection', async () => {
  const password = Buffer.from(await bench.credentials.issue('ap-1'));
  const device = await raw();
  expect(await device.connect({ clientId: 'ap-1', username: 'ap-1', password, clean: false })).toBe(0);
  for (let packet = 1; packet <= 6; packet++)
    device.send({
      ...{ cmd: 'subscribe', messageId: packet },
      subscriptions: Array.from({ length: 1_000 }, (_, i) => ({
        topic: `kalancha/v1/city-${packet}-${i}/00/ap/ap-1/command`,
        qos: 1 as const,
      })),
    });
  await device.closed;
  expect(bench.broker.refusals().filters).toBe(1);
  expect(await (await raw()).connect({ clientId: 'other' })).toBe(0);
});

it('no Will, filter or second CONNECT gives a device what is another’s', async () => {
  const password = Buffer.from(await bench.credentials.issue('ap-1'));
  const own = { clientId: 'ap-1', username: 'ap-1', password };
  const topic = topicOf(CITY, 'camera', 'cam-1', 'status');
  const teller = await raw();
  await teller.connect({ clientId: 'teller' });
  teller.send(publish(topic, JSON.stringify(statusPayload('cam-1', 1)), 1));
  await teller.next('puback');
  let device = await raw();
  const payload = Buffer.from(JSON.stringify(statusPayload('cam-1', 1, false)));
  expect(await device.connect({ ...own, will: { topic, payload, qos: 1, retain: true } })).toBe(5);
  await device.closed;
  device = await raw();
  expect(await device.connect(own)).toBe(0);
  const filters = ['#', '$SYS/#', '$share/all/kalancha/v1/#', `kalancha/v1/${CITY}/#`, topic];
  device.send({
    ...{ cmd: 'subscribe', messageId: 1 },
    subscriptions: filters.map((filter) => ({ topic: filter, qos: 1 as const })),
  });
  expect((await device.next('suback')).granted).toEqual(filters.map(() => 128));
  device.send({ ...CONNECT, clientId: 'cam-1' });
  await device.closed;
  expect(bench.broker.refusals()).toMatchObject({ will: 1, topic: 0, 'sign-in': 0 });
  expect(bench.hub.statusOf('cam-1')).toBe('online');
});

it('packets that are no messages are a flood too, and one that goes on after a new connection', async () => {
  const password = Buffer.from(await bench.credentials.issue('ap-1'));
  const own = { clientId: 'ap-1', username: 'ap-1', password };
  const ping = generate({ cmd: 'pingreq' });
  const device = await raw();
  expect(await device.connect(own)).toBe(0);
  device.write(Buffer.concat(Array.from({ length: 40_000 }, () => ping)));
  await device.closed;
  expect(bench.broker.refusals().control).toBe(1);
  const again = await raw();
  expect(await again.connect(own)).toBe(0);
  again.write(Buffer.concat(Array.from({ length: 40_000 }, () => ping)));
  await again.closed;
  expect(bench.broker.refusals().control).toBe(2);
  // Nobody else pays for it: neither another device nor a program of this machine, however much it acknowledges.
  const other = await raw();
  expect(await other.connect({ clientId: 'program' })).toBe(0);
  other.write(Buffer.concat(Array.from({ length: 13_000 }, () => ping)));
  await until('all answers', () => (other.of('pingresp').length === 13_000 ? true : undefined));
});

it('a Will that is to be kept, at quality 2, is told at once and to whoever subscribes later', async () => {
  const password = Buffer.from(await bench.credentials.issue('ap-1'));
  const listener = await raw();
  await listener.connect({ clientId: 'listener' });
  listener.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: statusTopic, qos: 1 }] });
  await listener.next('suback');
  const device = await raw();
  const payload = Buffer.from(JSON.stringify(statusPayload('ap-1', 4, false)));
  const will = { topic: statusTopic, payload, qos: 2 as const, retain: true };
  expect(await device.connect({ clientId: 'ap-1', username: 'ap-1', password, will })).toBe(0);
  device.send(publish(statusTopic, JSON.stringify(statusPayload('ap-1', 4)), 1));
  await device.next('puback');
  device.destroy();
  const told = () =>
    listener.of('publish').map(({ payload: text, retain }) => [JSON.parse(String(text)).online, retain]);
  await until('the Will', () => (told().length === 2 ? true : undefined));
  expect(told()).toEqual([
    [true, false],
    [false, false],
  ]);
  expect(bench.hub.statusOf('ap-1')).toBe('suspect');
  const later = await raw();
  await later.connect({ clientId: 'later' });
  later.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: statusTopic, qos: 1 }] });
  const kept = await later.next('publish');
  expect({ ...JSON.parse(String(kept.payload)), retain: kept.retain }).toMatchObject({
    ...{ online: false, session: 4, retain: true },
  });
});
