import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import { spreadOf } from './incident-spread.ts';

let city: TestCity;
beforeEach(async () => {
  city = await makeTestCity();
});
afterEach(() => city.stop());

it('counts what is down and what was by kind and district, where most is down first', async () => {
  const given = [
    { id: 'cam-1', districtId: 'kuntsevo' },
    { id: 'cam-2', districtId: 'kuntsevo' },
    { id: 'ap-1', kind: 'ap' as const },
    { id: 'ap-2', kind: 'ap' as const },
  ];
  await city.devices.seed([], [], given.map(testDevice));
  const member = (id: string, until: number | null) => ({ num: city.devices.get(id)?.num ?? 0, until });
  const members = [member('cam-1', 5), member('cam-2', 5), member('ap-1', null), member('ap-2', 5)];
  const { kinds, districts } = spreadOf([...members, { num: 9_999, until: null }], city.devices);
  expect(kinds).toEqual([
    { kind: 'camera', now: 0, ever: 2 },
    { kind: 'ap', now: 1, ever: 2 },
  ]);
  expect(districts.map(({ id, now, ever }) => [id, now, ever])).toEqual([
    ['arbat', 1, 2],
    ['kuntsevo', 0, 2],
  ]);
  const kuntsevo = city.devices.areas().find(({ id }) => id === 'kuntsevo');
  expect(districts[1]?.nameRu).toBe(kuntsevo?.nameRu);
});
