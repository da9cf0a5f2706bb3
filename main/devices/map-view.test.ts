import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bitset } from '../base/bitset.ts';
import { decodeMapColumns, NO_AZIMUTH } from '../contract/map-wire.ts';
import { createMapView } from './map-view.ts';
import { boxAround, mortonCode } from './morton.ts';
import type { DeviceRecord } from './types.ts';

const record = (num: number, lat = 55_750_000, lon = 37_600_000): DeviceRecord => ({
  num,
  id: `d-${num}`,
  kind: num % 3 === 0 ? 'switch' : num % 3 === 1 ? 'camera' : 'ap',
  lat,
  lon,
  azimuthDeg: num % 2 === 0 ? null : (num * 7.5) % 360,
  okrugId: 'o',
  districtId: 'd',
  groupIds: [],
  parentId: null,
});

function registryOf(records: DeviceRecord[]) {
  let walks = 0;
  return {
    records,
    version: 1,
    all() {
      walks += 1;
      return this.records;
    },
    walks: () => walks,
  };
}

function bitsOf(nums: Iterable<number>): Bitset {
  const bits = new Bitset();
  for (const num of nums) bits.add(num);
  return bits;
}

const ask = { rightsVersion: 1, statusIndexOf: (num: number) => num % 8, gzip: true };

test('only what is visible, with its status, the same compressed or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 200 }),
      fc.infiniteStream(fc.boolean()),
      async (nums, choose) => {
        const registry = registryOf(
          nums.map((num) => record(num, 55_000_000 + num * 97, 37_000_000 + num * 31)),
        );
        const shown = nums.filter(() => choose.next().value);
        const view = createMapView(registry);
        const visible = bitsOf(shown);
        const packed = gunzipSync(await view.answer({ ...ask, visible }));
        expect(packed.equals(await view.answer({ ...ask, visible, gzip: false }))).toBe(true);
        const columns = decodeMapColumns(packed);
        expect([...columns.num].sort()).toEqual([...shown].sort());
        for (const [i, num] of columns.num.entries()) {
          expect(columns.status[i]).toBe(num % 8);
          expect(columns.lat[i]).toBe(55_000_000 + num * 97);
          expect(columns.kind[i]).toBe([2, 0, 1][num % 3]);
          expect(columns.azimuth[i]).toBe(num % 2 === 0 ? NO_AZIMUTH : Math.round((num * 7.5) % 360) % 360);
        }
      },
    ),
    { numRuns: 40 },
  );
});

describe('what was worked out is kept', () => {
  test('while registry and rights stay, statuses are new each time', async () => {
    const registry = registryOf([record(1), record(2)]);
    const view = createMapView(registry);
    const visible = bitsOf([1, 2]);
    await view.answer({ ...ask, visible });
    const again = await view.answer({ ...ask, visible, statusIndexOf: () => 5 });
    expect([...decodeMapColumns(gunzipSync(again)).status]).toEqual([5, 5]);
    expect(registry.walks()).toBe(1);
  });

  test('until a device is added', async () => {
    const registry = registryOf([record(1)]);
    const view = createMapView(registry);
    const visible = bitsOf([1, 2]);
    await view.answer({ ...ask, visible });
    registry.records = [record(1), record(2)];
    registry.version = 2;
    expect(decodeMapColumns(gunzipSync(await view.answer({ ...ask, visible }))).num).toHaveLength(2);
  });

  test('until rights change', async () => {
    const view = createMapView(registryOf([record(1), record(2)]));
    const visible = bitsOf([1, 2]);
    await view.answer({ ...ask, visible });
    visible.delete(2);
    const answer = await view.answer({ ...ask, visible, rightsVersion: 2 });
    expect([...decodeMapColumns(gunzipSync(answer)).num]).toEqual([1]);
  });
});

test('the Morton code interleaves the places of both axes', () => {
  const box = boxAround([
    { lat: 10, lon: 20 },
    { lat: 30, lon: 60 },
  ]);
  expect(box).toEqual({ south: 10, west: 20, north: 30, east: 60 });
  expect(mortonCode(10, 20, box)).toBe(0);
  expect(mortonCode(30, 60, box)).toBe(0xffffffff);
  expect(mortonCode(30, 20, box)).toBe(0xaaaaaaaa);
  expect(mortonCode(10, 60, box)).toBe(0x55555555);
  expect(mortonCode(5, 5, boxAround([{ lat: 5, lon: 5 }]))).toBe(0);
});

test('neighbours stand together', async () => {
  const places = [
    [55_700_000, 37_500_000],
    [43_100_000, 131_900_000],
    [55_700_100, 37_500_100],
    [43_100_100, 131_900_100],
  ] as const;
  const registry = registryOf(places.map(([lat, lon], i) => record(i + 1, lat, lon)));
  const answer = await createMapView(registry).answer({ ...ask, visible: bitsOf([1, 2, 3, 4]), gzip: false });
  const order = [...decodeMapColumns(answer).num];
  expect(Math.abs(order.indexOf(1) - order.indexOf(3))).toBe(1);
  expect(Math.abs(order.indexOf(2) - order.indexOf(4))).toBe(1);
});
