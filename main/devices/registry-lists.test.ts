import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bitset } from '../base/bitset.ts';
import { changesTo } from './test-changes.ts';
import { allOnline, everything, makeTestCity, query, type TestCity } from './test-city.ts';

let city: TestCity;
beforeEach(async () => {
  city = await makeTestCity();
});
afterEach(() => city.stop());
const { add, remove, names } = changesTo(() => city);

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

  test('begin, where asked to, with what has every word whole', async () => {
    await add(
      { id: 'a', name: 'Камера 1', address: 'Тверская ул., 13' },
      { id: 'b', name: 'Камера 2', address: 'Тверская ул., 1' },
      { id: 'c', name: 'Камера 3', address: 'Тверская ул., 130' },
      { id: 'd', name: 'Камера 4', address: 'Тверская ул., 13' },
      { id: 'e', name: 'Камера 5', address: 'Тверская ул., 2' },
    );
    expect(await names({ q: 'тверская 13', order: 'fit' })).toEqual(['a', 'd', 'c']);
    expect(await names({ q: 'тверская 13', order: 'fit', limit: 2 })).toEqual(['a', 'd']);
    expect(await names({ q: 'тверская 13' })).toEqual(['a', 'c', 'd']);
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

test('search texts made by an older way of folding are made anew at start', async () => {
  await add({ id: 'a', name: 'Щёлково' });
  await city.storage.db.updateTable('device').set({ search: ' old', sort_key: 'old' }).execute();
  await city.storage.db.updateTable('meta').set({ value: '0' }).where('key', '=', 'devices.fold').execute();
  const reopened = await city.reopen();
  const found = await reopened.list(query({ q: 'щелково' }), everything(reopened), allOnline);
  expect(found.total).toBe(1);
});
