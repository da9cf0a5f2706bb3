import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bitset } from '../base/bitset.ts';
import type { DeviceInput, DevicePatch, DeviceQuery } from '../contract/device.ts';
import {
  allOnline,
  everything,
  makeTestCity,
  query,
  type TestCity,
  testAreas,
  testDevice,
} from './test-city.ts';

let city: TestCity;
beforeEach(async () => {
  city = await makeTestCity();
});
afterEach(() => city.stop());

async function add(...inputs: (Partial<DeviceInput> & { id: string })[]): Promise<void> {
  await city.storage.db.transaction().execute(async (trx) => {
    for (const input of inputs) await city.devices.add(trx, testDevice(input));
  });
  await city.devices.committed(inputs.map(({ id }) => id));
}

async function patch(id: string, change: DevicePatch): Promise<void> {
  await city.storage.db.transaction().execute((trx) => city.devices.patch(trx, id, change));
  await city.devices.committed([id]);
}

async function remove(id: string): Promise<void> {
  await city.storage.db.transaction().execute((trx) => city.devices.remove(trx, id));
  await city.devices.committed([id]);
}

const names = async (given: Partial<DeviceQuery> = {}, visible = everything(city.devices)) =>
  (await city.devices.list(query(given), visible, allOnline)).items.map((device) => device.id);

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

describe('stream addresses', () => {
  const source = async () => (await city.devices.camera('cam'))?.source;
  beforeEach(() => add({ id: 'cam', streamUrl: 'rtsp://h/x', streamUser: 'u', streamPassword: 'p' }));

  test('come out for the video room alone', async () => {
    expect(await city.devices.camera('cam')).toEqual({
      id: 'cam',
      num: 1,
      recorded: true,
      retentionDays: null,
      source: { url: 'rtsp://h/x', user: 'u', password: 'p' },
      second: null,
      sound: true,
      soundHint: null,
    });
    await add({ id: 'bare' }, { id: 'ap', kind: 'ap' });
    expect((await city.devices.camera('bare'))?.source).toBeNull();
    expect(await city.devices.camera('ap')).toBeUndefined();
    expect((await city.devices.camerasWithStream()).map(({ id }) => id)).toEqual(['cam']);
  });

  test('are not in the database for whoever reads it', async () => {
    const row = await city.storage.db.selectFrom('device').selectAll().executeTakeFirstOrThrow();
    expect(row.stream_host).toBe('rtsp://h');
    expect(Buffer.from(row.stream_sealed ?? '', 'base64url').includes('rtsp://h/x')).toBe(false);
  });

  test('keep the password as long as the address stays', async () => {
    await patch('cam', { name: 'other' });
    await patch('cam', { streamUrl: 'rtsp://h/x', streamPassword: null });
    expect(await source()).toEqual({ url: 'rtsp://h/x', user: 'u', password: 'p' });
    await patch('cam', { streamPassword: 'q' });
    expect(await source()).toEqual({ url: 'rtsp://h/x', user: 'u', password: 'q' });
  });

  test('of a second stream are kept apart from the first, and go with it', async () => {
    await patch('cam', { secondUrl: 'rtsp://h/small', secondUser: 'v', secondPassword: 'w', sound: false });
    const second = { url: 'rtsp://h/small', user: 'v', password: 'w' };
    expect(await city.devices.camera('cam')).toMatchObject({
      source: { url: 'rtsp://h/x', user: 'u', password: 'p' },
      ...{ second, sound: false },
    });
    expect(await city.devices.device('cam', allOnline)).toMatchObject({
      ...{ hasSecond: true, secondHost: 'rtsp://h', sound: false },
    });
    await patch('cam', { secondUrl: 'rtsp://evil/small' });
    expect((await city.devices.camera('cam'))?.second).toMatchObject({ user: null, password: null });
    await patch('cam', { streamUrl: null });
    expect(await city.devices.camera('cam')).toMatchObject({ source: null, second: null });
    await expect(patch('cam', { secondUrl: 'rtsp://h/small' })).rejects.toMatchObject({
      code: 'bad-stream-address',
    });
  });

  test('forget what the sound was when they change', async () => {
    await city.devices.rememberSound('cam', 'none');
    expect((await city.devices.camera('cam'))?.soundHint).toBe('none');
    await patch('cam', { name: 'renamed' });
    expect((await city.devices.camera('cam'))?.soundHint).toBe('none');
    await patch('cam', { streamUrl: 'rtsp://h/y' });
    expect((await city.devices.camera('cam'))?.soundHint).toBeNull();
  });

  test('never carry a stored password to another address', async () => {
    await patch('cam', { streamUrl: 'rtsp://evil/x', streamUser: 'u' });
    expect(await source()).toEqual({ url: 'rtsp://evil/x', user: 'u', password: null });
  });

  test('are taken away by null', async () => {
    await patch('cam', { streamUrl: null });
    expect(await source()).toBeNull();
    expect(await city.devices.device('cam', allOnline)).toMatchObject({ hasStream: false, streamHost: null });
    await expect(patch('cam', { streamPassword: 'q' })).rejects.toMatchObject({ code: 'bad-stream-address' });
  });

  test('sealed with a lost key are told of, can be entered anew, and harm no other camera', async () => {
    const devices = await city.reopen({ sealingKey: new Uint8Array(32).fill(9) });
    await expect(devices.camera('cam')).rejects.toMatchObject({ code: 'stream-unreadable' });
    await city.storage.db.transaction().execute(async (trx) => {
      await devices.add(trx, testDevice({ id: 'new', streamUrl: 'rtsp://n/x' }));
    });
    expect((await devices.camerasWithStream()).map(({ id }) => id)).toEqual(['new']);
    expect(city.logged()).toContain('"device":"cam"');
    await city.storage.db
      .transaction()
      .execute((trx) => devices.patch(trx, 'cam', { streamUrl: 'rtsp://h/y' }));
    expect((await devices.camera('cam'))?.source).toEqual({ url: 'rtsp://h/y', user: null, password: null });
  });
});

describe('lists', () => {
  test('hold only what is visible, and count it right', async () => {
    await add({ id: 'a', name: 'Арбат 1' }, { id: 'b', name: 'Арбат 2' }, { id: 'c', name: 'Арбат 3' });
    const visible = new Bitset();
    visible.add(city.devices.get('a')?.num ?? 0);
    visible.add(city.devices.get('c')?.num ?? 0);
    const page = await city.devices.list(query({ q: 'arbat', limit: 1 }), visible, allOnline);
    expect(page).toMatchObject({ total: 2, items: [{ id: 'a' }] });
    const next = await city.devices.list(
      query({ q: 'arbat', limit: 1, cursor: page.nextCursor }),
      visible,
      allOnline,
    );
    expect(next).toMatchObject({ total: 2, items: [{ id: 'c' }] });
    expect(next.nextCursor).toBeUndefined();
  });

  test('filter by every field', async () => {
    await add(
      { id: 'sw', kind: 'switch', districtId: 'kuntsevo' },
      { id: 'a', districtId: 'arbat', groupIds: ['metro'] },
      { id: 'b', kind: 'ap', districtId: 'kuntsevo', parentId: 'sw' },
    );
    expect(await names({ kind: 'ap' })).toEqual(['b']);
    expect(await names({ okrug: 'zao' })).toEqual(['b', 'sw']);
    expect(await names({ district: 'arbat' })).toEqual(['a']);
    expect(await names({ group: 'metro' })).toEqual(['a']);
    expect(await names({ parent: 'sw' })).toEqual(['b']);
    expect(await names({ status: 'offline' })).toEqual([]);
    expect(await names({ status: 'online', kind: 'switch' })).toEqual(['sw']);
  });

  test('page through equal names without loss or repeat, while a device is removed', async () => {
    const ids = Array.from({ length: 25 }, (_, i) => `d-${i}`);
    await add(...ids.map((id) => ({ id, name: 'Одно имя' })));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await city.devices.list(
        query({ limit: 4, ...(cursor ? { cursor } : {}) }),
        everything(city.devices),
        allOnline,
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      if (seen.length === 8) await remove('d-7');
    } while (cursor);
    expect(seen).toEqual(ids);
  });

  test('a page mark of somebody else is refused', async () => {
    for (const cursor of ['x', Buffer.from('[1]').toString('base64url')])
      await expect(names({ cursor })).rejects.toMatchObject({ code: 'bad-cursor' });
  });

  test('short forms come in the order asked for', async () => {
    await add({ id: 'a', name: 'A' }, { id: 'b', name: 'B' });
    expect(await city.devices.summaries([2, 99, 1], allOnline)).toEqual([
      { id: 'b', num: 2, kind: 'camera', name: 'B', address: '', status: 'online' },
      { id: 'a', num: 1, kind: 'camera', name: 'A', address: '', status: 'online' },
    ]);
  });
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

describe('seeding', () => {
  function* fleet(count: number) {
    for (let i = 0; i < count; i++)
      yield i % 50 === 0
        ? testDevice({ id: `sw-${i}`, kind: 'switch' })
        : testDevice({
            id: `cam-${i}`,
            name: `Камера ${i}`,
            parentId: `sw-${i - (i % 50)}`,
            groupIds: ['metro'],
          });
  }

  test('takes very many, parents in any order, and leaves the event loop its turns', async () => {
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    await city.devices.seed([], [], [...fleet(3000)].reverse());
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(3);
    expect(city.devices.count).toBe(3000);
    expect(city.devices.groups()[0]).toMatchObject({ id: 'metro', devices: 2940 });
    expect(city.changes).toEqual([{ deviceIds: null }]);
    expect(await names({ q: 'камера 17', limit: 2 })).toEqual(['cam-17', 'cam-170']);
    const reopened = await city.reopen();
    expect([...reopened.all()].map((d) => d.num)).toEqual([...city.devices.all()].map((d) => d.num));
  });

  test('is all or nothing', async () => {
    const broken = [...fleet(1200), testDevice({ id: 'lost', parentId: 'nobody' })];
    await expect(city.devices.seed([], [], broken)).rejects.toMatchObject({ code: 'parent-unknown' });
    const circle = [
      testDevice({ id: 'a', kind: 'switch', parentId: 'b' }),
      testDevice({ id: 'b', kind: 'switch', parentId: 'a' }),
    ];
    await expect(city.devices.seed([], [], circle)).rejects.toMatchObject({ code: 'parent-circle' });
    await expect(
      city.devices.seed([], [], [testDevice({ id: 'x', districtId: 'mars' })]),
    ).rejects.toMatchObject({ code: 'district-unknown' });
    const { count } = await city.storage.db
      .selectFrom('device')
      .select((b) => b.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(0);
  });

  test('renames areas that are there', async () => {
    await city.devices.seed(
      testAreas.map((area) => (area.id === 'arbat' ? { ...area, nameEn: 'Old Arbat' } : area)),
      [],
      [],
    );
    expect(city.devices.areas().find(({ id }) => id === 'arbat')?.nameEn).toBe('Old Arbat');
    expect(city.devices.areas()).toHaveLength(testAreas.length);
  });
});

test('search texts made by an older way of folding are made anew at start', async () => {
  await add({ id: 'a', name: 'Щёлково' });
  await city.storage.db.updateTable('device').set({ search: ' old', sort_key: 'old' }).execute();
  await city.storage.db.updateTable('meta').set({ value: '0' }).where('key', '=', 'devices.fold').execute();
  const reopened = await city.reopen();
  const found = await reopened.list(query({ q: 'щелково' }), everything(reopened), allOnline);
  expect(found.total).toBe(1);
});

test('many changes at once are taken over like one', async () => {
  await city.devices.seed(
    [],
    [],
    Array.from({ length: 300 }, (_, i) => testDevice({ id: `d-${i}` })),
  );
  const ids = Array.from({ length: 300 }, (_, i) => `d-${i}`);
  await city.storage.db.updateTable('device').set({ district_id: 'kuntsevo' }).execute();
  await city.devices.committed(ids);
  expect(await names({ okrug: 'zao', limit: 500 })).toHaveLength(300);
  expect(city.changes.at(-1)).toEqual({ deviceIds: null });
});
