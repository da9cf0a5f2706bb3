import { HealthStatuses } from '../../../main/contract/health.ts';
import { decodeMapColumns, type MapColumns, NO_AZIMUTH } from '../../../main/contract/map-wire.ts';
import { statusLooks } from '../../ui/status-look.ts';
import { type Box, type CityIndex, createCityIndex } from './city-index.ts';
import type { FrameItem, ListedDevice, MapFilter } from './messages.ts';

const DEGREE = 1e6;

/** The city as the map shows it: all devices, a filter over them, live statuses. */
export interface City {
  /** Changes told between this and `load` are applied after the load, for they are newer than it. */
  fetching(): void;
  /** @returns how many devices there are. @throws Error when the bytes are not the map's wire */
  load(bytes: Uint8Array): number;
  filter(filter: MapFilter): void;
  setStatuses(changes: readonly (readonly [num: number, status: number])[]): void;
  frame(box: Box, zoom: number): FrameItem[];
  /** Devices in the box, the worst first; `total` counts also those beyond `limit`. */
  list(box: Box, limit: number): { total: number; devices: ListedDevice[] };
  /** Shown devices of one kind in the box, those nearest its middle first. */
  pick(box: Box, kind: number, limit: number): { total: number; devices: ListedDevice[] };
  expansionZoom(cluster: number): number;
}

const EVERYTHING: MapFilter = { kinds: [], statuses: [] };
const ranks = HealthStatuses.map((status) => statusLooks[status].rank);

export function createCity(): City {
  let columns: MapColumns | null = null;
  let rows: Map<number, number> = new Map();
  let index: CityIndex | null = null;
  /** Row of each point in the index. */
  let rowOf: Uint32Array = new Uint32Array();
  let filter = EVERYTHING;
  let sinceFetch: (readonly [number, number])[] | null = null;

  const build = () => {
    if (!columns) return;
    const { num, lat, lon, kind, status } = columns;
    const kinds = new Set(filter.kinds);
    rowOf = Uint32Array.from(num.keys()).filter((row) => kinds.size === 0 || kinds.has(kind[row] ?? 0));
    index = createCityIndex({
      num: Uint32Array.from(rowOf, (row) => num[row] ?? 0),
      lat: Float64Array.from(rowOf, (row) => (lat[row] ?? 0) / DEGREE),
      lon: Float64Array.from(rowOf, (row) => (lon[row] ?? 0) / DEGREE),
      status: Uint8Array.from(rowOf, (row) => status[row] ?? 0),
    });
  };

  const statusShown = (status: number) => filter.statuses.length === 0 || filter.statuses.includes(status);

  const apply = (changes: readonly (readonly [number, number])[]) => {
    for (const [num, status] of changes) {
      const row = rows.get(num);
      if (!columns || row === undefined || status < 0 || status >= HealthStatuses.length) continue;
      columns.status[row] = status;
      index?.setStatus(num, status);
    }
  };

  return {
    fetching() {
      sinceFetch = [];
    },
    load(bytes) {
      const fresh = decodeMapColumns(bytes);
      columns = fresh;
      rows = new Map();
      fresh.num.forEach((num, row) => {
        rows.set(num, row);
      });
      const newer = sinceFetch ?? [];
      sinceFetch = null;
      for (const [num, status] of newer) {
        const row = rows.get(num);
        if (row !== undefined && status >= 0 && status < HealthStatuses.length) fresh.status[row] = status;
      }
      build();
      return fresh.num.length;
    },
    filter(next) {
      const sameKinds =
        next.kinds.length === filter.kinds.length && next.kinds.every((kind) => filter.kinds.includes(kind));
      filter = next;
      if (!sameKinds) build();
    },
    setStatuses(changes) {
      sinceFetch?.push(...changes);
      apply(changes);
    },
    frame(box, zoom) {
      if (!index || !columns) return [];
      const { num, lat, lon, kind, azimuth } = columns;
      const items: FrameItem[] = [];
      const shown = index.view(box, zoom);
      for (const { counts, ...cluster } of shown.clusters) {
        let total = 0;
        for (let status = 0; status < counts.length; status++) {
          if (!statusShown(status)) counts[status] = 0;
          total += counts[status] ?? 0;
        }
        if (total > 0) items.push({ type: 'cluster', ...cluster, counts, total });
      }
      for (const point of shown.devices) {
        const row = rowOf[point] ?? 0;
        const status = index.statusOf(point);
        if (!statusShown(status)) continue;
        const looks = azimuth[row] ?? NO_AZIMUTH;
        items.push({
          type: 'device',
          num: num[row] ?? 0,
          lat: (lat[row] ?? 0) / DEGREE,
          lon: (lon[row] ?? 0) / DEGREE,
          kind: kind[row] ?? 0,
          status,
          azimuth: looks === NO_AZIMUTH ? null : looks,
        });
      }
      return items;
    },
    list(box, limit) {
      if (!index || !columns) return { total: 0, devices: [] };
      const { num, kind, status } = columns;
      const found: ListedDevice[] = [];
      for (const point of index.within(box)) {
        const row = rowOf[point] ?? 0;
        const device = { num: num[row] ?? 0, kind: kind[row] ?? 0, status: status[row] ?? 0 };
        if (statusShown(device.status)) found.push(device);
      }
      found.sort((a, b) => (ranks[a.status] ?? 0) - (ranks[b.status] ?? 0) || a.num - b.num);
      return { total: found.length, devices: found.slice(0, limit) };
    },
    pick(box, wanted, limit) {
      if (!index || !columns) return { total: 0, devices: [] };
      const { num, kind, status, lat, lon } = columns;
      const [west, south, east, north] = box;
      const midLat = (south + north) / 2;
      const midLon = (west + east) / 2;
      const narrow = Math.cos((midLat * Math.PI) / 180);
      const found: (ListedDevice & { away: number })[] = [];
      for (const point of index.within(box)) {
        const row = rowOf[point] ?? 0;
        if (kind[row] !== wanted || !statusShown(status[row] ?? 0)) continue;
        const dx = ((lon[row] ?? 0) / DEGREE - midLon) * narrow;
        const dy = (lat[row] ?? 0) / DEGREE - midLat;
        found.push({ num: num[row] ?? 0, kind: wanted, status: status[row] ?? 0, away: dx * dx + dy * dy });
      }
      found.sort((a, b) => a.away - b.away || a.num - b.num);
      return {
        total: found.length,
        devices: found.slice(0, limit).map(({ away: _, ...device }) => device),
      };
    },
    expansionZoom: (cluster) => index?.expansionZoom(cluster) ?? 0,
  };
}
