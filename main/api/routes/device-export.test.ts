import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { allOnline, makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { deviceExportRoutes } from './device-export.ts';

let city: TestCity;
let desk: TestDesk;
beforeEach(async () => {
  city = await makeTestCity();
  const devices = [
    { id: 'sw-1', kind: 'switch' as const, name: 'Шкаф; "1"' },
    {
      ...{ id: 'cam-1', name: '=Вход\nво двор', address: '-', lat: 55.750123, lon: 37.59, azimuthDeg: 12.5 },
      ...{
        owner: "'ДИТ",
        contractor: '+Сети',
        parentId: 'sw-1',
        model: '@X',
        serial: '0017',
        recorded: false,
      },
      ...{ mac: 'AA:BB:CC:DD:EE:FF', retentionDays: 14, streamUrl: 'rtsp://10.0.0.1/x' },
      ...{ streamUser: 'admin', streamPassword: 'secret-word' },
    },
    { id: 'cam-2', districtId: 'kuntsevo' },
  ];
  await city.devices.seed([], [], devices.map(testDevice));
  desk = await makeTestDesk(city);
  const { gate, audit } = desk;
  deviceExportRoutes(desk.app, { devices: city.devices, gate, audit, health: allOnline });
  desk.allow('root', () => true);
  desk.allow('arbat', (_action, device) => device === null || device.districtId === 'arbat');
  desk.allow('viewer', (action) => action === 'device.view');
});
afterEach(async () => {
  await desk.app.close();
  await city.stop();
});

const get = (token: string) => desk.as(token, { method: 'GET', url: '/api/devices.csv' });
const all = () =>
  Promise.all([...city.devices.all()].map(({ id }) => city.devices.device(id, allOnline))).then((devices) =>
    devices.map((device) => ({ ...device, updatedAt: 0 })),
  );

test('what is exported can be imported again and changes nothing, streams included', async () => {
  const answer = await get('root');
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(answer.body).not.toMatch(/secret-word|admin|rtsp|10\.0\.0\.1/);
  const before = await all();
  const file = join(city.dir, 'devices.csv');
  writeFileSync(file, answer.body);
  const { result, refused } = await city.devices.importCsv(file, {
    rights: { edit: () => true, move: () => false, stillAllowed: () => true },
    signal: new AbortController().signal,
    progress: () => undefined,
    record: async () => undefined,
  });
  expect(refused).toBeNull();
  expect(result).toMatchObject({ rows: 3, added: 0, changed: 3, errorCount: 0 });
  expect(await all()).toEqual(before);
});

test('it holds the devices that the person may edit, stands on record, and is for nobody who edits none', async () => {
  const { body } = await get('arbat');
  expect(body).toContain('cam-1');
  expect(body).not.toContain('cam-2');
  expect(await desk.recorded()).toMatchObject([
    { kind: 'device.export', person: { id: 'arbat' }, data: { devices: 2 } },
  ]);
  expect((await get('viewer')).statusCode).toBe(403);
});

test('who loses rights on the way gets no file that looks whole', async () => {
  const { list } = city.devices;
  city.devices.list = async (...asked) => {
    const page = await list(...asked);
    desk.allow('root', () => false);
    return { ...page, nextCursor: 'more' };
  };
  await expect(get('root')).rejects.toThrow();
});
