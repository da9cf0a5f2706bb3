import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  CITY,
  linkUp,
  statePayload,
  statusPayload,
  storedHistory,
} from '../../../tests/support/health-harness.ts';
import { AccessPointRows, DeviceEvent, DeviceHealth, Monitoring } from '../../contract/health.ts';
import { Quarantine } from '../../contract/quarantine.ts';
import { makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import { createHealth, type Health } from '../../health/health.ts';
import { type Channel, parseTopic, type TopicKind, topicOf } from '../../mqtt/topics.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { healthRoutes } from './health.ts';
import { monitoringRoutes } from './monitoring.ts';
import { wifiRoutes } from './wifi.ts';

let city: TestCity;
let desk: TestDesk;
let health: Health;

/** Who restarts by command. */
let restarting = '';
const underWay = { kind: 'reboot', personId: 'p', personName: 'П', sentAt: 1, until: 2 } as const;
beforeEach(async () => {
  restarting = '';
  city = await makeTestCity();
  const aps = [
    {
      id: 'ap-1',
      kind: 'ap' as const,
      name: 'Арбат 1',
      model: 'X1',
      owner: 'ДИТ',
      contractor: 'Связьмонтаж',
    },
    { id: 'ap-2', kind: 'ap' as const, districtId: 'kuntsevo', parentId: 'sw-1' },
    { id: 'sw-1', kind: 'switch' as const, name: 'Шкаф 1' },
  ];
  await city.devices.seed([], [], [...aps, { id: 'cam-1' }].map(testDevice));
  desk = await makeTestDesk(city);
  const { storage, clock, bus, log, devices } = city;
  health = await createHealth({
    ...{ db: storage.db, clock, bus, log, devices, city: CITY },
    recorder: () => ({ failingSince: null, error: null, cameras: 1, recording: 1, freeBytes: 5, disks: [] }),
    history: { sample: () => undefined, storedWithin: async () => true, state: () => storedHistory },
  });
  health.sink.link(linkUp);
  healthRoutes(desk.app, {
    ...{ gate: desk.gate, health, devices },
    commands: { cuttingOff: (num) => (devices.byNum(num)?.id === restarting ? underWay : undefined) },
  });
  wifiRoutes(desk.app, { gate: desk.gate, devices, health });
  monitoringRoutes(desk.app, { gate: desk.gate, health });
  const inArbat = (device: { districtId: string } | null) => device === null || device.districtId === 'arbat';
  desk.allow('technician', () => true);
  desk.allow('viewer', (action) => action === 'device.view');
  desk.allow('wifi-viewer', (action) => action !== 'wifi.clients');
  desk.allow('arbat', (_action, device) => inArbat(device));
  tell('status', statusPayload('ap-1', 1));
  tell('state', {
    ...statePayload('ap-1', 1, 1, { firmware: 'f7', uptimeS: 60 }),
    radios: [{ band: '5', channel: 44, widthMHz: 80, noiseDbm: -97 }],
    clients: [{ mac: 'AA:BB:CC:DD:EE:FF' }],
  });
});
afterEach(async () => {
  await desk.app.close();
  await health.stop();
  await city.stop();
});

function tell(channel: Channel, payload: object, kind: TopicKind = 'ap', id = 'ap-1'): void {
  const topic = parseTopic(topicOf(CITY, kind, id, channel));
  if (!topic) throw new Error('no topic');
  health.sink.take({
    topic,
    payload: Buffer.from(JSON.stringify(payload)),
    retained: false,
    rxAt: city.clock.now(),
  });
}

const get = async (token: string, url: string) => desk.as(token, { method: 'GET', url });
const healthFor = async (token: string) =>
  DeviceHealth.parse((await get(token, '/api/devices/ap-1/health')).json());

test('what was refused is shown as far as the device is: no sample of a point without wifi.view, no MAC to anybody', async () => {
  tell('state', statePayload('ap-1', 1, 2, { clients: [{ mac: 'AA:BB:CC:DD:EE:FF', rssiDbm: 'loud' }] }));
  const url = '/api/devices/ap-1/quarantine';
  const seenBy = async (token: string) => Quarantine.parse((await get(token, url)).json()).entries;
  const [entry] = await seenBy('technician');
  expect(entry).toMatchObject({ reason: 'wrong-field', place: '/clients/0/rssiDbm', tongue: 'kalancha' });
  expect(entry?.sample?.text).toContain('"mac":"aa:bb:cc:xx:xx:xx"');
  expect(await seenBy('viewer')).toMatchObject([{ count: 1, sample: null }]);
});

test('health is shown as far as the person may see: clients with wifi.view, their MACs with wifi.clients', async () => {
  expect(await healthFor('technician')).toMatchObject({
    status: 'online',
    firmware: 'f7',
    clientCount: 1,
    clients: [{ mac: 'AA:BB:CC:DD:EE:FF' }],
  });
  expect((await healthFor('wifi-viewer')).clients).toMatchObject([{ mac: 'aa:bb:cc:xx:xx:xx' }]);
  expect(await healthFor('viewer')).toMatchObject({ clientCount: 1, clients: [] });
});

test('no health and no events without a session, without the right, or of no device', async () => {
  for (const path of ['health', 'events', 'quarantine']) {
    expect((await desk.app.inject(`/api/devices/ap-1/${path}`)).statusCode).toBe(401);
    expect((await get('arbat', `/api/devices/ap-2/${path}`)).statusCode).toBe(403);
    expect((await get('technician', `/api/devices/nobody/${path}`)).statusCode).toBe(404);
  }
});

test('events come newest first', async () => {
  for (const seq of [2, 3])
    tell('event', { ...statePayload('ap-1', 1, seq), type: `event-${seq}`, severity: 'info', data: { seq } });
  const answer = await get('viewer', '/api/devices/ap-1/events');
  expect(
    DeviceEvent.array()
      .parse(answer.json())
      .map((event) => event.type),
  ).toEqual(['event-3', 'event-2']);
});

test('events of access points name clients only to whoever may see them', async () => {
  const data = { 'AA:BB:CC:DD:EE:FF': 1, left: ['aa-bb-cc-dd-ee-ff left', { mac: 'aabbccddeeff' }], n: 7 };
  tell('event', {
    ...statePayload('ap-1', 1, 2),
    ...{ type: 'roam', severity: 'info', source: { client: 'AA:BB:CC:DD:EE:FF' }, data },
  });
  const eventFor = async (token: string) =>
    DeviceEvent.array().parse((await get(token, '/api/devices/ap-1/events')).json())[0];
  expect(await eventFor('technician')).toMatchObject({ source: { client: 'AA:BB:CC:DD:EE:FF' }, data });
  const masked = 'aa:bb:cc:xx:xx:xx';
  const some = await eventFor('wifi-viewer');
  expect(some?.source).toEqual({ client: masked });
  expect(some?.data).toEqual({ [masked]: 1, left: [`${masked} left`, { mac: masked }], n: 7 });
  expect(await eventFor('viewer')).toMatchObject({ type: 'roam', source: {}, data: {} });
  expect((await eventFor('viewer'))?.data).toEqual({});
});

test('the access point table holds what the person may see of the Wi-Fi', async () => {
  const rows = AccessPointRows.parse((await get('technician', '/api/wifi/access-points')).json());
  expect(rows).toHaveLength(2);
  expect(rows.find((row) => row.id === 'ap-1')).toMatchObject({
    name: 'Арбат 1',
    model: 'X1',
    owner: 'ДИТ',
    contractor: 'Связьмонтаж',
    okrugId: 'cao',
    status: 'online',
    clients: 1,
    noiseDbm: -97,
    channels: '5:44',
    firmware: 'f7',
    uptimeS: 60,
  });
  expect(rows.find((row) => row.id === 'ap-2')).toMatchObject({ status: 'never-seen', clients: null });
  const some = AccessPointRows.parse((await get('arbat', '/api/wifi/access-points')).json());
  expect(some.map((row) => row.id)).toEqual(['ap-1']);
  expect((await get('viewer', '/api/wifi/access-points')).statusCode).toBe(403);
});

test('monitoring counts only what the person may view', async () => {
  const all = Monitoring.parse((await get('technician', '/api/monitoring')).json());
  expect(all.counts.ap).toMatchObject({ online: 1, 'never-seen': 1 });
  expect(all.recorder).toMatchObject({ cameras: 1, recording: 1 });
  expect(all.broker.downSince).toBeNull();
  const some = Monitoring.parse((await get('arbat', '/api/monitoring')).json());
  expect(some.counts.ap).toMatchObject({ online: 1, 'never-seen': 0 });
  expect((await desk.app.inject('/api/monitoring')).statusCode).toBe(401);
});

test('a card says that silence is expected, for a command at the device or above it, and whose it is not', async () => {
  const of = async (id: string) =>
    DeviceHealth.parse((await get('technician', `/api/devices/${id}/health`)).json()).commanded;
  expect(await of('ap-1')).toBeNull();
  restarting = 'ap-1';
  expect(await of('ap-1')).toEqual({ kind: 'reboot', until: 2, above: false });
  restarting = 'sw-1';
  expect(await of('ap-1')).toBeNull();
  expect(await of('ap-2')).toEqual({ kind: 'reboot', until: 2, above: true });
});

test('who speaks through a gateway is told so at both ends, by name as far as it may be seen', async () => {
  const of = async (token: string, id: string) =>
    DeviceHealth.parse((await get(token, `/api/devices/${id}/health`)).json());
  expect(await of('technician', 'ap-2')).toMatchObject({ gateway: null, names: { 'sw-1': 'Шкаф 1' } });
  tell('status', statusPayload('sw-1', 1), 'gateway', 'sw-1');
  const states = [{ ...statePayload('ap-2', 1, 1), uplink: { parentId: 'sw-1', port: '4' } }];
  tell('state', statePayload('sw-1', 1, 1, { states }), 'gateway', 'sw-1');
  expect(await of('technician', 'sw-1')).toMatchObject({ gateway: null, speaksFor: 1 });
  expect(await of('technician', 'ap-2')).toMatchObject({
    gateway: { id: 'sw-1', name: 'Шкаф 1', goneSince: null },
    names: { 'sw-1': 'Шкаф 1' },
    speaksFor: 0,
  });
  tell('status', statusPayload('sw-1', 1, false), 'gateway', 'sw-1');
  for (let second = 0; second < 11; second++) {
    city.clock.advance(1_000);
    health.tick();
  }
  expect((await of('technician', 'ap-2')).gateway).toMatchObject({ goneSince: city.clock.now() - 1_000 });
  // Whoever may not view what it hangs on gets its id, which the registry's entry shows anyway.
  desk.allow('kuntsevo', (_action, device) => device === null || device.districtId === 'kuntsevo');
  expect(await of('kuntsevo', 'ap-2')).toMatchObject({ gateway: { id: 'sw-1', name: null }, names: {} });
});
