import type { Insertable, Selectable } from 'kysely';
import type { Device, DeviceInput } from '../contract/device.ts';
import type { HealthStatus } from '../contract/health.ts';
import type { DeviceTable } from '../storage/tables/devices.ts';
import { searchText, sortKey } from './fold.ts';

export type DeviceRow = Selectable<DeviceTable>;
/** A row as it is written: all but the number, which the database gives. */
export type NewDeviceRow = Omit<Insertable<DeviceTable>, 'num'>;
export type StreamColumns = Pick<
  DeviceRow,
  'stream_host' | 'stream_sealed' | 'second_host' | 'second_sealed' | 'sound_hint'
>;

/** What a person may set, without the streams, which have their own way in. */
export type PlainInput = Omit<
  DeviceInput,
  'streamUrl' | 'streamUser' | 'streamPassword' | 'secondUrl' | 'secondUser' | 'secondPassword'
>;

const MICRO = 1e6;
export const microDegrees = (degrees: number): number => Math.round(degrees * MICRO);

/** `aabbccddeeff`, `AA-BB-…` and `aabb.ccdd.eeff` become `AA:BB:CC:DD:EE:FF`; any other text stays. */
export function tidyMac(text: string): string {
  const hex = text.replace(/[^0-9a-f]/gi, '');
  if (hex.length !== 12 || !/^[0-9a-f:.\- ]+$/i.test(text)) return text;
  return (hex.match(/../g) ?? []).join(':').toUpperCase();
}

export function rowOf(input: PlainInput, stream: StreamColumns, now: number): NewDeviceRow {
  const mac = tidyMac(input.mac);
  return {
    id: input.id,
    kind: input.kind,
    name: input.name,
    address: input.address,
    lat: microDegrees(input.lat),
    lon: microDegrees(input.lon),
    azimuth_deg: input.azimuthDeg,
    owner: input.owner,
    contractor: input.contractor,
    district_id: input.districtId,
    parent_id: input.parentId,
    model: input.model,
    serial: input.serial,
    mac,
    recorded: input.recorded ? 1 : 0,
    retention_days: input.retentionDays,
    ...stream,
    sound: input.sound ? 1 : 0,
    sort_key: sortKey(input.name),
    search: searchText({ ...input, mac }),
    updated_at: now,
  };
}

export function inputOf(row: DeviceRow, groupIds: readonly string[]): PlainInput {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    address: row.address,
    lat: row.lat / MICRO,
    lon: row.lon / MICRO,
    azimuthDeg: row.azimuth_deg,
    owner: row.owner,
    contractor: row.contractor,
    districtId: row.district_id,
    parentId: row.parent_id,
    groupIds: [...groupIds],
    model: row.model,
    serial: row.serial,
    mac: row.mac,
    recorded: row.recorded === 1,
    retentionDays: row.retention_days,
    sound: row.sound === 1,
  };
}

export function deviceOf(
  row: DeviceRow,
  okrugId: string,
  groupIds: readonly string[],
  health: { status: HealthStatus; since: number | null },
): Device {
  return {
    ...inputOf(row, groupIds),
    num: row.num,
    okrugId,
    hasStream: row.stream_sealed !== null,
    streamHost: row.stream_host,
    hasSecond: row.second_sealed !== null,
    secondHost: row.second_host,
    updatedAt: row.updated_at,
    status: health.status,
    statusSince: health.since,
  };
}
