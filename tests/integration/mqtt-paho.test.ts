/**
 * The cases of Eclipse Paho's interoperability suite for MQTT 3.1.1 (paho.mqtt.testing, client_test.py), told again
 * on topics that our broker has. What it does otherwise than a general broker, and why, is listed in
 * docs/decisions/0011-a-broker-for-devices-only.md; `the ways in which it differs` below holds it to that list.
 */
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { topicOf } from '../../main/mqtt/topics.ts';
import { type EmbeddedHub, startEmbeddedHub } from '../support/embedded-hub.ts';
import { CITY, statusPayload } from '../support/health-harness.ts';
import { until } from '../support/hub-process.ts';
import { type RawClient, rawMqtt } from '../support/raw-mqtt.ts';

const event = (id: string) => topicOf(CITY, 'ap', id, 'event');
const status = (kind: 'ap' | 'camera' | 'switch', id: string) => topicOf(CITY, kind, id, 'status');
const command = topicOf(CITY, 'ap', 'ap-1', 'command');
const everything = `kalancha/v1/${CITY}/#`;
const events = `kalancha/v1/${CITY}/+/+/+/event`;

interface Heard {
  topic: string;
  text: string;
  qos: number;
  retain: boolean;
}

let bench: EmbeddedHub;
let secret: string;
const clients: MqttClient[] = [];
const raws: RawClient[] = [];

beforeAll(async () => {
  bench = await startEmbeddedHub();
  secret = await bench.credentials.issue('ap-1');
});
afterAll(() => bench.stop());
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  for (const client of raws.splice(0)) client.destroy();
});

async function client(more: mqtt.IClientOptions = {}) {
  const heard: Heard[] = [];
  const made = await mqtt.connectAsync(`mqtt://127.0.0.1:${bench.port}`, {
    ...{ protocolVersion: 4, reconnectPeriod: 0, ...more },
  });
  clients.push(made);
  made.on('message', (topic, payload, { qos, retain }) =>
    heard.push({ topic, text: payload.toString(), qos, retain }),
  );
  return { mqtt: made, heard };
}

async function raw() {
  const made = await rawMqtt(bench.port);
  raws.push(made);
  return made;
}
const asDevice = { username: 'ap-1', clientId: 'ap-1', clean: false };
const withSecret = () => ({ ...asDevice, password: Buffer.from(secret) });

/**
 * Everything sent to this client before now has come: what is sent last is heard last. At quality 2, for what was sent
 * at that is heard only at the end of its handshake: a mark at quality 1 would overtake it.
 */
async function settled({ mqtt: made, heard }: Awaited<ReturnType<typeof client>>) {
  const mark = `mark ${heard.length}`;
  await made.publishAsync(event('mark'), mark, { qos: 2 });
  await until('the mark', () => (heard.some(({ text }) => text === mark) ? true : undefined));
  return heard.filter(({ topic }) => topic !== event('mark'));
}

describe('basic', () => {
  it('connects, ends, connects again, and hears what it says at each quality of service', async () => {
    const first = await client({ clientId: 'basic' });
    await first.mqtt.endAsync();
    const again = await client({ clientId: 'basic' });
    await again.mqtt.subscribeAsync(event('ap-1'), { qos: 2 });
    for (const qos of [0, 1, 2] as const) await again.mqtt.publishAsync(event('ap-1'), `qos ${qos}`, { qos });
    await until('three messages', () => (again.heard.length === 3 ? true : undefined));
    expect(again.heard.map(({ text, qos }) => [text, qos])).toEqual([
      ['qos 0', 0],
      ['qos 1', 1],
      ['qos 2', 2],
    ]);
  });

  it('ends a connection that says CONNECT twice, or begins with anything else', async () => {
    const twice = await raw();
    expect(await twice.connect()).toBe(0);
    twice.send({ cmd: 'connect', clientId: 'raw', protocolId: 'MQTT', protocolVersion: 4, clean: true });
    await twice.closed;
    const eager = await raw();
    eager.send({ cmd: 'publish', topic: event('ap-1'), payload: 'x', qos: 0, retain: false, dup: false });
    await eager.closed;
    expect(twice.of('connack')).toHaveLength(1);
    expect(eager.received).toEqual([]);
  });

  it('ends a connection with another protocol’s name, and tells a client of MQTT 5 to speak 3.1.1', async () => {
    const other = await raw();
    // Protocol name "hj" of level 4: what the suite sends.
    other.write(Uint8Array.from([0x10, 11, 0, 2, 0x68, 0x6a, 4, 2, 0, 60, 0, 1, 0x61]));
    await other.closed;
    expect(other.received).toEqual([]);
    const newer = await raw();
    // Level 5 with no properties; the answer must be in the form of 3.1.1: return code 1.
    newer.write(Uint8Array.from([0x10, 14, 0, 4, 0x4d, 0x51, 0x54, 0x54, 5, 2, 0, 60, 0, 0, 1, 0x61]));
    expect(await until('an answer', () => newer.of('connack')[0]?.returnCode)).toBe(1);
    await newer.closed;
  });
});

it('zero-length client id: welcome for a clean session, refused with code 2 for one that stays', async () => {
  expect(await (await raw()).connect({ clientId: '', clean: true })).toBe(0);
  const staying = await raw();
  // What no library would send: CONNECT without "clean session", with an id of no letters.
  staying.write(Uint8Array.from([0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0, 0, 60, 0, 0]));
  expect(await until('an answer', () => staying.of('connack')[0]?.returnCode)).toBe(2);
  await staying.closed;
});

it('retained messages come to whoever subscribes later, marked as retained', async () => {
  const teller = await client();
  const births = [
    { kind: 'ap', id: 'ap-1', qos: 0 },
    { kind: 'camera', id: 'cam-1', qos: 1 },
    { kind: 'switch', id: 'sw-1', qos: 2 },
  ] as const;
  const listener = await client();
  await listener.mqtt.subscribeAsync(everything, { qos: 2 });
  for (const { kind, id, qos } of births)
    await teller.mqtt.publishAsync(status(kind, id), JSON.stringify(statusPayload(id, 1)), {
      ...{ qos, retain: true },
    });
  const live = await settled(listener);
  expect(live.filter(({ topic }) => topic.endsWith('/status')).map(({ retain }) => retain)).toEqual([
    false,
    false,
    false,
  ]);

  const later = await client();
  await later.mqtt.subscribeAsync(`kalancha/v1/${CITY}/+/+/+/status`, { qos: 1 });
  await until('three births', () => (later.heard.length === 3 ? true : undefined));
  expect(later.heard.map(({ topic, retain }) => ({ topic, retain })).sort(byTopic)).toEqual(
    births.map(({ kind, id }) => ({ topic: status(kind, id), retain: true })).sort(byTopic),
  );
});
it('retained statuses outlive a restart of the hub', async () => {
  const teller = await client();
  await teller.mqtt.publishAsync(status('switch', 'sw-1'), JSON.stringify(statusPayload('sw-1', 4)), {
    qos: 1,
  });
  await bench.restart();
  const later = await client();
  await later.mqtt.subscribeAsync(status('switch', 'sw-1'), { qos: 1 });
  const told = await until('the birth', () => later.heard[0]);
  expect({ ...told, ...JSON.parse(told.text) }).toMatchObject({ retain: true, online: true, session: 4 });
});
const byTopic = (a: { topic: string }, b: { topic: string }) => a.topic.localeCompare(b.topic);

it('a Will is told when a connection breaks, and not when it is ended properly', async () => {
  const listener = await client();
  await listener.mqtt.subscribeAsync(events, { qos: 2 });
  const willOf = (text: string) => ({
    will: { topic: event('ap-1'), payload: Buffer.from(text), qos: 1 as const, retain: false },
  });
  const polite = await raw();
  expect(await polite.connect(willOf('never told'))).toBe(0);
  polite.send({ cmd: 'disconnect' });
  await polite.closed;
  const broken = await raw();
  expect(await broken.connect({ clientId: 'broken', ...willOf('told') })).toBe(0);
  broken.destroy();
  await until('the Will', () => (listener.heard.some(({ text }) => text === 'told') ? true : undefined));
  expect((await settled(listener)).map(({ text }) => text)).not.toContain('never told');
});

it('keepalive: who says nothing for one and a half of it is gone, and its Will is told', async () => {
  const listener = await client();
  await listener.mqtt.subscribeAsync(events, { qos: 2 });
  const silent = await raw();
  expect(
    await silent.connect({
      ...{ clientId: 'silent', keepalive: 1 },
      will: { topic: event('ap-1'), payload: Buffer.from('keepalive expiry'), qos: 0, retain: false },
    }),
  ).toBe(0);
  await silent.closed;
  await until('the Will', () => (listener.heard[0]?.text === 'keepalive expiry' ? true : undefined));
});

it('overlapping subscriptions: each matching one is served, at its own quality', async () => {
  const both = await client();
  await both.mqtt.subscribeAsync({
    [events]: { qos: 2 },
    [`kalancha/v1/${CITY}/+/ap/ap-1/event`]: { qos: 1 },
  });
  await both.mqtt.publishAsync(event('ap-1'), 'overlapping', { qos: 2 });
  const heard = await settled(both);
  expect([1, 2]).toContain(heard.length);
  expect(Math.max(...heard.map(({ qos }) => qos))).toBe(2);
});

it('unsubscribe: nothing more comes of that filter, everything of the others', async () => {
  const listener = await client();
  await listener.mqtt.subscribeAsync({
    [event('ap-1')]: { qos: 2 },
    [event('ap-2')]: { qos: 2 },
    [event('mark')]: { qos: 1 },
  });
  await listener.mqtt.unsubscribeAsync(event('ap-1'));
  for (const id of ['ap-1', 'ap-2']) await listener.mqtt.publishAsync(event(id), id, { qos: 1 });
  expect((await settled(listener)).map(({ text }) => text)).toEqual(['ap-2']);
});

describe('a session that stays', () => {
  const say = (text: string) => bench.broker.send({ topic: command, payload: text, expiresS: 60 });

  it('offline message queueing: what was commanded meanwhile waits for the device', async () => {
    const device = await raw();
    await device.connect(withSecret());
    device.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: command, qos: 2 }] });
    expect((await device.next('suback')).granted).toEqual([2]);
    device.send({ cmd: 'disconnect' });
    await device.closed;
    for (const text of ['one', 'two', 'three']) await say(text);

    const back = await raw();
    await back.connect(withSecret());
    expect(back.of('connack')[0]?.sessionPresent).toBe(true);
    await until('three commands', () => (back.of('publish').length === 3 ? true : undefined));
    expect(back.of('publish').map(({ payload }) => String(payload))).toEqual(['one', 'two', 'three']);
    for (const { messageId } of back.of('publish')) back.send({ cmd: 'puback', messageId });
    back.send({ cmd: 'pingreq' });
    await back.next('pingresp');
    back.send({ cmd: 'disconnect' });
    await back.closed;
    // Acknowledged is done with: nothing is told twice.
    const third = await raw();
    await third.connect(withSecret());
    third.send({ cmd: 'pingreq' });
    await third.next('pingresp');
    expect(third.of('publish')).toEqual([]);
  });

  it('redelivery on reconnect: what was not acknowledged is told again under its old number', async () => {
    const device = await raw();
    await device.connect(withSecret());
    device.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: command, qos: 1 }] });
    await device.next('suback');
    await say('unacknowledged');
    const first = await device.next('publish');
    expect(first).toMatchObject({ qos: 1, dup: false });
    device.destroy();
    await device.closed;

    const back = await raw();
    await back.connect(withSecret());
    const again = await back.next('publish');
    expect(String(again.payload)).toBe('unacknowledged');
    expect(again.messageId).toBe(first.messageId);
    back.send({ cmd: 'puback', messageId: again.messageId });
  });
});

it('subscribe failure: what may not be heard is answered with 0x80, the rest of the packet is granted', async () => {
  const device = await raw();
  await device.connect({ ...withSecret(), clean: true });
  device.send({
    cmd: 'subscribe',
    messageId: 7,
    subscriptions: [
      { topic: command, qos: 1 },
      ...['#', '+/#', everything, '$SYS/#', topicOf(CITY, 'ap', 'ap-2', 'command'), 'nosubscribe'].map(
        (topic) => ({ topic, qos: 1 as const }),
      ),
    ],
  });
  expect((await device.next('suback')).granted).toEqual([1, 128, 128, 128, 128, 128, 128]);
});

it('$ topics are hidden from wildcards, and nobody may publish to them', async () => {
  const listener = await client();
  await listener.mqtt.subscribeAsync(events, { qos: 2 });
  const pretender = await raw();
  await pretender.connect();
  pretender.send({
    cmd: 'publish',
    topic: `$${event('ap-1')}`,
    payload: 'x',
    qos: 1,
    messageId: 1,
    retain: false,
    dup: false,
  });
  await pretender.closed;
  expect(pretender.of('puback')).toEqual([]);
  expect(await settled(listener)).toEqual([]);
});

describe('the ways in which it differs', () => {
  it('a message told again is not marked as a repetition (MQTT-3.3.1-1)', async () => {
    const device = await raw();
    await device.connect(withSecret());
    device.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: command, qos: 1 }] });
    await device.next('suback');
    await bench.broker.send({ topic: command, payload: 'twice', expiresS: 60 });
    await device.next('publish');
    device.destroy();
    await device.closed;
    const back = await raw();
    await back.connect(withSecret());
    const again = await back.next('publish');
    expect(again.dup).toBe(false);
    back.send({ cmd: 'puback', messageId: again.messageId });
    back.send({ cmd: 'pingreq' });
    await back.next('pingresp');
  });

  it('keeps nothing but statuses of registered devices, as the hub knows them; an empty one deletes nothing', async () => {
    const teller = await client();
    const says = (topic: string, text: string) =>
      teller.mqtt.publishAsync(topic, text, { qos: 1, retain: true });
    await says(event('ap-1'), 'an event');
    await says(status('ap', 'nobody'), JSON.stringify(statusPayload('nobody', 1)));
    await says(status('ap', 'ap-1'), JSON.stringify({ ...statusPayload('ap-1', 3), note: 'not ours' }));
    await says(status('ap', 'ap-1'), '');
    const later = await client();
    await later.mqtt.subscribeAsync(`kalancha/v1/${CITY}/+/ap/#`, { qos: 2 });
    const heard = await settled(later);
    expect(
      heard.map(({ topic, qos, retain, text }) => ({ topic, qos, retain, ...JSON.parse(text) })),
    ).toEqual([
      {
        ...{ topic: status('ap', 'ap-1'), qos: 1, retain: true },
        ...{ v: 1, id: 'ap-1', online: true, session: 3, heartbeatS: 30 },
      },
    ]);
  });

  it('gives a session that stays to the device itself alone: under another client id it is a clean one', async () => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const other = await raw();
      await other.connect({ ...withSecret(), clientId: 'another' });
      expect(other.of('connack')[0]?.sessionPresent).toBe(false);
      other.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: command, qos: 1 }] });
      await other.next('suback');
      other.send({ cmd: 'disconnect' });
      await other.closed;
    }
  });

  it('ends the connection that publishes what it may not, for 3.1.1 knows no other refusal', async () => {
    const device = await raw();
    await device.connect({ ...withSecret(), clean: true });
    const topic = event('ap-2');
    device.send({ cmd: 'publish', topic, payload: 'x', qos: 1, messageId: 1, retain: false, dup: false });
    await device.closed;
    expect(device.of('puback')).toEqual([]);
  });
});
