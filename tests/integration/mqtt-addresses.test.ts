import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { manualClock } from '../../main/base/clock.ts';
import { type EmbeddedHub, startEmbeddedHub } from '../support/embedded-hub.ts';
import { eventually } from '../support/eventually.ts';
import { type RawClient, rawMqtt } from '../support/raw-mqtt.ts';

/** Of which one address may hold an eighth, seven, without saying who they are. */
const LIMIT = 50;
const AT_A_TIME = 5;

let bench: EmbeddedHub;
let clients: RawClient[];
let secret: Buffer;
/** Stands still: no failure is forgiven while a test lasts, however slow the machine. */
const clock = manualClock(Date.now());
beforeEach(async () => {
  // Loopback has a whole network of addresses: all but one of them are strangers here.
  bench = await startEmbeddedHub(
    {
      ...{ connectionLimit: LIMIT, connectTimeoutMs: 3_600_000 },
      isLocal: (address) => address === '127.0.0.1',
    },
    { clock },
  );
  secret = Buffer.from(await bench.credentials.issue('ap-1'));
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await bench.stop();
});

async function from(localAddress: string): Promise<RawClient> {
  const socket = connect({ port: bench.port, host: '127.0.0.1', localAddress });
  const client = await rawMqtt(bench.port, socket);
  clients.push(client);
  // Who is turned away may never come to be connected.
  await Promise.race([new Promise<void>((resolve) => socket.once('connect', resolve)), client.closed]);
  return client;
}
/** So many times, a few at a time: no address may hold more without saying who they are. */
async function times(count: number, once: (at: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < count; at += AT_A_TIME)
    await Promise.all(Array.from({ length: Math.min(AT_A_TIME, count - at) }, (_, i) => once(at + i)));
}
const device = () => ({ clientId: 'ap-1', username: 'ap-1', password: secret });

it('an address that guesses is turned away before a word, also with the right secret; no other is', async () => {
  const guesser = '127.0.0.2';
  await times(200, async (guess) => {
    const client = await from(guesser);
    expect(await client.connect({ ...device(), password: Buffer.from(`guess ${guess}`) })).toBe(4);
    await client.closed;
  });
  expect(bench.broker.refusals()).toMatchObject({ 'sign-in': 200, guessing: 0 });
  expect(await (await from(guesser)).connect(device())).toBe('closed');
  expect(bench.broker.refusals().guessing).toBe(1);
  for (const other of ['127.0.0.3', '127.0.0.1'])
    expect(await (await from(other)).connect({ ...device(), clientId: other })).toBe(0);
  // A failure is forgiven ten times a second.
  clock.advance(1_000);
  expect(await (await from(guesser)).connect(device())).toBe(0);
});

it('one address holds an eighth of all connections unsaid, and gets more as it says who they are', async () => {
  const silent: RawClient[] = [];
  for (let i = 0; i < 7; i++) silent.push(await from('127.0.0.4'));
  const eighth = await from('127.0.0.4');
  await eighth.closed;
  expect(bench.broker.refusals().address).toBe(1);
  expect(silent.map((client) => client.isClosed())).toEqual(silent.map(() => false));
  expect(await (await from('127.0.0.5')).connect({ ...device(), clientId: 'other' })).toBe(0);
  expect(await silent[0]?.connect(device())).toBe(0);
  silent[1]?.destroy();
  await eventually(async () => expect(await (await from('127.0.0.4')).connect(device())).toBe(0));
});

it('nobody comes in without credentials from an address that is not this machine’s', async () => {
  expect(await (await from('127.0.0.6')).connect({ clientId: 'program' })).toBe(5);
  expect(await (await from('127.0.0.1')).connect({ clientId: 'program' })).toBe(0);
});

it('a Will for another’s topic is no guess: its address is not held back for it', async () => {
  const will = { topic: 'kalancha/v1/moscow/00/ap/ap-2/status', payload: Buffer.from('x'), qos: 1 as const };
  await times(201, async () => {
    const client = await from('127.0.0.7');
    expect(await client.connect({ ...device(), will: { ...will, retain: false } })).toBe(5);
    await client.closed;
  });
  expect(await (await from('127.0.0.7')).connect(device())).toBe(0);
  expect(bench.broker.refusals()).toMatchObject({ will: 201, 'sign-in': 0, guessing: 0 });
});
