import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  CITY,
  deviceRecord,
  type HealthHarness,
  linkUp,
  recordsOnly,
  startHealth,
  statePayload,
  statusPayload,
  temporaryFolder,
} from '../../tests/support/health-harness.ts';
import { type ManualClock, manualClock } from '../base/clock.ts';
import { createHealthPast } from '../health/past.ts';
import { createOutagesByParent } from '../incidents/past-outages.ts';
import { type Channel, parseTopic, topicOf } from '../mqtt/topics.ts';
import { createReckoner } from './reckoner.ts';

const SECOND = 1_000;
let folder: ReturnType<typeof temporaryFolder>;
let clock: ManualClock;
let hub: HealthHarness;
let seq = 0;

const start = async () => {
  hub = await startHealth({
    ...{ dataDir: folder.path, clock },
    devices: [1, 2, 3, 4].map((num) => deviceRecord(num, 'ap', `ap-${num}`)),
  });
};
beforeEach(async () => {
  folder = temporaryFolder();
  clock = manualClock();
  await start();
  hub.health.sink.link(linkUp);
});
afterEach(async () => {
  await hub.stop();
  folder.remove();
});

function say(num: number, channel: Channel, payload: object): void {
  const topic = parseTopic(topicOf(CITY, 'ap', `ap-${num}`, channel));
  if (!topic) throw new Error('no topic');
  hub.health.sink.take({
    ...{ topic, payload: Buffer.from(JSON.stringify(payload)) },
    ...{ retained: false, rxAt: clock.now() },
  });
}
const born = (num: number, online = true) => say(num, 'status', statusPayload(`ap-${num}`, 1, online));
/** Seconds in which these report each ten. */
function pass(seconds: number, ...alive: number[]): void {
  for (let second = 0; second < seconds; second++) {
    clock.advance(SECOND);
    if (second % 10 === 0) seq += 1;
    if (second % 10 === 0) for (const num of alive) say(num, 'state', statePayload(`ap-${num}`, 1, seq));
    hub.health.tick();
  }
}
/** What the report says of each since then, seconds. */
async function since(from: number): Promise<string[]> {
  await hub.health.flush();
  const reckoner = createReckoner({
    past: createHealthPast(hub.db, clock),
    outagesByParent: createOutagesByParent(hub.db, clock),
    heartbeatOf: () => 30_000,
    devices: recordsOnly(hub.devices),
  });
  const range = { from, until: clock.now() };
  const times = await reckoner.times([1, 2, 3, 4], range, await reckoner.blind(range));
  return [...times.values()].map(
    ({ up, down, unknown }) => `up ${up / SECOND} down ${down / SECOND} unknown ${unknown / SECOND}`,
  );
}

/** 1 and 2 live, 3 and 4 are down, for two minutes. */
function twoMinutes(): number {
  const from = clock.now();
  for (const num of [1, 2, 3, 4]) born(num);
  for (const num of [3, 4]) born(num, false);
  pass(120, 1, 2);
  return from + 60 * SECOND;
}

test('a hub that takes minutes to stop and to start declares nobody down, and none of that time is up or down', async () => {
  const from = twoMinutes();
  // Its broker is closed already; footage, exports and pictures take their time.
  hub.health.deafen();
  pass(200);
  await hub.stop();
  clock.advance(390 * SECOND);
  await start();
  // Footage is repaired before anything listens.
  pass(200);
  expect(['ap-1', 'ap-3'].map(hub.statusOf)).toEqual(['online', 'offline']);
  await hub.health.flush();
  // 1 lives, 2 died meanwhile, 3 came back meanwhile, 4 is down as before.
  hub.health.sink.link(linkUp);
  pass(5);
  born(3);
  pass(95, 1, 3);
  expect(await since(from)).toEqual([
    'up 160 down 0 unknown 790',
    'up 60 down 25 unknown 865',
    'up 95 down 60 unknown 795',
    'up 0 down 160 unknown 790',
  ]);
  expect(await hub.db.selectFrom('blind_spans').select('reason').execute()).toEqual([
    { reason: 'hub-stopped' },
  ]);
});

test('a hub killed again before it could listen has not ended the time of which nothing is known', async () => {
  const from = twoMinutes();
  await hub.health.flush();
  await hub.kill();
  clock.advance(100 * SECOND);
  await start();
  pass(100);
  await hub.health.flush();
  await hub.kill();
  clock.advance(190 * SECOND);
  await start();
  hub.health.sink.link(linkUp);
  pass(100, 1, 2);
  expect((await since(from)).at(0)).toBe('up 160 down 0 unknown 390');
  expect((await since(from)).at(3)).toBe('up 0 down 160 unknown 390');
});

test('the sleep of the machine is blind time, and devices get their time anew after it', async () => {
  const from = twoMinutes();
  pass(29);
  clock.jump(390 * SECOND);
  pass(60);
  expect(hub.statusOf('ap-1')).toBe('online');
  pass(16);
  expect(hub.statusOf('ap-1')).toBe('offline');
  expect((await since(from)).at(3)).toBe('up 0 down 165 unknown 390');
});
