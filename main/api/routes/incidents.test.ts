import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthStatus, StatusReason } from '../../contract/health.ts';
import { IncidentDetail, IncidentList } from '../../contract/incidents.ts';
import { makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import { OUTAGE_FROM } from '../../incidents/clusters.ts';
import type { IncidentStep } from '../../incidents/engine-types.ts';
import { createIncidents, type Incidents } from '../../incidents/incidents.ts';
import { createMaintenance, type Maintenance } from '../../incidents/maintenance.ts';
import { createIncidentStore } from '../../incidents/store.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { incidentRoutes } from './incidents.ts';
import { maintenanceRoutes } from './maintenance.ts';

let city: TestCity;
let desk: TestDesk;
let incidents: Incidents;
let maintenance: Maintenance;
const statuses = new Map<number, { status: HealthStatus; reason: StatusReason; since: number }>();
const hot = { metric: 'temperature', value: 88, side: 'above' as const, clear: 75 };
const online = { status: 'online' as const, reason: 'reported' as const, since: 1 };

beforeEach(async () => {
  city = await makeTestCity();
  const given = [
    { id: 'sw-1', kind: 'switch' as const, name: 'Коммутатор' },
    { id: 'ap-1', kind: 'ap' as const, name: 'Точка 1', parentId: 'sw-1' },
    { id: 'ap-2', kind: 'ap' as const, name: 'Точка 2', parentId: 'sw-1', districtId: 'kuntsevo' },
    { id: 'ap-3', kind: 'ap' as const, name: 'Точка 3', districtId: 'kuntsevo' },
  ];
  await city.devices.seed([], [], given.map(testDevice));
  desk = await makeTestDesk(city);
  statuses.clear();
  for (const id of ['sw-1', 'ap-1', 'ap-2', 'ap-3'])
    statuses.set(city.devices.get(id)?.num ?? 0, {
      status: 'offline',
      reason: 'will',
      since: city.clock.now(),
    });
  const health = {
    conditionOf(num: number) {
      const now = statuses.get(num) ?? online;
      return { ...now, base: now.status, heard: true };
    },
    statusOf: (num: number) => statuses.get(num) ?? online,
    exceeded: () => [hot],
    hearingFor: () => 60_000,
    maintenance: () => undefined,
    monitoring: () => {
      throw new Error('not asked for here');
    },
  };
  const { storage, clock, bus, log, devices } = city;
  const services = { db: storage.db, clock, bus, log, audit: desk.audit, devices, health };
  incidents = await createIncidents(services);
  maintenance = await createMaintenance(services);
  incidentRoutes(desk.app, { gate: desk.gate, devices, health, incidents, now: clock.now });
  maintenanceRoutes(desk.app, { gate: desk.gate, devices, maintenance });
  const inArbat = (device: { districtId: string } | null) => device === null || device.districtId === 'arbat';
  desk.allow('technician', (action) => action.startsWith('incident.'));
  desk.allow('viewer', (action) => action === 'incident.view');
  desk.allow('arbat', (action, device) => action.startsWith('incident.') && inArbat(device));
  desk.allow('nobody', () => false);
  await expect.poll(() => incidents.open().length, { timeout: 10_000 }).toBe(2);
});
afterEach(async () => {
  await incidents.stop();
  maintenance.stop();
  await desk.app.close();
  await city.stop();
});

const list = async (person: string, query = '') =>
  IncidentList.parse((await desk.as(person, { method: 'GET', url: `/api/incidents${query}` })).json()).items;
const post = (person: string, url: string, payload: object = {}) =>
  desk.as(person, { method: 'POST', url, payload });
const subjects = (items: Awaited<ReturnType<typeof list>>) =>
  items.map(({ subject, affected }) => [subject.kind === 'device' ? subject.id : subject.kind, affected.now]);

describe('the list of incidents', () => {
  it('is grouped by cause and counts only what the person may see', async () => {
    expect(subjects(await list('technician'))).toEqual(
      expect.arrayContaining([
        ['sw-1', 3],
        ['ap-3', 1],
      ]),
    );
    expect(subjects(await list('arbat'))).toEqual([['sw-1', 2]]);
    expect(await list('nobody')).toEqual([]);
    expect(subjects(await list('technician', '?device=ap-2'))).toEqual([['sw-1', 3]]);
    expect(
      (await desk.as('technician', { method: 'GET', url: '/api/incidents?device=none' })).statusCode,
    ).toBe(404);
    // It is down with a switch that he may see: what is not his to see is not there.
    expect((await desk.as('arbat', { method: 'GET', url: '/api/incidents?device=ap-2' })).statusCode).toBe(
      404,
    );
  });

  it('tells whose points went down with a switch that is hidden from him, and nothing of the switch', async () => {
    desk.allow('points', (action, device) => action.startsWith('incident.') && device?.kind === 'ap');
    const items = await list('points');
    expect(subjects(items)).toEqual(
      expect.arrayContaining([
        ['upstream', 2],
        ['ap-3', 1],
      ]),
    );
    const id = items.find(({ subject }) => subject.kind === 'upstream')?.id ?? '';
    expect(
      (await post('technician', `/api/incidents/${id}/comment`, { text: 'sw-1, стойка 4' })).statusCode,
    ).toBe(204);
    const answer = await desk.as('points', { method: 'GET', url: `/api/incidents/${id}` });
    expect(answer.body).not.toMatch(/sw-1|Коммутатор/);
    const detail = IncidentDetail.parse(answer.json());
    expect(detail.members.map((member) => member.id).sort()).toEqual(['ap-1', 'ap-2']);
    expect(detail.notes).toEqual([]);
    for (const [action, payload] of [
      ['take', {}],
      ['resolve', { text: 'ok' }],
      ['comment', { text: 'ok' }],
    ] as const)
      expect((await post('points', `/api/incidents/${id}/${action}`, payload)).statusCode).toBe(403);
    expect(subjects(await list('points', '?device=ap-2'))).toEqual([['upstream', 2]]);
  });

  it('names what is out of bounds of a degraded device, to whoever may see it', async () => {
    expect((await list('technician')).map(({ exceeded }) => exceeded)).toEqual([[], []]);
    const num = city.devices.get('ap-3')?.num ?? 0;
    const hotNow = { status: 'degraded' as const, reason: 'threshold' as const, since: city.clock.now() };
    statuses.set(num, hotNow);
    city.bus.emit('health.changed', [{ ...hotNow, num, deviceId: 'ap-3' }]);
    city.clock.advance(2_000);
    await expect
      .poll(async () => (await list('technician')).find(({ cause }) => cause === 'degraded')?.exceeded)
      .toEqual([hot]);
  });

  it('is cut down to what took down devices of a kind, of those that the person may see', async () => {
    expect(subjects(await list('technician', '?kind=switch'))).toEqual([['sw-1', 3]]);
    expect(await list('technician', '?kind=ap')).toHaveLength(2);
    expect(await list('technician', '?kind=camera')).toEqual([]);
    expect((await desk.as('technician', { method: 'GET', url: '/api/incidents?kind=tree' })).statusCode).toBe(
      400,
    );
    // A switch that took down only points which he may not see is none of his Wi-Fi.
    desk.allow('switches', (action, device) => action === 'incident.view' && device?.kind === 'switch');
    expect(subjects(await list('switches'))).toEqual([['sw-1', 1]]);
    expect(await list('switches', '?kind=ap')).toEqual([]);
  });

  it('names what lasts before what is over, however severe that was', async () => {
    expect(subjects(await list('technician'))).toEqual([
      ['sw-1', 3],
      ['ap-3', 1],
    ]);
    const back = ['sw-1', 'ap-1', 'ap-2'].map((id) => ({
      ...online,
      num: city.devices.get(id)?.num ?? 0,
      deviceId: id,
    }));
    for (const { num } of back) statuses.set(num, online);
    city.bus.emit('health.changed', back);
    await expect
      .poll(async () => subjects(await list('technician')))
      .toEqual([
        ['ap-3', 1],
        ['sw-1', 0],
      ]);
  });

  it('goes on behind resolved ones that are not wanted', async () => {
    const store = createIncidentStore(city.storage.db);
    const num = (id: string) => city.devices.get(id)?.num ?? 0;
    // The oldest of all is the one that is looked for, behind a whole page of others.
    const past = Array.from({ length: 510 }, (_, at) => ({
      id: `past-${at}`,
      num: num(at === 0 ? 'ap-3' : 'sw-1'),
      at,
    }));
    await store.write(
      past.flatMap(({ id, num, at }): IncidentStep[] => {
        const root = { kind: 'device' as const, num };
        const members = new Map([[num, { since: at, until: at }]]);
        const incident = {
          id,
          cause: 'device-offline' as const,
          root,
          reason: 'will' as const,
          foundAtStart: false,
        };
        return [
          { step: 'open', incident: { ...incident, openedAt: at, clearedAt: null, taken: false, members } },
          { step: 'join', incidentId: id, num, since: at },
          { step: 'close', incidentId: id, at },
        ];
      }),
      new Map(),
    );
    const page = async (query: string) =>
      IncidentList.parse(
        (await desk.as('technician', { method: 'GET', url: `/api/incidents?state=resolved${query}` })).json(),
      );
    const first = await page('');
    expect(first).toMatchObject({ more: true, next: '10.past-10' });
    expect((await page(`&cursor=${first.next}`)).items).toHaveLength(10);
    const ofPoints = await page('&kind=ap');
    expect(ofPoints.items.map(({ id }) => id)).toEqual(['past-0']);
    expect(ofPoints).toMatchObject({ more: false, next: null });
  });

  it('shows every one of an outage that opened and ended in one millisecond, once', async () => {
    const many = Array.from({ length: 1_200 }, (_, at) => `m-${String(at).padStart(4, '0')}`);
    await createIncidentStore(city.storage.db).write(
      many.flatMap((id): IncidentStep[] => {
        const num = city.devices.get('ap-1')?.num ?? 0;
        const incident = {
          ...{ id, cause: 'device-offline' as const, root: { kind: 'device' as const, num }, reason: 'will' },
          ...{ foundAtStart: false, openedAt: 7, clearedAt: null, taken: false, members: new Map() },
        };
        return [
          { step: 'open', incident },
          { step: 'join', incidentId: id, num, since: 7 },
          { step: 'close', incidentId: id, at: 9 },
        ];
      }),
      new Map(),
    );
    const pages: string[][] = [];
    for (let next: string | null = ''; next !== null; ) {
      const cursor = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
      const url = `/api/incidents?state=resolved&kind=ap${cursor}`;
      const found = IncidentList.parse((await desk.as('viewer', { method: 'GET', url })).json());
      pages.push(found.items.map(({ id }) => id));
      next = found.next;
    }
    expect(pages.map((page) => page.length)).toEqual([500, 500, 200]);
    expect(pages.flat()).toEqual([...many].reverse());
    for (const cursor of ['7', '7.', 'x.m-1', '']) {
      const url = `/api/incidents?state=resolved&cursor=${cursor}`;
      expect((await desk.as('viewer', { method: 'GET', url })).statusCode).toBe(400);
    }
  });

  it('does not tell of one that the person may not see', async () => {
    const all = await list('technician');
    const kuntsevo = all.find(({ subject }) => subject.kind === 'device' && subject.id === 'ap-3')?.id;
    const arbat = all.find(({ id }) => id !== kuntsevo)?.id;
    expect((await desk.as('arbat', { method: 'GET', url: `/api/incidents/${kuntsevo}` })).statusCode).toBe(
      404,
    );
    expect((await post('arbat', `/api/incidents/${kuntsevo}/take`)).statusCode).toBe(404);
    const seen = IncidentDetail.parse(
      (await desk.as('arbat', { method: 'GET', url: `/api/incidents/${arbat}` })).json(),
    );
    expect(seen.members.map((member) => member.id).sort()).toEqual(['ap-1', 'sw-1']);
    expect(seen.districts).toBe(1);
    expect(seen.spread).toMatchObject({
      kinds: [
        { kind: 'ap', now: 1, ever: 1 },
        { kind: 'switch', now: 1, ever: 1 },
      ],
      districts: [{ id: 'arbat', now: 2, ever: 2 }],
    });
  });
});

describe('handling an incident', () => {
  it('needs the right to, and is seen by all', async () => {
    const [incident] = await list('arbat');
    const url = `/api/incidents/${incident?.id}`;
    expect((await post('viewer', `${url}/take`)).statusCode).toBe(403);
    expect((await post('technician', `${url}/take`)).statusCode).toBe(204);
    expect((await post('technician', `${url}/comment`, { text: '  ' })).statusCode).toBe(400);
    expect((await post('technician', `${url}/mute`, { until: 5 })).json()).toMatchObject({
      code: 'mute-range',
    });
    expect((await post('technician', `${url}/resolve`)).json()).toMatchObject({ code: 'incident-active' });
    expect((await list('viewer')).find(({ id }) => id === incident?.id)?.taken).toMatchObject({
      personId: 'technician',
    });
    const kinds = (await desk.recorded()).map(({ kind }) => kind);
    expect(kinds).toEqual(['access.refused', 'incident.handled']);
  });
});

describe('an outage of a district', () => {
  it('is taken by whoever handles some of it, and silenced only by whoever handles all', async () => {
    const many = Array.from({ length: OUTAGE_FROM }, (_, i) => `lone-${i}`);
    await city.devices.seed(
      [],
      [],
      many.map((id) => testDevice({ id, kind: 'ap', name: id, districtId: 'kuntsevo' })),
    );
    const gone = { status: 'offline' as const, reason: 'heartbeat-missed' as const, since: city.clock.now() };
    const failed = many.map((id) => ({ ...gone, num: city.devices.get(id)?.num ?? 0, deviceId: id }));
    for (const { num } of failed) statuses.set(num, gone);
    city.bus.emit('health.changed', failed);
    city.clock.advance(2_000);
    await expect
      .poll(async () => (await list('technician')).some(({ subject }) => subject.kind === 'area'), {
        timeout: 10_000,
      })
      .toBe(true);
    desk.allow(
      'some',
      (action, device) => action.startsWith('incident.') && (device === null || device.id === many[0]),
    );
    const outage = (await list('some')).find(({ subject }) => subject.kind === 'area');
    const url = `/api/incidents/${outage?.id}`;
    const until = city.clock.now() + 60_000;
    expect((await post('some', `${url}/mute`, { until })).statusCode).toBe(403);
    expect((await post('some', `${url}/take`)).statusCode).toBe(204);
    expect((await post('technician', `${url}/mute`, { until })).statusCode).toBe(204);
    expect((await post('some', `${url}/unmute`)).statusCode).toBe(403);
  });
});

describe('maintenance', () => {
  it('is arranged by who handles the incidents of all devices of the scope', async () => {
    const now = city.clock.now();
    const window = (scope: object) => ({ scope, from: now, until: now + 60_000, reason: 'Работы на узле' });
    expect((await post('arbat', '/api/maintenance', window({ type: 'city' }))).statusCode).toBe(403);
    expect((await post('viewer', '/api/maintenance', window({ type: 'city' }))).statusCode).toBe(403);
    expect(
      (await post('arbat', '/api/maintenance', window({ type: 'district', id: 'no-such' }))).statusCode,
    ).toBe(403);
    const made = await post('arbat', '/api/maintenance', window({ type: 'district', id: 'arbat' }));
    expect(made.statusCode).toBe(201);
    const { id } = made.json();
    expect((await desk.as('technician', { method: 'GET', url: '/api/maintenance' })).json()).toMatchObject([
      { id },
    ]);
    expect(
      (await desk.as('technician', { method: 'DELETE', url: `/api/maintenance/${id}` })).statusCode,
    ).toBe(204);
  });

  it('tells what does not exist only to whom nothing is hidden from', async () => {
    const now = city.clock.now();
    const announce = async (person: string, scope: object) => {
      const window = { scope, from: now, until: now + 60_000, reason: 'Работы на узле' };
      const answer = await post(person, '/api/maintenance', window);
      return [answer.statusCode, answer.json()];
    };
    for (const type of ['device', 'group', 'district', 'okrug']) {
      const scope = { type, id: 'no-such' };
      // To him it looks like the device of another district, which does exist.
      expect(await announce('arbat', scope)).toEqual(await announce('arbat', { type: 'device', id: 'ap-3' }));
      expect(await announce('technician', scope)).toMatchObject([
        404,
        { code: 'not-found', params: { what: type, id: 'no-such' } },
      ]);
    }
    const empty = city.devices
      .areas()
      .find(({ level, id }) => level === 'district' && !['arbat', 'kuntsevo'].includes(id));
    const scope = { type: 'district', id: empty?.id };
    expect(await announce('technician', scope)).toMatchObject([422, { code: 'maintenance-empty' }]);
    expect(await announce('arbat', scope)).toMatchObject([403, {}]);
  });

  it('at a device that was removed since is ended by whom nothing is hidden from', async () => {
    const now = city.clock.now();
    const window = {
      scope: { type: 'device', id: 'ap-1' },
      from: now,
      until: now + 60_000,
      reason: 'Замена',
    };
    const { id } = (await post('technician', '/api/maintenance', window)).json();
    await city.storage.db.transaction().execute((trx) => city.devices.remove(trx, 'ap-1'));
    await city.devices.committed(['ap-1']);
    const end = (person: string) => desk.as(person, { method: 'DELETE', url: `/api/maintenance/${id}` });
    expect((await end('arbat')).statusCode).toBe(403);
    expect((await end('technician')).statusCode).toBe(204);
  });
});
