import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesTo } from './test-changes.ts';
import { makeTestCity, type TestCity, testAreas, testDevice } from './test-city.ts';

let city: TestCity;
beforeEach(async () => {
  city = await makeTestCity();
});
afterEach(() => city.stop());
const { names } = changesTo(() => city);

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
