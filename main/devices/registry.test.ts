import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceInput } from '../contract/device.ts';
import { changesTo } from './test-changes.ts';
import { allOnline, makeTestCity, type TestCity, testDevice } from './test-city.ts';

let city: TestCity;
beforeEach(async () => {
  city = await makeTestCity();
});
afterEach(() => city.stop());
const { add, patch, remove, names } = changesTo(() => city);

describe('adding', () => {
  test('gives a record at once and a whole device on asking', async () => {
    await add({
      id: 'cam-1',
      name: 'Камера 1',
      lat: 55.751234,
      azimuthDeg: 90,
      groupIds: ['metro', 'schools'],
      mac: 'aabbccddeeff',
      streamUrl: 'rtsp://user:hunter2@10.0.0.5/x?token=hunter3',
    });
    expect(city.devices.get('cam-1')).toMatchObject({
      num: 1,
      lat: 55_751_234,
      okrugId: 'cao',
      groupIds: ['metro', 'schools'],
      parentId: null,
    });
    const device = await city.devices.device('cam-1', allOnline);
    expect(device).toMatchObject({
      mac: 'AA:BB:CC:DD:EE:FF',
      hasStream: true,
      streamHost: 'rtsp://10.0.0.5',
      status: 'online',
      statusSince: 1000,
      updatedAt: city.clock.now(),
    });
    expect(JSON.stringify(device)).not.toMatch(/hunter|user:/);
    expect(city.changes).toEqual([{ deviceIds: ['cam-1'] }]);
    expect(city.devices.groups()).toEqual([
      { id: 'metro', name: 'Метро', devices: 1 },
      { id: 'schools', name: 'Школы', devices: 1 },
    ]);
  });

  test.each([
    ['device-exists', { id: 'sw-1' }],
    ['district-unknown', { id: 'x', districtId: 'nowhere' }],
    ['district-unknown', { id: 'x', districtId: 'cao' }],
    ['group-unknown', { id: 'x', groupIds: ['nobody'] }],
    ['parent-unknown', { id: 'x', parentId: 'sw-9' }],
    ['parent-unknown', { id: 'x', parentId: 'x' }],
    ['parent-not-switch', { id: 'x', parentId: 'cam-1' }],
    ['bad-stream-address', { id: 'x', streamUrl: 'gopher://h' }],
    ['bad-stream-address', { id: 'x', streamUrl: 'fixture-file:a.mp4' }],
    ['bad-stream-address', { id: 'x', streamPassword: 'alone' }],
    ['stream-not-camera', { id: 'x', kind: 'ap', streamUrl: 'rtsp://h/x' }],
  ] as const)('is refused with %s: %j', async (code, given) => {
    await add({ id: 'sw-1', kind: 'switch' }, { id: 'cam-1' });
    const input = { ...given, ...('groupIds' in given ? { groupIds: [...given.groupIds] } : {}) };
    await expect(add(input as Partial<DeviceInput> & { id: string })).rejects.toMatchObject({ code });
    expect(city.devices.count).toBe(2);
  });

  test('that was rolled back leaves nothing in memory', async () => {
    const failing = city.storage.db.transaction().execute(async (trx) => {
      await city.devices.add(trx, testDevice({ id: 'ghost' }));
      throw new Error('audit failed');
    });
    await expect(failing).rejects.toThrow('audit failed');
    await city.devices.committed(['ghost']);
    expect(city.devices.get('ghost')).toBeUndefined();
    expect(await names()).toEqual([]);
  });
});

test('a number is never given again', async () => {
  await add({ id: 'a' }, { id: 'b' });
  await remove('b');
  await add({ id: 'b' });
  expect(city.devices.get('b')?.num).toBe(3);
  expect(city.devices.byNum(2)).toBeUndefined();
  const reopened = await city.reopen();
  expect(reopened.get('b')?.num).toBe(3);
});

describe('changing', () => {
  test('touches only what is given', async () => {
    await add({ id: 'cam-1', name: 'Старая', address: 'Арбат, 1', groupIds: ['metro'], retentionDays: 5 });
    await patch('cam-1', { name: 'Новая', districtId: 'kuntsevo' });
    expect(await city.devices.device('cam-1', allOnline)).toMatchObject({
      name: 'Новая',
      address: 'Арбат, 1',
      groupIds: ['metro'],
      retentionDays: 5,
      okrugId: 'zao',
    });
    expect(city.devices.get('cam-1')?.okrugId).toBe('zao');
    expect(await names({ q: 'новая' })).toEqual(['cam-1']);
    expect(await names({ q: 'старая' })).toEqual([]);
  });

  test('groups are replaced and counted', async () => {
    await add({ id: 'cam-1', groupIds: ['metro'] });
    await patch('cam-1', { groupIds: ['schools'] });
    expect(city.devices.get('cam-1')?.groupIds).toEqual(['schools']);
    expect(city.devices.groups().map(({ devices }) => devices)).toEqual([0, 1]);
  });

  test('a device cannot come to stand above itself', async () => {
    await add(
      { id: 'a', kind: 'switch' },
      { id: 'b', kind: 'switch', parentId: 'a' },
      { id: 'c', kind: 'switch', parentId: 'b' },
    );
    await expect(patch('a', { parentId: 'c' })).rejects.toMatchObject({ code: 'parent-circle' });
    await expect(patch('a', { parentId: 'a' })).rejects.toMatchObject({ code: 'parent-circle' });
    await patch('c', { parentId: 'a' });
    expect(city.devices.get('c')?.parentId).toBe('a');
  });

  test('an unknown device is named', async () => {
    await expect(patch('nobody', { name: 'x' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(remove('nobody')).rejects.toMatchObject({ code: 'not-found' });
  });
});

test('a switch with devices below it is not removed', async () => {
  await add({ id: 'sw', kind: 'switch' }, { id: 'cam', parentId: 'sw' });
  await expect(remove('sw')).rejects.toMatchObject({ code: 'device-has-children', params: { count: 1 } });
  await remove('cam');
  await remove('sw');
  expect(city.devices.count).toBe(0);
});

describe('groups', () => {
  test('are made, renamed and removed; their devices stay', async () => {
    await add({ id: 'a', groupIds: ['metro', 'schools'] });
    const { db } = city.storage;
    await db.transaction().execute((trx) => city.devices.setGroup(trx, { id: 'metro', name: 'Вокзалы' }));
    await city.devices.committed([]);
    expect(city.devices.groups()[0]).toEqual({ id: 'metro', name: 'Вокзалы', devices: 1 });
    await db.transaction().execute((trx) => city.devices.removeGroup(trx, 'metro'));
    await city.devices.committed([]);
    expect(city.devices.get('a')?.groupIds).toEqual(['schools']);
    expect(await names({ group: 'metro' })).toEqual([]);
    expect(await names({ group: 'schools' })).toEqual(['a']);
    expect(city.changes.slice(-2)).toEqual([{ deviceIds: null }, { deviceIds: null }]);
    await expect(
      db.transaction().execute((trx) => city.devices.removeGroup(trx, 'metro')),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});
