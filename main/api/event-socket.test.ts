import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../../tests/support/eventually.ts';
import { systemClock } from '../base/clock.ts';
import { EventsMessage } from '../contract/events.ts';
import { HealthStatuses, type Monitoring } from '../contract/health.ts';
import { makeTestCity, type TestCity, testDevice } from '../devices/test-city.ts';
import type { DeviceRecord } from '../devices/types.ts';
import { createEventSocket, type EventSocket } from './event-socket.ts';
import { makeTestDesk, type TestDesk } from './test-desk.ts';

const OFFLINE = HealthStatuses.indexOf('offline');
const monitoring: Monitoring = {
  broker: { kind: 'embedded', address: 'mqtt://127.0.0.1:1883', downSince: null, error: null },
  ingestStalledSince: null,
  recorder: { failingSince: null, error: null, cameras: 0, recording: 0, freeBytes: null, disks: [] },
  history: { failingSince: null, error: null, lostBatches: 0 },
  clockJumpedAt: null,
  messagesPerSecond: 0,
  counts: { camera: {}, ap: {}, switch: {} },
};

let city: TestCity;
let desk: TestDesk;
let events: EventSocket;
let address: string;
let blind: Monitoring;
const open: WebSocket[] = [];

beforeEach(async () => {
  city = await makeTestCity();
  const ids = [{ id: 'cam-1' }, { id: 'cam-2' }, { id: 'cam-3', districtId: 'kuntsevo' }];
  await city.devices.seed([], [], ids.map(testDevice));
  desk = await makeTestDesk(city);
  blind = monitoring;
  events = createEventSocket({
    gate: desk.gate,
    devices: city.devices,
    health: { monitoringOf: () => blind },
    bus: city.bus,
    clock: systemClock,
  });
  events.route(desk.app);
  desk.allow('olga', () => true);
  desk.allow('ivan', (_action, device) => device === null || device.districtId === 'arbat');
  address = new URL(await desk.app.listen({ host: '127.0.0.1', port: 0 })).host;
});
afterEach(async () => {
  events.stop();
  for (const socket of open.splice(0)) socket.terminate();
  await desk.app.close();
  await city.stop();
});

/** A console that collects what it is told, each message checked against the contract. */
async function console(token: string, hello: object | null = { type: 'hello' }) {
  const socket = new WebSocket(`ws://${address}/api/events`, {
    headers: { cookie: `session=${token}`, origin: `http://${address}` },
  });
  open.push(socket);
  const messages: EventsMessage[] = [];
  socket.on('message', (data) => messages.push(EventsMessage.parse(JSON.parse(String(data)))));
  let closed: number | undefined;
  socket.on('close', (code) => {
    closed = code;
  });
  await once(socket, 'open');
  if (hello) socket.send(JSON.stringify(hello));
  const of = <T extends EventsMessage['type']>(type: T) =>
    messages.filter((message): message is Extract<EventsMessage, { type: T }> => message.type === type);
  return {
    socket,
    messages,
    of,
    send: (message: object) => socket.send(JSON.stringify(message)),
    closed: () => closed,
    told: (type: EventsMessage['type'], count = 1) =>
      eventually(() => expect(of(type).length).toBeGreaterThanOrEqual(count)),
  };
}

function device(id: string): DeviceRecord {
  const record = city.devices.get(id);
  if (!record) throw new Error(`no device ${id}`);
  return record;
}

function goOffline(id: string, since = 1_000): void {
  const { num } = device(id);
  city.bus.emit('health.changed', [{ num, deviceId: id, status: 'offline', since, reason: 'will' }]);
}

test('without a session nobody is let in', async () => {
  const socket = new WebSocket(`ws://${address}/api/events`);
  open.push(socket);
  const [error] = await once(socket, 'error');
  expect(String(error)).toContain('401');
});

test('a page of another site is not let in, whatever cookie it carries', async () => {
  const socket = new WebSocket(`ws://${address}/api/events`, {
    headers: { cookie: 'session=olga', origin: 'https://elsewhere.example' },
  });
  open.push(socket);
  const [error] = await once(socket, 'error');
  expect(String(error)).toContain('403');
});

describe('status changes', () => {
  test('come coalesced, and only of devices that the person may view', async () => {
    const olga = await console('olga');
    const ivan = await console('ivan');
    await Promise.all([olga.told('reset'), ivan.told('reset')]);
    goOffline('cam-1', 1_000);
    goOffline('cam-1', 2_000);
    goOffline('cam-3', 3_000);
    await Promise.all([olga.told('status'), ivan.told('status')]);
    expect(olga.of('status')[0]?.changes).toEqual([
      [device('cam-1').num, OFFLINE, 2_000],
      [device('cam-3').num, OFFLINE, 3_000],
    ]);
    expect(ivan.of('status')[0]?.changes).toEqual([[device('cam-1').num, OFFLINE, 2_000]]);
  });

  test('a console that was away goes on from its cursor, another one begins anew', async () => {
    const first = await console('olga');
    await first.told('reset');
    const cursor = first.of('reset')[0]?.cursor;
    first.socket.close();
    goOffline('cam-2');
    const again = await console('olga', { type: 'hello', cursor });
    await again.told('status');
    expect(again.of('status')[0]?.changes).toEqual([[device('cam-2').num, OFFLINE, 1_000]]);
    expect(again.of('reset')).toEqual([]);
    for (const wrong of ['of-another-run.0.1', 'nonsense', `${cursor?.split('.')[0]}.99.1`]) {
      const lost = await console('olga', { type: 'hello', cursor: wrong });
      await lost.told('reset');
    }
  });

  test('a cursor of other rights begins anew', async () => {
    const first = await console('ivan');
    await first.told('reset');
    const cursor = first.of('reset')[0]?.cursor;
    first.socket.close();
    desk.allow('ivan', () => true);
    const again = await console('ivan', { type: 'hello', cursor });
    await again.told('reset');
  });
});

describe('rights', () => {
  test('taken away end the flow at once and are told', async () => {
    const ivan = await console('ivan');
    await ivan.told('reset');
    desk.allow('ivan', () => false);
    city.bus.emit('rights.changed', { personIds: ['ivan'] });
    goOffline('cam-1');
    await ivan.told('rights');
    const olga = await console('olga');
    await olga.told('reset');
    goOffline('cam-2');
    await olga.told('status');
    expect(ivan.of('status')).toEqual([]);
    expect(ivan.of('rights')).toHaveLength(1);
  });

  test('taken away without any event are noticed before the next message', async () => {
    const ivan = await console('ivan');
    await ivan.told('reset');
    desk.allow('ivan', () => false);
    goOffline('cam-1');
    await ivan.told('rights');
    expect(ivan.of('status')).toEqual([]);
  });

  test('an edit in the registry is told as such, not as rights', async () => {
    const olga = await console('olga');
    await olga.told('reset');
    await city.devices.seed([], [], [testDevice({ id: 'cam-4' })]);
    await olga.told('devices');
    expect(olga.of('rights')).toEqual([]);
  });

  test('a session that ended is told why, and closed', async () => {
    const ivan = await console('ivan');
    await ivan.told('reset');
    city.bus.emit('session.ended', { sessionId: 'ivan', personId: 'ivan', reason: 'locked' });
    await ivan.told('session-ended');
    expect(ivan.of('session-ended')[0]?.reason).toBe('locked');
    await eventually(() => expect(ivan.closed()).toBe(4401));
  });
});

describe('what is watched', () => {
  test('is told at every report, if it may be viewed', async () => {
    const ivan = await console('ivan');
    await ivan.told('reset');
    ivan.send({ type: 'watch', deviceIds: ['cam-1', 'cam-3'] });
    ivan.send({ type: 'ping' });
    await ivan.told('pong');
    city.bus.emit('health.reported', ['cam-3', 'cam-2', 'cam-1']);
    await ivan.told('health');
    expect(ivan.of('health')).toEqual([{ type: 'health', deviceId: 'cam-1' }]);
  });

  test('monitoring comes at once and at each change', async () => {
    const olga = await console('olga');
    await olga.told('monitoring');
    blind = { ...monitoring, broker: { ...monitoring.broker, downSince: 5_000 } };
    city.bus.emit('monitoring.changed', undefined);
    await olga.told('monitoring', 2);
    expect(olga.of('monitoring').at(-1)?.monitoring.broker.downSince).toBe(5_000);
  });

  test('a job is told to its owner alone', async () => {
    const olga = await console('olga');
    const ivan = await console('ivan');
    await Promise.all([olga.told('reset'), ivan.told('reset')]);
    city.bus.emit('job.changed', { jobId: 'job-1', ownerId: 'olga' });
    goOffline('cam-1');
    await Promise.all([olga.told('job'), ivan.told('status')]);
    expect(ivan.of('job')).toEqual([]);
  });
});

describe('a console that does not behave', () => {
  test.each([
    ['something before hello', { type: 'ping' }],
    ['something unknown', { type: 'everything' }],
    ['too much at once', { type: 'watch', deviceIds: ['x'.repeat(17_000)] }],
  ])('%s closes the connection', async (_what, message) => {
    const stranger = await console('olga', message);
    await eventually(() => expect([1008, 1009]).toContain(stranger.closed()));
    await eventually(() => expect(events.connections()).toBe(0));
  });

  test('a flood of messages closes the connection', async () => {
    const flood = await console('olga');
    for (let i = 0; i < 100; i++) flood.send({ type: 'ping' });
    await eventually(() => expect(flood.closed()).toBe(1008));
  });

  test('one person has a limited number of connections', async () => {
    for (let i = 0; i < 20; i++) await console('olga');
    const oneTooMany = await console('olga');
    await eventually(() => expect(oneTooMany.closed()).toBe(1013));
    const other = await console('ivan');
    await other.told('reset');
  });
});
