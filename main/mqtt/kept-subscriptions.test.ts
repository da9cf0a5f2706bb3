import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RawClient, rawMqtt } from '../../tests/support/raw-mqtt.ts';
import { keepOnlyGranted } from './kept-subscriptions.ts';
import { listen } from './listen.ts';

let broker: Aedes;
let port: number;
let client: RawClient;
let closeServer: () => Promise<void>;
beforeEach(async () => {
  broker = await Aedes.createBroker({
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, subscription.topic === 'mine' ? subscription : null),
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
  const store: unknown = Reflect.get(broker, 'persistence');
  if (!(store instanceof Object && 'subscriptionsByTopic' in store)) throw new Error('no store');
  const { subscriptionsByTopic } = store;
  if (typeof subscriptionsByTopic !== 'function') throw new Error('no store');
  return subscriptionsByTopic.call(store, topic);
}

it('nothing is collected for a session under a filter that was refused', async () => {
  keepOnlyGranted(broker, (_client, filter) => filter === 'mine');
  expect(await keptOf('theirs')).toEqual([]);
});

it('what was granted is', async () => {
  keepOnlyGranted(broker, (_client, filter) => filter === 'mine');
  expect(await keptOf('mine')).toMatchObject([{ clientId: 'device', topic: 'mine' }]);
});

it('the library alone collects it: this room is still needed', async () => {
  expect(await keptOf('theirs')).toMatchObject([{ topic: '#' }, { topic: 'theirs' }]);
});
