import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RawClient, rawMqtt } from '../../tests/support/raw-mqtt.ts';
import { boundSessions } from './kept-sessions.ts';
import { listen } from './listen.ts';

const LIMITS = { filters: 4, unreleased: 3 };
let broker: Aedes;
let port: number;
let client: RawClient;
let closeServer: () => Promise<void>;
beforeEach(async () => {
  broker = await Aedes.createBroker({
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, subscription.topic.startsWith('mine') ? subscription : null),
  });
  const server = createServer((socket) => void broker.handle(socket));
  closeServer = () => new Promise((resolve) => server.close(() => resolve()));
  port = await listen(server, '127.0.0.1', 0);
  client = await rawMqtt(port);
});
afterEach(async () => {
  client.destroy();
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  await closeServer();
});

/** Subscribes with a session that stays; what is then kept for it of a message to this topic. */
async function keptOf(topic: string): Promise<unknown> {
  await client.connect({ clientId: 'device', clean: false });
  client.send({
    ...{ cmd: 'subscribe', messageId: 1 },
    subscriptions: ['mine', '#', 'theirs'].map((filter) => ({ topic: filter, qos: 1 as const })),
  });
  expect((await client.next('suback')).granted).toEqual([1, 128, 128]);
  return asked('subscriptionsByTopic', topic);
}

/** What the library's store answers when it is asked about these. */
async function asked(method: string, ...about: unknown[]): Promise<unknown> {
  const store: unknown = Reflect.get(broker, 'persistence');
  const ask: unknown = store instanceof Object ? Reflect.get(store, method) : undefined;
  if (typeof ask !== 'function') throw new Error('no store');
  return ask.apply(store, about);
}

it('nothing is collected for a session under a filter that was refused', async () => {
  boundSessions(broker, LIMITS, (_client, filter) => filter === 'mine');
  expect(await keptOf('theirs')).toEqual([]);
});

it('what was granted is', async () => {
  boundSessions(broker, LIMITS, (_client, filter) => filter === 'mine');
  expect(await keptOf('mine')).toMatchObject([{ clientId: 'device', topic: 'mine' }]);
});

it('the library alone collects it: this room is still needed', async () => {
  expect(await keptOf('theirs')).toMatchObject([{ topic: '#' }, { topic: 'theirs' }]);
});

it('of thousands of filters in one packet a session keeps as many as it may, looked at once', async () => {
  let looks = 0;
  boundSessions(broker, LIMITS, () => {
    looks += 1;
    return true;
  });
  await client.connect({ clientId: 'device', clean: false });
  const subscriptions = Array.from({ length: 2_000 }, (_, i) => ({ topic: `mine/${i}`, qos: 1 as const }));
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions });
  await client.next('suback');
  expect(looks).toBe(2_000);
  client.send({ cmd: 'subscribe', messageId: 2, subscriptions: subscriptions.slice(-1) });
  await client.next('suback');
  expect(await asked('subscriptionsByClient', { id: 'device' })).toHaveLength(LIMITS.filters);
});

it('messages that are never released are bounded over all connections of a session, and kept without their bytes', async () => {
  boundSessions(broker, LIMITS, () => true);
  const send = (messageId: number) =>
    client.send({
      ...{ cmd: 'publish', topic: 'mine', payload: Buffer.alloc(50_000), messageId },
      ...{ qos: 2, retain: false, dup: false },
    });
  await client.connect({ clientId: 'device', clean: false });
  for (const messageId of [1, 2]) send(messageId);
  await client.next('pubrec');
  await client.next('pubrec');
  expect(await asked('incomingGetPacket', { id: 'device' }, { messageId: 1 })).toMatchObject({
    payload: Buffer.alloc(0),
  });
  client.destroy();
  client = await rawMqtt(port);
  await client.connect({ clientId: 'device', clean: false });
  // Said twice: one message.
  for (const messageId of [2, 3]) send(messageId);
  await client.next('pubrec');
  await client.next('pubrec');
  client.send({ cmd: 'pubrel', messageId: 1 });
  await client.next('pubcomp');
  send(4);
  await client.next('pubrec');
  send(5);
  await client.closed;
});
