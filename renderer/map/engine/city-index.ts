import Supercluster from 'supercluster';
import { HealthStatuses } from '../../../main/contract/health.ts';
import { readClusterTree } from './cluster-tree.ts';

const STATUSES = HealthStatuses.length;
/** From this zoom on every device stands for itself. */
export const SINGLE_ZOOM = 17;
const RADIUS_PX = 58;

/** Devices to be shown: columns of equal length. Degrees; status is the index in HealthStatuses. */
export interface Points {
  num: Uint32Array;
  lat: Float64Array;
  lon: Float64Array;
  status: Uint8Array;
}

/** West, south, east, north, degrees. */
export type Box = readonly [number, number, number, number];

export interface ShownCluster {
  id: number;
  lat: number;
  lon: number;
  /** Devices by status, in the order of HealthStatuses. */
  counts: Uint32Array;
}

export interface CityIndex {
  /** What to draw inside the box at the zoom; devices as indexes into the points. */
  view(box: Box, zoom: number): { clusters: ShownCluster[]; devices: number[] };
  /** A status changed: every cluster that holds the device counts anew, at all zooms. False when unknown. */
  setStatus(num: number, status: number): boolean;
  statusOf(point: number): number;
  /** All points inside the box. */
  within(box: Box): number[];
  /** The zoom at which the cluster comes apart. */
  expansionZoom(cluster: number): number;
}

type PointFeature = {
  type: 'Feature';
  geometry: { type: 'Point'; coordinates: [number, number] };
  properties: { point: number };
};

/**
 * Clusters for all zooms, with counters by status that live changes keep right without building anew: a change
 * walks from the device up through the clusters around it, some fifteen of them.
 */
export function createCityIndex(points: Points): CityIndex {
  const count = points.num.length;
  const features: PointFeature[] = new Array(count);
  const pointOf = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    pointOf.set(points.num[i] ?? 0, i);
    features[i] = {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [points.lon[i] ?? 0, points.lat[i] ?? 0] },
      properties: { point: i },
    };
  }
  const index = new Supercluster<{ point: number }, { point: number }>({
    minZoom: 0,
    maxZoom: SINGLE_ZOOM - 1,
    radius: RADIUS_PX,
    extent: 256,
    minPoints: 2,
  });
  index.load(features);
  const { leafParent, parent, dense } = readClusterTree(index);
  const status = points.status.slice();
  const counters = new Uint32Array(parent.length * STATUSES);

  const add = (point: number, of: number, by: number) => {
    for (let c = leafParent[point] ?? -1; c !== -1; c = parent[c] ?? -1) {
      const at = c * STATUSES + of;
      counters[at] = (counters[at] ?? 0) + by;
    }
  };
  for (let i = 0; i < count; i++) add(i, status[i] ?? 0, 1);

  return {
    view(box, zoom) {
      const clusters: ShownCluster[] = [];
      const devices: number[] = [];
      for (const { geometry, properties } of index.getClusters([...box], zoom)) {
        const [lon = 0, lat = 0] = geometry.coordinates;
        if ('cluster_id' in properties) {
          const at = (dense.get(properties.cluster_id) ?? 0) * STATUSES;
          clusters.push({ id: properties.cluster_id, lat, lon, counts: counters.slice(at, at + STATUSES) });
        } else devices.push(properties.point);
      }
      return { clusters, devices };
    },
    setStatus(num, next) {
      const point = pointOf.get(num);
      if (point === undefined || next < 0 || next >= STATUSES) return false;
      const before = status[point] ?? 0;
      if (before !== next) {
        add(point, before, -1);
        add(point, next, 1);
        status[point] = next;
      }
      return true;
    },
    statusOf: (point) => status[point] ?? 0,
    within: (box) =>
      index
        .getClusters([...box], SINGLE_ZOOM)
        .flatMap(({ properties }) => ('point' in properties ? [properties.point] : [])),
    expansionZoom: (cluster) => index.getClusterExpansionZoom(cluster),
  };
}
