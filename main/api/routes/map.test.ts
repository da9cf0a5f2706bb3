import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeMapColumns } from '../../contract/map-wire.ts';
import { makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { acceptsGzip, mapRoutes } from './map.ts';

let city: TestCity;
let desk: TestDesk;
let status = 1;
beforeEach(async () => {
  city = await makeTestCity();
  await city.devices.seed(
    [],
    [],
    [
      testDevice({ id: 'a', lat: 55.75, lon: 37.59, azimuthDeg: 90 }),
      testDevice({ id: 'b', kind: 'ap', districtId: 'kuntsevo' }),
    ],
  );
  desk = await makeTestDesk(city);
  mapRoutes(desk.app, { devices: city.devices, gate: desk.gate, health: { statusIndexOf: () => status } });
  desk.allow('root', () => true);
  desk.allow('arbat', (_action, device) => device === null || device.districtId === 'arbat');
  desk.allow('nobody', () => false);
});
afterEach(async () => {
  await desk.app.close();
  await city.stop();
});

const map = (token: string, accept?: string) =>
  desk.as(token, {
    method: 'GET',
    url: '/api/map/devices',
    headers: accept === undefined ? {} : { 'accept-encoding': accept },
  });

test('holds the devices that the person may view, and their status of now', async () => {
  const answer = await map('arbat');
  expect(answer.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
  });
  expect(answer.headers['content-encoding']).toBeUndefined();
  const columns = decodeMapColumns(answer.rawPayload);
  expect([...columns.num]).toEqual([1]);
  expect([columns.lat[0], columns.lon[0], columns.azimuth[0], columns.status[0]]).toEqual([
    55_750_000, 37_590_000, 90, 1,
  ]);
  status = 4;
  expect(decodeMapColumns((await map('arbat')).rawPayload).status[0]).toBe(4);
  expect((await map('nobody')).statusCode).toBe(403);
});

test('holds one part of the city when it is named, and never more than the person may view', async () => {
  const part = async (token: string, query: string) => {
    const answer = await desk.as(token, { method: 'GET', url: `/api/map/devices?${query}` });
    return [...decodeMapColumns(answer.rawPayload).num];
  };
  expect(await part('root', 'district=kuntsevo')).toEqual([2]);
  expect(await part('root', 'district=kuntsevo&group=none')).toEqual([]);
  expect(await part('root', 'okrug=no-such')).toEqual([]);
  expect(await part('arbat', 'district=kuntsevo')).toEqual([]);
  expect(await part('arbat', 'district=arbat')).toEqual([1]);
});

test('follows registry and rights', async () => {
  expect(decodeMapColumns((await map('root')).rawPayload).num).toHaveLength(2);
  await city.devices.seed([], [], [testDevice({ id: 'c' })]);
  expect(decodeMapColumns((await map('root')).rawPayload).num).toHaveLength(3);
  desk.allow('root', (_action, device) => device === null || device.id === 'c');
  expect([...decodeMapColumns((await map('root')).rawPayload).num]).toEqual([3]);
});

test('is compressed for who takes it so', async () => {
  const answer = await map('root', 'br, gzip');
  expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
  expect(decodeMapColumns(gunzipSync(answer.rawPayload)).num).toHaveLength(2);
});

test.each([
  [undefined, false],
  ['', false],
  ['identity', false],
  ['gzip', true],
  ['deflate, GZIP;q=0.5', true],
  ['gzip;q=0', false],
  ['gzip;q=0.000', false],
  ['*', true],
  ['*, gzip;q=0', false],
])('gzip accepted by %j: %j', (header, accepted) => expect(acceptsGzip(header)).toBe(accepted));
