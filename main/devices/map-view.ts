import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import type { Bitset } from '../base/bitset.ts';
import { DeviceKinds } from '../contract/device.ts';
import { emptyMapColumns, encodeMapColumns, NO_AZIMUTH } from '../contract/map-wire.ts';
import { createBreath } from './breath.ts';
import { boxAround, mortonCode } from './morton.ts';
import type { DeviceRecord, DeviceStore } from './types.ts';

const deflate = promisify(deflateRaw);

/** RFC 1952 section 2.3: deflate, no name, no time, unknown system. */
const GZIP_HEADER = Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);

/** Everything of an answer but the statuses, which stand last in it and are new each time. */
interface Prepared {
  readonly registryVersion: number;
  readonly rightsVersion: number;
  readonly nums: Uint32Array;
  readonly fixed: Buffer;
  /** Made when somebody first takes the answer compressed. */
  squeezed: Promise<Buffer> | undefined;
}

export interface MapView {
  /** The devices in `visible` as `contract/map-wire.ts` lays them out, their statuses as they are now. */
  answer(ask: {
    visible: Bitset;
    rightsVersion: number;
    statusIndexOf(num: number): number;
    gzip: boolean;
  }): Promise<Buffer>;
}

/**
 * The map's answer, most of it made once for all who may see the same: place, kind and direction change only with
 * the registry or the rights, and are kept compressed; the status bytes are compressed for each answer and
 * joined to them (two deflate streams, the first ended by a full flush, are one: RFC 1951).
 */
export function createMapView(registry: Pick<DeviceStore, 'all' | 'version'>): MapView {
  let order: { version: number; records: Promise<DeviceRecord[]> } | undefined;
  const prepared = new WeakMap<Bitset, Prepared>();

  const sorted = (): Promise<DeviceRecord[]> => {
    if (order?.version !== registry.version)
      order = { version: registry.version, records: sortByPlace(registry.all()) };
    return order.records;
  };

  const prepare = async (visible: Bitset, rightsVersion: number): Promise<Prepared> => {
    const kept = prepared.get(visible);
    if (kept?.registryVersion === registry.version && kept.rightsVersion === rightsVersion) return kept;
    const registryVersion = registry.version;
    const breath = createBreath();
    const records = (await sorted()).filter((record) => visible.has(record.num));
    await breath();
    const columns = emptyMapColumns(records.length);
    // Indexed loops: at this size an iterator of pairs costs more than the work.
    for (let i = 0; i < records.length; i++) {
      const record = records[i];
      if (!record) continue;
      columns.num[i] = record.num;
      columns.lat[i] = record.lat;
      columns.lon[i] = record.lon;
      columns.azimuth[i] = record.azimuthDeg === null ? NO_AZIMUTH : Math.round(record.azimuthDeg) % 360;
      columns.kind[i] = DeviceKinds.indexOf(record.kind);
    }
    await breath();
    const bytes = Buffer.from(encodeMapColumns(columns).buffer);
    const made: Prepared = {
      registryVersion,
      rightsVersion,
      nums: columns.num,
      fixed: bytes.subarray(0, bytes.length - records.length),
      squeezed: undefined,
    };
    prepared.set(visible, made);
    return made;
  };

  return {
    async answer({ visible, rightsVersion, statusIndexOf, gzip }) {
      const view = await prepare(visible, rightsVersion);
      const statuses = Buffer.alloc(view.nums.length);
      for (let i = 0; i < statuses.length; i++) statuses[i] = statusIndexOf(view.nums[i] ?? 0);
      if (!gzip) return Buffer.concat([view.fixed, statuses]);
      view.squeezed ??= deflate(view.fixed, { finishFlush: constants.Z_FULL_FLUSH });
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(crc32(statuses, crc32(view.fixed)), 0);
      trailer.writeUInt32LE((view.fixed.length + statuses.length) >>> 0, 4);
      return Buffer.concat([GZIP_HEADER, await view.squeezed, await deflate(statuses), trailer]);
    },
  };
}

/** Sorted along the Morton curve, in steps that leave the event loop room. */
async function sortByPlace(records: Iterable<DeviceRecord>): Promise<DeviceRecord[]> {
  const breath = createBreath();
  const all = [...records];
  const box = boxAround(all);
  await breath();
  const keys = new Float64Array(all.length);
  for (let i = 0; i < all.length; i++) {
    const record = all[i];
    if (record) keys[i] = mortonCode(record.lat, record.lon, box) * 2 ** 21 + i;
  }
  await breath();
  // One number holds code and index: a sort of numbers needs no comparing function and takes some 15 ms.
  keys.sort();
  await breath();
  const sorted: DeviceRecord[] = [];
  for (const key of keys) {
    const record = all[key % 2 ** 21];
    if (record) sorted.push(record);
  }
  await breath();
  return sorted;
}
