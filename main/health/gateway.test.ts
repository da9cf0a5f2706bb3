import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  deviceRecord,
  handTurned,
  statePayload,
  statusPayload,
  temporaryFolder,
} from '../../tests/support/health-harness.ts';

let folder: ReturnType<typeof temporaryFolder>;
let hub: Awaited<ReturnType<typeof handTurned>>;
beforeEach(async () => {
  folder = temporaryFolder();
  hub = await handTurned(folder.path, [
    deviceRecord(1, 'switch', 'gw-1'),
    { ...deviceRecord(2, 'switch', 'sw-1'), parentId: 'gw-1' },
    { ...deviceRecord(3, 'ap', 'ap-1'), parentId: 'sw-1' },
    { ...deviceRecord(4, 'camera', 'cam-1'), parentId: 'gw-1' },
    deviceRecord(5, 'ap', 'ap-of-another'),
  ]);
});
afterEach(async () => {
  await hub.stop();
  folder.remove();
});

let seq = 0;
const tells = (more: object, channel: 'state' | 'event' = 'state') =>
  hub.send('gateway', 'gw-1', channel, statePayload('gw-1', 1, ++seq, more));
const healthOf = async (num: number) => {
  const device = hub.devices.find((record) => record.num === num);
  if (!device) throw new Error('no such device');
  return hub.health.health(device, true);
};

test('a gateway tells of devices of any kind below it, near and far, each by the rules for its own messages', async () => {
  hub.send('gateway', 'gw-1', 'status', statusPayload('gw-1', 1));
  tells({
    firmware: 'gw 2.1',
    statuses: [statusPayload('ap-1', 7, true, 60)],
    states: [
      statePayload('ap-1', 7, 1, { firmware: 'ap 1.4' }),
      statePayload('cam-1', 3, 1, { temperatureC: 40 }),
      statePayload('sw-1', 2, 1, { ports: [{ port: '1', up: true }] }),
    ],
  });
  expect(['gw-1', 'sw-1', 'ap-1', 'cam-1'].map(hub.statusOf)).toEqual(Array(4).fill('online'));
  expect(await healthOf(3)).toMatchObject({ firmware: 'ap 1.4', session: 7 });
  expect(await healthOf(4)).toMatchObject({ temperatureC: 40 });
  expect(await healthOf(1)).toMatchObject({ firmware: 'gw 2.1' });

  // An older session of the device is late, however new the gateway's message is.
  tells({ states: [statePayload('ap-1', 6, 900, { firmware: 'old' })] });
  expect((await healthOf(3)).firmware).toBe('ap 1.4');

  tells({ statuses: [statusPayload('ap-1', 7, false)] }, 'event');
  expect(hub.statusOf('ap-1')).toBe('suspect');
  hub.seconds(11);
  expect(hub.statusOf('ap-1')).toBe('offline');
  expect(hub.statusOf('cam-1')).toBe('online');
});

test('events of its devices are kept once, and what it says of itself outlives its event messages', async () => {
  tells({ firmware: 'gw 2.1' });
  const event = { ...statePayload('ap-1', 1, 5), type: 'radar', severity: 'warning' };
  tells({ events: [event] }, 'event');
  tells({ events: [event] }, 'event');
  const device = hub.devices.find((record) => record.id === 'ap-1');
  if (!device) throw new Error('no such device');
  expect((await hub.health.events(device)).map(({ type }) => type)).toEqual(['radar']);
  expect((await healthOf(1)).firmware).toBe('gw 2.1');
});

test('what is not below it is refused and counted against the gateway alone', async () => {
  tells({
    statuses: [statusPayload('ap-of-another', 1), statusPayload('nobody', 1), statusPayload('gw-1', 9)],
    states: [statePayload('ap-of-another', 1, 1)],
  });
  expect(hub.statusOf('ap-of-another')).toBe('never-seen');
  expect((await healthOf(5)).malformed.count).toBe(0);
  expect((await healthOf(1)).malformed).toMatchObject({ count: 3, lastReason: 'not-below' });
  expect(hub.statusOf('gw-1')).toBe('online');
  expect(hub.health.totals().strangers).toBe(1);
});

test('a broken entry costs its own device, not the others of the message', async () => {
  tells({
    states: [statePayload('ap-1', 1, 1, { uptimeS: -5 }), statePayload('cam-1', 1, 1), { id: 'sw-1', v: 1 }],
  });
  expect(['ap-1', 'cam-1', 'sw-1'].map(hub.statusOf)).toEqual(['bad-data', 'online', 'bad-data']);
  expect((await healthOf(3)).malformed.lastReason).toBe('wrong-field /uptimeS');
  // An access point is no gateway, whatever it says.
  hub.send('gateway', 'ap-1', 'state', statePayload('ap-1', 1, 2, { states: [] }));
  expect((await healthOf(3)).malformed.lastReason).toBe('wrong-kind');
});

test('while its gateway is gone a device is unknown since then, until it is heard, by whatever way', async () => {
  hub.send('gateway', 'gw-1', 'status', statusPayload('gw-1', 1));
  tells({ states: [statePayload('ap-1', 1, 1), statePayload('cam-1', 1, 1)] });
  hub.seconds(20);
  hub.send('gateway', 'gw-1', 'status', statusPayload('gw-1', 1, false));
  hub.seconds(12);
  const lost = (await healthOf(1)).since;
  expect(hub.statusOf('gw-1')).toBe('offline');
  expect((await healthOf(3)).unknownSince).toBe(lost);
  hub.send('camera', 'cam-1', 'state', statePayload('cam-1', 1, 2));
  expect((await healthOf(4)).unknownSince).toBe(null);
  hub.send('gateway', 'gw-1', 'status', statusPayload('gw-1', 2));
  expect((await healthOf(3)).unknownSince).toBe(null);
});

test('nor may a gateway have its devices be born and die without end', async () => {
  for (let session = 1; session <= 6; session++)
    tells({
      statuses: Array.from({ length: 20 }, (_, at) => statusPayload('ap-1', session * 100 + at)),
    });
  expect((await healthOf(3)).malformed).toMatchObject({ count: 20, lastReason: 'too-many' });
  tells({ statuses: [statusPayload('cam-1', 1)] });
  expect(hub.statusOf('cam-1')).toBe('online');
});

test('one device that floods through its gateway is held back alone', async () => {
  const states = Array.from({ length: 130 }, (_, index) => statePayload('ap-1', 1, index + 1));
  tells({ states: [...states, statePayload('cam-1', 1, 1)] });
  expect((await healthOf(3)).malformed).toMatchObject({ count: 30, lastReason: 'too-many' });
  expect(hub.statusOf('cam-1')).toBe('online');
});

test('nothing that a gateway may send throws, or touches what is not below it', () => {
  const entry = fc.oneof(
    fc.record({ id: fc.constantFrom('ap-1', 'cam-1', 'ap-of-another', 'gw-1', '__proto__') }),
    fc.constantFrom(statePayload('ap-of-another', 1, 1), statusPayload('ap-of-another', 2)),
    fc.jsonValue().map((value) => ({ id: 'ap-1', radios: value, statuses: value })),
  );
  const list = fc.oneof(fc.array(entry, { maxLength: 8 }), fc.jsonValue());
  fc.assert(
    fc.property(
      fc.record({ statuses: list, states: list, events: list, acks: list }, { requiredKeys: [] }),
      fc.constantFrom('state' as const, 'event' as const),
      (more, channel) => {
        tells(more, channel);
        expect(hub.statusOf('ap-of-another')).toBe('never-seen');
      },
    ),
    { numRuns: 200 },
  );
});
