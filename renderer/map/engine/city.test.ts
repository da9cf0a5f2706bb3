import { describe, expect, it } from 'vitest';
import { emptyMapColumns, encodeMapColumns, NO_AZIMUTH } from '../../../main/contract/map-wire.ts';
import { createCity } from './city.ts';

const OFFLINE = 4;
const ONLINE = 1;
const WORLD = [-180, -85, 180, 85] as const;

/** Devices 1..n in a row to the east; every third is an access point; all on line. */
function city(count: number) {
  const columns = emptyMapColumns(count);
  for (let i = 0; i < count; i++) {
    columns.num[i] = i + 1;
    columns.lat[i] = 55_750_000;
    columns.lon[i] = 37_600_000 + i * 10_000;
    columns.azimuth[i] = i === 0 ? 90 : NO_AZIMUTH;
    columns.kind[i] = i % 3 === 0 ? 1 : 0;
    columns.status[i] = ONLINE;
  }
  return encodeMapColumns(columns);
}

describe('city', () => {
  it('shows devices as they were encoded', () => {
    const it = createCity();
    expect(it.load(city(4))).toBe(4);
    const devices = it.frame(WORLD, 17);
    expect(devices).toHaveLength(4);
    expect(devices).toContainEqual({
      type: 'device',
      num: 1,
      lat: 55.75,
      lon: 37.6,
      kind: 1,
      status: ONLINE,
      azimuth: 90,
    });
  });

  it('keeps a change that came while the city was being fetched', () => {
    const it = createCity();
    it.fetching();
    it.setStatuses([[2, OFFLINE]]);
    it.load(city(3));
    expect(it.list(WORLD, 10).devices[0]).toEqual({ num: 2, kind: 0, status: OFFLINE });
    it.load(city(3));
    expect(it.list(WORLD, 10).devices.every(({ status }) => status === ONLINE)).toBe(true);
  });

  it('leaves out other kinds and takes them back with the statuses of the meantime', () => {
    const it = createCity();
    it.load(city(6));
    it.filter({ kinds: [1], statuses: [] });
    expect(it.list(WORLD, 10).devices.map(({ num }) => num)).toEqual([1, 4]);
    it.setStatuses([[2, OFFLINE]]);
    it.filter({ kinds: [], statuses: [] });
    expect(it.list(WORLD, 2)).toEqual({
      total: 6,
      devices: [
        { num: 2, kind: 0, status: OFFLINE },
        { num: 1, kind: 1, status: ONLINE },
      ],
    });
  });

  it('follows live changes under a filter of statuses, clusters as well as devices', () => {
    const it = createCity();
    it.load(city(6));
    it.filter({ kinds: [], statuses: [OFFLINE] });
    expect(it.frame(WORLD, 3)).toEqual([]);
    it.setStatuses([[5, OFFLINE]]);
    const [cluster] = it.frame(WORLD, 3);
    expect(cluster).toMatchObject({ type: 'cluster', total: 1 });
    expect(it.frame(WORLD, 17)).toMatchObject([{ type: 'device', num: 5, status: OFFLINE }]);
    it.setStatuses([[5, ONLINE]]);
    expect(it.frame(WORLD, 3)).toEqual([]);
  });

  it('picks cameras of a rectangle, those nearest its middle first, and as the filter shows them', () => {
    const it = createCity();
    it.load(city(9));
    const middle = [37.605, 55.7, 37.675, 55.8] as const;
    expect(it.pick(middle, 0, 3)).toEqual({
      total: 5,
      devices: [5, 6, 3].map((num) => ({ num, kind: 0, status: ONLINE })),
    });
    it.setStatuses([[5, OFFLINE]]);
    it.filter({ kinds: [], statuses: [OFFLINE] });
    expect(it.pick(middle, 0, 9).devices.map(({ num }) => num)).toEqual([5]);
  });

  it('passes over devices and statuses that it does not know', () => {
    const it = createCity();
    it.load(city(2));
    it.setStatuses([
      [77, OFFLINE],
      [1, 200],
    ]);
    expect(it.list(WORLD, 10).devices.every(({ status }) => status === ONLINE)).toBe(true);
  });

  it('refuses what is not the map’s wire, and keeps the city that it has', () => {
    const it = createCity();
    it.load(city(2));
    expect(() => it.load(new Uint8Array(40))).toThrow(/map answer/);
    expect(it.list(WORLD, 10).total).toBe(2);
  });
});
