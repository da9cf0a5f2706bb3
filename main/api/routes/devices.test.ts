import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Device, DevicePage } from '../../contract/device.ts';
import { allOnline, makeTestCity, type TestCity, testAreas, testDevice } from '../../devices/test-city.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { areaRoutes } from './areas.ts';
import { deviceRoutes } from './devices.ts';
import { groupRoutes } from './groups.ts';

let city: TestCity;
let desk: TestDesk;
beforeEach(async () => {
  city = await makeTestCity();
  await city.devices.seed(
    [],
    [],
    [
      testDevice({ id: 'sw', kind: 'switch', name: 'Шкаф' }),
      testDevice({
        id: 'cam-a',
        name: 'Арбат 1',
        parentId: 'sw',
        groupIds: ['schools'],
        streamUrl: 'rtsp://u:hunter2@h/x',
      }),
      testDevice({ id: 'cam-k', name: 'Кунцево 1', districtId: 'kuntsevo', groupIds: ['metro'] }),
    ],
  );
  desk = await makeTestDesk(city);
  const { app, gate, audit } = desk;
  const services = { db: city.storage.db, devices: city.devices, gate, audit };
  deviceRoutes(app, {
    ...services,
    health: allOnline,
    usedBefore: async (id) => id.startsWith('once-'),
    forget: async () => undefined,
  });
  groupRoutes(app, services);
  areaRoutes(app, services);
  desk.allow('root', () => true);
  desk.allow('nobody', () => false);
  // Views and edits in the Arbat, manages no access.
  desk.allow(
    'arbat',
    (action, device) =>
      (action === 'device.view' || action === 'device.edit') &&
      (device === null || device.districtId === 'arbat'),
  );
});
afterEach(async () => {
  await desk.app.close();
  await city.stop();
});

const get = (token: string, url: string) => desk.as(token, { method: 'GET', url });

describe('reading', () => {
  test('a list holds what the person may view, and counts only that', async () => {
    const all = DevicePage.parse((await get('root', '/api/devices')).json());
    expect(all).toMatchObject({ total: 3, items: [{ id: 'cam-a' }, { id: 'cam-k' }, { id: 'sw' }] });
    const some = DevicePage.parse(
      (await get('arbat', `/api/devices?q=${encodeURIComponent('ARBAT')}`)).json(),
    );
    expect(some).toMatchObject({ total: 1, items: [{ id: 'cam-a', status: 'online', statusSince: 1000 }] });
    expect((await get('nobody', '/api/devices')).statusCode).toBe(403);
    expect((await desk.app.inject('/api/devices')).statusCode).toBe(401);
  });

  test('pages follow each other', async () => {
    const first = DevicePage.parse((await get('root', '/api/devices?limit=2')).json());
    const second = DevicePage.parse(
      (await get('root', `/api/devices?limit=2&cursor=${first.nextCursor ?? ''}`)).json(),
    );
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['cam-a', 'cam-k', 'sw']);
    expect(second.nextCursor).toBeUndefined();
    expect((await get('root', '/api/devices?cursor=zzz')).json()).toMatchObject({ code: 'bad-cursor' });
    expect((await get('root', '/api/devices?limit=501')).statusCode).toBe(400);
  });

  test('a device never shows its stream address, and is refused on record where it may not be viewed', async () => {
    const answer = await get('arbat', '/api/devices/cam-a');
    expect(Device.parse(answer.json())).toMatchObject({
      id: 'cam-a',
      hasStream: true,
      streamHost: 'rtsp://h',
    });
    expect(answer.body).not.toMatch(/hunter2|"u"/);
    expect((await get('arbat', '/api/devices/cam-k')).statusCode).toBe(403);
    expect(await desk.recorded()).toMatchObject([{ kind: 'access.refused', subject: 'cam-k' }]);
    expect((await get('arbat', '/api/devices/none')).statusCode).toBe(404);
  });

  test('by its number the same holds', async () => {
    expect((await get('arbat', '/api/devices/by-num/2')).json()).toMatchObject({ id: 'cam-a' });
    expect((await get('arbat', '/api/devices/by-num/3')).statusCode).toBe(403);
    expect((await get('arbat', '/api/devices/by-num/99')).statusCode).toBe(404);
    expect((await get('arbat', '/api/devices/by-num/x')).statusCode).toBe(400);
    expect(await desk.recorded()).toMatchObject([{ kind: 'access.refused', subject: 'cam-k' }]);
  });

  test('short forms leave out what may not be viewed', async () => {
    const lookup = (nums: number[]) =>
      desk.as('arbat', { method: 'POST', url: '/api/devices/lookup', payload: { nums } });
    expect((await lookup([3, 2, 77])).json()).toEqual([
      { id: 'cam-a', num: 2, kind: 'camera', name: 'Арбат 1', address: '', status: 'online' },
    ]);
    expect((await lookup(Array.from({ length: 201 }, (_, i) => i + 1))).statusCode).toBe(400);
  });

  test('areas are for everybody signed in', async () => {
    expect((await get('nobody', '/api/areas')).json()).toHaveLength(testAreas.length);
    expect((await desk.app.inject('/api/areas')).statusCode).toBe(401);
  });
});

describe('adding', () => {
  const post = (token: string, payload: object) =>
    desk.as(token, { method: 'POST', url: '/api/devices', payload });
  const input = { id: 'new', kind: 'camera', name: 'Новая', lat: 55.7, lon: 37.6, districtId: 'arbat' };

  test('is put on record with it, without a secret', async () => {
    const answer = await post('arbat', { ...input, streamUrl: 'rtsp://u:hunter2@h/x' });
    expect(answer.statusCode).toBe(201);
    expect(Device.parse(answer.json())).toMatchObject({ id: 'new', num: 4, hasStream: true });
    expect(answer.body).not.toContain('hunter2');
    expect(await desk.recorded()).toEqual([
      {
        kind: 'device.added',
        person: { id: 'arbat', name: 'arbat' },
        from: '127.0.0.1',
        subject: 'new',
        data: { kind: 'camera', name: 'Новая', districtId: 'arbat' },
      },
    ]);
  });

  test('into a group, or under the id of an earlier device, changes who sees what and needs access.manage', async () => {
    expect((await post('arbat', { ...input, groupIds: ['schools'] })).statusCode).toBe(403);
    expect((await post('arbat', { ...input, id: 'once-there' })).statusCode).toBe(403);
    expect((await post('root', { ...input, id: 'once-there', groupIds: ['schools'] })).statusCode).toBe(201);
  });

  test('is refused where the person may not edit', async () => {
    expect((await post('arbat', { ...input, districtId: 'kuntsevo' })).statusCode).toBe(403);
    expect((await post('nobody', input)).statusCode).toBe(403);
    expect(city.devices.get('new')).toBeUndefined();
  });

  test('of what cannot be is refused with its reason, and leaves no record', async () => {
    expect((await post('root', { ...input, id: 'sw' })).json()).toMatchObject({
      code: 'device-exists',
      status: 409,
    });
    expect((await post('root', { ...input, lat: 91 })).json()).toMatchObject({ code: 'bad-request' });
    expect((await post('root', { ...input, streamUrl: 'ftp://u:hunter2@h' })).json()).toMatchObject({
      code: 'bad-stream-address',
    });
    expect((await post('root', { ...input, unheard: 1 })).statusCode).toBe(400);
    expect(await desk.recorded()).toEqual([]);
    expect(city.logged()).not.toContain('hunter2');
  });
});

describe('changing', () => {
  const patch = (token: string, id: string, payload: object) =>
    desk.as(token, { method: 'PATCH', url: `/api/devices/${id}`, payload });

  test('names the changed fields on record, never a value of the stream', async () => {
    const answer = await patch('arbat', 'cam-a', {
      name: 'Другая',
      address: '',
      streamUrl: 'rtsp://h2/x',
      streamPassword: 'hunter3',
    });
    expect(answer.json()).toMatchObject({ name: 'Другая', streamHost: 'rtsp://h2' });
    const [entry] = await desk.recorded();
    expect(entry).toMatchObject({
      kind: 'device.changed',
      subject: 'cam-a',
      data: { fields: ['name', 'streamUrl', 'streamPassword'] },
    });
    expect(JSON.stringify(entry)).not.toContain('hunter');
  });

  test('that changes nothing is not put on record', async () => {
    const answer = await patch('arbat', 'cam-a', {
      name: 'Арбат 1',
      groupIds: ['schools'],
      streamPassword: null,
    });
    expect(answer.statusCode).toBe(200);
    expect(await desk.recorded()).toEqual([]);
  });

  test.each([
    { districtId: 'tverskoy' },
    { groupIds: [] },
    { groupIds: ['schools', 'metro'] },
    { owner: 'Другой' },
  ])('needs access to be managed to move the device: %j', async (change) => {
    expect((await patch('arbat', 'cam-a', change)).json()).toMatchObject({
      code: 'no-right',
      params: { action: 'access.manage' },
    });
    expect((await patch('root', 'cam-a', change)).statusCode).toBe(200);
    expect((await desk.recorded()).map(({ kind }) => kind)).toEqual(['access.refused', 'device.changed']);
  });

  test('needs it where the device goes, too', async () => {
    desk.allow('boss', (_action, device) => device === null || device.districtId === 'arbat');
    expect((await patch('boss', 'cam-a', { districtId: 'kuntsevo' })).statusCode).toBe(403);
    expect((await patch('boss', 'cam-a', { groupIds: [] })).statusCode).toBe(200);
  });

  test('is refused elsewhere', async () => {
    expect((await patch('arbat', 'cam-k', { name: 'x' })).statusCode).toBe(403);
    expect((await patch('root', 'sw', { parentId: 'cam-a' })).json()).toMatchObject({
      code: 'parent-not-switch',
    });
  });
});

test('removing is put on record, and refused while devices stand below', async () => {
  const remove = (id: string) => desk.as('root', { method: 'DELETE', url: `/api/devices/${id}` });
  expect((await remove('sw')).json()).toMatchObject({ code: 'device-has-children', status: 409 });
  const answer = await remove('cam-a');
  expect([answer.statusCode, answer.body]).toEqual([204, '']);
  expect((await get('root', '/api/devices/cam-a')).statusCode).toBe(404);
  expect(await desk.recorded()).toMatchObject([{ kind: 'device.removed', subject: 'cam-a' }]);
});

describe('groups', () => {
  const put = (token: string, id: string, name: string) =>
    desk.as(token, { method: 'PUT', url: `/api/groups/${id}`, payload: { name } });

  test('are shown to who manages access, and else by what may be viewed of them', async () => {
    expect((await get('root', '/api/groups')).json()).toEqual([
      { id: 'metro', name: 'Метро', devices: 1 },
      { id: 'schools', name: 'Школы', devices: 1 },
    ]);
    expect((await get('arbat', '/api/groups')).json()).toEqual([
      { id: 'schools', name: 'Школы', devices: 1 },
    ]);
  });

  test('are made, renamed and removed on record', async () => {
    expect((await put('root', 'parks', 'Парки')).json()).toEqual({ id: 'parks', name: 'Парки', devices: 0 });
    expect((await put('root', 'metro', 'Вокзалы')).json()).toEqual({
      id: 'metro',
      name: 'Вокзалы',
      devices: 1,
    });
    expect((await desk.as('root', { method: 'DELETE', url: '/api/groups/metro' })).statusCode).toBe(204);
    expect((await desk.as('root', { method: 'DELETE', url: '/api/groups/metro' })).statusCode).toBe(404);
    expect(city.devices.get('cam-k')?.groupIds).toEqual([]);
    expect((await desk.recorded()).map(({ kind, subject, data }) => [kind, subject, data])).toEqual([
      ['group.changed', 'parks', { change: 'set', name: 'Парки' }],
      ['group.changed', 'metro', { change: 'set', name: 'Вокзалы' }],
      ['group.changed', 'metro', { change: 'removed' }],
    ]);
  });

  test('are not for who does not manage access over all their devices', async () => {
    expect((await put('arbat', 'parks', 'Парки')).statusCode).toBe(403);
    desk.allow('boss', (_action, device) => device === null || device.districtId === 'arbat');
    expect((await put('boss', 'schools', 'Лицеи')).statusCode).toBe(200);
    expect((await put('boss', 'metro', 'Моё')).statusCode).toBe(403);
    expect((await desk.as('boss', { method: 'DELETE', url: '/api/groups/metro' })).statusCode).toBe(403);
    expect(city.devices.groups().map(({ name }) => name)).toEqual(['Лицеи', 'Метро']);
  });
});

test('every route is described', async () => {
  await desk.app.ready();
  const paths = Object.keys(desk.app.swagger().paths ?? {});
  expect(paths).toEqual(
    expect.arrayContaining([
      '/api/devices',
      '/api/devices/{id}',
      '/api/devices/by-num/{num}',
      '/api/devices/lookup',
      '/api/groups',
      '/api/groups/{id}',
      '/api/areas',
    ]),
  );
});
