import fc from 'fast-check';
import Supercluster from 'supercluster';
import { describe, expect, it } from 'vitest';
import { HealthStatuses } from '../../../main/contract/health.ts';
import { createCityIndex, type Points, SINGLE_ZOOM } from './city-index.ts';
import { readClusterTree } from './cluster-tree.ts';

const WORLD = [-180, -85, 180, 85] as const;

/** Devices crowded into a few places, some on the very same spot, as on real masts. */
const city = fc
  .array(
    fc.record({
      lat: fc.integer({ min: 55_500, max: 56_000 }),
      lon: fc.integer({ min: 37_300, max: 37_900 }),
      near: fc.integer({ min: 0, max: 40 }),
      status: fc.integer({ min: 0, max: HealthStatuses.length - 1 }),
    }),
    { minLength: 1, maxLength: 300 },
  )
  .map(
    (rows): Points => ({
      num: Uint32Array.from(rows, (_, i) => i * 3 + 1),
      lat: Float64Array.from(rows, ({ lat, near }) => (near < 25 ? 55.75 + near * 1e-4 : lat / 1000)),
      lon: Float64Array.from(rows, ({ lon, near }) => (near < 25 ? 37.62 : lon / 1000)),
      status: Uint8Array.from(rows, ({ status }) => status),
    }),
  );

const changes = fc.array(fc.tuple(fc.nat(299), fc.integer({ min: 0, max: HealthStatuses.length - 1 })), {
  maxLength: 200,
});

describe('city index', () => {
  it('counts every device exactly once at every zoom, whatever changed', () => {
    fc.assert(
      fc.property(city, changes, (points, changed) => {
        const index = createCityIndex(points);
        const truth = [...points.status];
        for (const [which, status] of changed) {
          const point = which % truth.length;
          truth[point] = status;
          expect(index.setStatus(points.num[point] ?? 0, status)).toBe(true);
        }
        const expected = HealthStatuses.map((_, status) => truth.filter((s) => s === status).length);
        for (let zoom = 0; zoom <= SINGLE_ZOOM; zoom++) {
          const sums = new Array<number>(HealthStatuses.length).fill(0);
          const { clusters, devices } = index.view(WORLD, zoom);
          for (const { counts } of clusters)
            counts.forEach((n, status) => {
              sums[status] = (sums[status] ?? 0) + n;
            });
          for (const point of devices) {
            const status = index.statusOf(point);
            sums[status] = (sums[status] ?? 0) + 1;
          }
          expect([zoom, sums]).toEqual([zoom, expected]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives each cluster the statuses of just those devices that it holds', () => {
    fc.assert(
      fc.property(city, (points) => {
        const index = createCityIndex(points);
        const model = new Supercluster<{ point: number }, { point: number }>({
          maxZoom: SINGLE_ZOOM - 1,
          radius: 58,
          extent: 256,
        });
        model.load(
          Array.from(points.num, (_, i) => ({
            type: 'Feature' as const,
            geometry: { type: 'Point' as const, coordinates: [points.lon[i] ?? 0, points.lat[i] ?? 0] },
            properties: { point: i },
          })),
        );
        for (const zoom of [3, 9, 12, 14, 16])
          for (const { id, counts } of index.view(WORLD, zoom).clusters) {
            const leaves = model.getLeaves(id, Number.POSITIVE_INFINITY);
            const expected = HealthStatuses.map(
              (_, status) =>
                leaves.filter(({ properties }) => points.status[properties.point] === status).length,
            );
            expect([...counts]).toEqual(expected);
          }
      }),
      { numRuns: 40 },
    );
  });

  it('shows every device by itself from the single zoom on, also those on one spot', () => {
    const points: Points = {
      num: Uint32Array.of(1, 2, 3),
      lat: Float64Array.of(55.75, 55.75, 55.75),
      lon: Float64Array.of(37.6, 37.6, 37.6),
      status: Uint8Array.of(1, 4, 1),
    };
    const index = createCityIndex(points);
    expect(index.view(WORLD, SINGLE_ZOOM).devices).toHaveLength(3);
    const [cluster] = index.view(WORLD, SINGLE_ZOOM - 1).clusters;
    expect(cluster?.counts[4]).toBe(1);
    expect(cluster && index.expansionZoom(cluster.id)).toBe(SINGLE_ZOOM);
    expect(index.within([37.5, 55.7, 37.7, 55.8])).toEqual([0, 1, 2]);
    expect(index.within([37.7, 55.7, 37.8, 55.8])).toEqual([]);
  });

  it('knows nothing of devices that are not shown, nor of statuses that do not exist', () => {
    const index = createCityIndex({
      num: Uint32Array.of(5),
      lat: Float64Array.of(55),
      lon: Float64Array.of(37),
      status: Uint8Array.of(1),
    });
    expect(index.setStatus(6, 4)).toBe(false);
    expect(index.setStatus(5, HealthStatuses.length)).toBe(false);
    expect(index.statusOf(0)).toBe(1);
  });
});

describe('reading clusters', () => {
  it('refuses an index that keeps more or less than it expects', () => {
    const other = new Supercluster<{ n: number }, { n: number }>({
      map: ({ n }) => ({ n }),
      reduce: (sum, { n }) => {
        sum.n += n;
      },
    });
    other.load([]);
    expect(() => readClusterTree(other)).toThrow(/stride/);
  });
});
