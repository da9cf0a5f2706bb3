import type { Generated } from 'kysely';

export interface AreaTable {
  id: string;
  level: 'okrug' | 'district';
  parent_id: string | null;
  name_ru: string;
  name_en: string;
  /** Degrees. */
  lat: number;
  lon: number;
}

export interface DeviceGroupTable {
  id: string;
  name: string;
}

export interface DeviceGroupMemberTable {
  device_num: number;
  group_id: string;
}

export interface DeviceTable {
  /** Never changes, never given again. */
  num: Generated<number>;
  id: string;
  kind: 'camera' | 'ap' | 'switch';
  name: string;
  address: string;
  /** 1e-6 degree. */
  lat: number;
  lon: number;
  azimuth_deg: number | null;
  owner: string;
  /** Who keeps it working; empty where nobody is named. */
  contractor: Generated<string>;
  district_id: string;
  parent_id: string | null;
  model: string;
  serial: string;
  mac: string;
  /** 0 or 1. */
  recorded: number;
  retention_days: number | null;
  /** Scheme and host, for people; null where no stream address is stored. */
  stream_host: string | null;
  /** Address, user and password, sealed with the hub's key (`devices/sealing.ts`). */
  stream_sealed: string | null;
  /** The second stream, as the first. */
  second_host: string | null;
  second_sealed: string | null;
  /** 0 or 1: keep the sound where the camera sends it. */
  sound: Generated<number>;
  /** What the main stream's sound turned out to be when last pulled; null while nobody knows (`devices/types.ts`). */
  sound_hint: string | null;
  /** Orders lists by name (`devices/fold.ts`, `sortKey`). */
  sort_key: string;
  /** What search looks in (`devices/fold.ts`, `searchText`). */
  search: string;
  updated_at: number;
}

export interface DeviceTables {
  area: AreaTable;
  device: DeviceTable;
  device_group: DeviceGroupTable;
  device_group_member: DeviceGroupMemberTable;
}
