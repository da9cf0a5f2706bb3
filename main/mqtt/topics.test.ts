import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayPublish, maySubscribe, type Publisher } from './permissions.ts';
import { type Channel, filterMatches, formatTopic, parseTopic, shardOf, topicOf } from './topics.ts';

const nobody = () => false;

test('the shard is the first byte of SHA-256 of the device id', () => {
  expect(shardOf('ap-0042')).toBe(createHash('sha256').update('ap-0042').digest('hex').slice(0, 2));
});

test('a topic that was built is taken apart again', () => {
  const text = topicOf('moscow', 'camera', 'cam-1.a_b', 'state');
  expect(parseTopic(text)).toEqual({
    city: 'moscow',
    shard: shardOf('cam-1.a_b'),
    kind: 'camera',
    deviceId: 'cam-1.a_b',
    channel: 'state',
  });
});

test.each([
  'kalancha/v2/moscow/aa/ap/ap-1/state',
  'kalancha/v1/Moscow/aa/ap/ap-1/state',
  'kalancha/v1/moscow/AA/ap/ap-1/state',
  'kalancha/v1/moscow/aa/toaster/ap-1/state',
  'kalancha/v1/moscow/aa/ap/-ap/state',
  'kalancha/v1/moscow/aa/ap/ap-1/state/more',
  'kalancha/v1/moscow/aa/ap/ap-1',
  'kalancha/v1/moscow/aa/ap//state',
  '/kalancha/v1/moscow/aa/ap/ap-1/state',
  '',
])('%s is no topic of ours', (text) => {
  expect(parseTopic(text)).toBeUndefined();
});

test('what is taken apart is exactly what comes out again, for any text', () => {
  const part = fc.constantFrom('kalancha', 'v1', 'moscow', 'aa', 'ap', 'ap-1', 'state', '', '+', '#');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part).map((parts) => parts.join('/')),
      ),
      (text) => {
        const parsed = parseTopic(text);
        if (parsed) expect(formatTopic(parsed)).toBe(text);
      },
    ),
  );
});

const publishes = (publisher: Publisher, text: string): boolean => {
  const topic = parseTopic(text);
  return topic !== undefined && mayPublish(publisher, topic);
};

test('a device speaks only for itself and nobody but the hub commands', () => {
  const own = topicOf('moscow', 'ap', 'ap-1', 'state');
  const other = topicOf('moscow', 'ap', 'ap-2', 'state');
  const command = topicOf('moscow', 'ap', 'ap-1', 'command');
  expect(publishes({ deviceId: 'ap-1' }, own)).toBe(true);
  expect(publishes({ deviceId: 'ap-1' }, other)).toBe(false);
  expect(publishes('local', other)).toBe(true);
  expect(publishes('local', command)).toBe(false);
  expect(publishes({ deviceId: 'ap-1' }, command)).toBe(false);
});

test('a device hears only what is meant for it, a local program only our topics', () => {
  expect(maySubscribe({ deviceId: 'ap-1' }, topicOf('moscow', 'ap', 'ap-1', 'command'), nobody)).toBe(true);
  const others = ['ap-2/command', 'ap-1/status', 'ap-1/state', 'ap-1/+', 'ap-1/#', '+/command'];
  const own = topicOf('moscow', 'ap', 'ap-1', 'command').replace('ap-1/command', '');
  for (const filter of [
    ...others.map((rest) => own + rest),
    topicOf('moscow', 'ap', 'ap-2', 'command'),
    'kalancha/v1/#',
    '#',
  ])
    expect(maySubscribe({ deviceId: 'ap-1' }, filter, nobody)).toBe(false);
  expect(maySubscribe('local', 'kalancha/v1/#', nobody)).toBe(true);
  for (const filter of ['#', '+/v1/#', '$SYS/#', '$share/g/kalancha/v1/#'])
    expect(maySubscribe('local', filter, nobody)).toBe(false);
});

test('a gateway hears the commands to the devices below it, and nothing else of theirs', () => {
  const speaksFor = (gateway: string, device: string) => gateway === 'gw-1' && device === 'ap-1';
  const hears = (gateway: string, kind: 'ap' | 'gateway', device: string, channel: Channel) =>
    maySubscribe({ deviceId: gateway }, topicOf('moscow', kind, device, channel), speaksFor);
  expect(hears('gw-1', 'ap', 'ap-1', 'command')).toBe(true);
  expect(hears('gw-1', 'gateway', 'gw-1', 'command')).toBe(true);
  for (const [gateway, device, channel] of [
    ['gw-1', 'ap-1', 'ack'],
    ['gw-1', 'ap-2', 'command'],
    ['gw-2', 'ap-1', 'command'],
  ] as const)
    expect(hears(gateway, 'ap', device, channel)).toBe(false);
  // What it says for them goes on its own topics.
  expect(publishes({ deviceId: 'gw-1' }, topicOf('moscow', 'ap', 'ap-1', 'state'))).toBe(false);
});

test('filters take in what MQTT 3.1.1 section 4.7 says', () => {
  for (const [filter, topic, matches] of [
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/uptime', false],
    ['+/uptime', '$SYS/uptime', false],
    ['$SYS/#', '$SYS/uptime', true],
    ['Sport', 'sport', false],
  ] as const)
    expect([filter, topic, filterMatches(filter, topic)]).toEqual([filter, topic, matches]);
});
