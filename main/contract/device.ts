import { z } from 'zod';
import { DeviceId, Id, Page, UtcMs } from './common.ts';
import { HealthStatus } from './health.ts';

export const DeviceKinds = ['camera', 'ap', 'switch'] as const;
export const DeviceKind = z.enum(DeviceKinds);
export type DeviceKind = z.infer<typeof DeviceKind>;

export const Latitude = z.number().min(-90).max(90);
export const Longitude = z.number().min(-180).max(180);

/** Okrugs hold districts; both are areas. `code` is what CSV files and scopes name (`cao`, `arbat`). */
export const Area = z.object({
  id: Id,
  level: z.enum(['okrug', 'district']),
  parentId: Id.nullable(),
  nameRu: z.string(),
  nameEn: z.string(),
  /** Where the map looks when the area is chosen. */
  lat: Latitude,
  lon: Longitude,
});
export type Area = z.infer<typeof Area>;

export const DeviceGroup = z.object({ id: Id, name: z.string().min(1).max(120), devices: z.int() });
export type DeviceGroup = z.infer<typeof DeviceGroup>;

export const Device = z.object({
  id: DeviceId,
  /** Small whole number that never changes and is never given again: names the device on the map's wire. */
  num: z.int().min(1),
  kind: DeviceKind,
  name: z.string(),
  address: z.string(),
  lat: Latitude,
  lon: Longitude,
  /** Direction of view, degrees clockwise from north. */
  azimuthDeg: z.number().min(0).max(360).nullable(),
  owner: z.string(),
  /** Who keeps it working; empty where nobody is named. Gives no right. */
  contractor: z.string(),
  okrugId: Id,
  districtId: Id,
  parentId: DeviceId.nullable(),
  groupIds: z.array(Id),
  model: z.string(),
  serial: z.string(),
  mac: z.string(),
  /** Cameras: whether the hub records it, and for how many days. */
  recorded: z.boolean(),
  retentionDays: z.int().min(1).max(3650).nullable(),
  /** Cameras: whether a stream address is stored. The address itself never leaves the hub. */
  hasStream: z.boolean(),
  /** Scheme and host of the stream address without user, password and path, for a technician. */
  streamHost: z.string().nullable(),
  /** The same of the second, smaller stream. */
  hasSecond: z.boolean(),
  secondHost: z.string().nullable(),
  /** Cameras: whether sound is kept where the camera sends it. */
  sound: z.boolean(),
  updatedAt: UtcMs,
  status: HealthStatus,
  statusSince: UtcMs.nullable(),
});
export type Device = z.infer<typeof Device>;

export const DevicePage = Page(Device);
export type DevicePage = z.infer<typeof DevicePage>;

/** What a list, a tooltip or the map's hover shows of a device. */
export const DeviceSummary = Device.pick({
  id: true,
  num: true,
  kind: true,
  name: true,
  address: true,
  status: true,
});
export type DeviceSummary = z.infer<typeof DeviceSummary>;

export const DeviceLookup = z.strictObject({ nums: z.array(z.int().min(1).max(0xffffffff)).max(200) });
export type DeviceLookup = z.infer<typeof DeviceLookup>;

export const GroupInput = z.strictObject({ name: z.string().trim().min(1).max(120) });
export type GroupInput = z.infer<typeof GroupInput>;

const text = (max: number) => z.string().trim().max(max);

/** Empty, or twelve hexadecimal digits as stickers have them: by its MAC other dialects find a device. */
const Mac = text(40).refine(
  (mac) => mac === '' || (/^[0-9a-f:.\- ]+$/i.test(mac) && mac.replace(/[^0-9a-f]/gi, '').length === 12),
  'A MAC has 12 hexadecimal digits, plain or with colons, dashes or dots between them',
);

/** What a person may set. Stream address and credentials go in and never come out. */
const settable = {
  name: text(200).min(1),
  address: text(300),
  lat: Latitude,
  lon: Longitude,
  azimuthDeg: z.number().min(0).max(360).nullable(),
  owner: text(200),
  contractor: text(200),
  districtId: Id,
  parentId: DeviceId.nullable(),
  groupIds: z.array(Id).max(100),
  model: text(120),
  serial: text(120),
  mac: Mac,
  recorded: z.boolean(),
  retentionDays: z.int().min(1).max(3650).nullable(),
  /** `rtsp://`, `rtsps://`, `http://`, `https://`; user and password may stand inside or beside it. */
  streamUrl: text(2000).nullable(),
  streamUser: text(200).nullable(),
  streamPassword: z.string().max(200).nullable(),
  /** The second stream: smaller, H.264, for tiles and where browsers cannot play the main one. */
  secondUrl: text(2000).nullable(),
  secondUser: text(200).nullable(),
  secondPassword: z.string().max(200).nullable(),
  sound: z.boolean(),
};

/** A new device. */
export const DeviceInput = z.strictObject({
  id: DeviceId,
  kind: DeviceKind,
  ...settable,
  address: settable.address.default(''),
  azimuthDeg: settable.azimuthDeg.default(null),
  owner: settable.owner.default(''),
  contractor: settable.contractor.default(''),
  parentId: settable.parentId.default(null),
  groupIds: settable.groupIds.default([]),
  model: settable.model.default(''),
  serial: settable.serial.default(''),
  mac: settable.mac.default(''),
  recorded: settable.recorded.default(true),
  retentionDays: settable.retentionDays.default(null),
  streamUrl: settable.streamUrl.default(null),
  streamUser: settable.streamUser.default(null),
  streamPassword: settable.streamPassword.default(null),
  secondUrl: settable.secondUrl.default(null),
  secondUser: settable.secondUser.default(null),
  secondPassword: settable.secondPassword.default(null),
  sound: settable.sound.default(true),
});
export type DeviceInput = z.infer<typeof DeviceInput>;

/**
 * Only what is given changes: made of fields without defaults, which would be taken for given. A
 * `streamPassword` of null keeps the stored one unless the address changes too.
 */
export const DevicePatch = z.strictObject(settable).partial();
export type DevicePatch = z.infer<typeof DevicePatch>;

export const DeviceQuery = z.object({
  /** Words of name, address, id, MAC or number; ё = е, any case, Latin or Cyrillic letters. */
  q: z.string().max(200).optional(),
  kind: DeviceKind.optional(),
  status: HealthStatus.optional(),
  okrug: Id.optional(),
  district: Id.optional(),
  group: Id.optional(),
  parent: DeviceId.optional(),
  /** By name, or `fit`: first what has every word of `q` whole, so that house 1 stands before house 13; one page, no cursor. */
  order: z.enum(['fit']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(1000).optional(),
});
export type DeviceQuery = z.infer<typeof DeviceQuery>;

/** One row of a CSV file that cannot be taken. `line` counts from 1 and includes the header, as an editor does. */
export const ImportRowError = z.object({
  line: z.int(),
  column: z.string().optional(),
  /** Translated by the console as `import.<code>`. */
  code: z.string(),
  message: z.string(),
});
export type ImportRowError = z.infer<typeof ImportRowError>;

export const Job = z.object({
  id: Id,
  kind: z.enum(['device-import', 'video-export']),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** 0 to 1; null while the amount of work is unknown. */
  progress: z.number().nullable(),
  /** Jobs of its kind that are worked on before it; 0 once it runs. */
  ahead: z.int(),
  startedAt: UtcMs,
  endedAt: UtcMs.nullable(),
  ownerId: Id,
  /** Import: rows read, devices added and changed; what is wrong, all counted, the first 1,000 by line named. */
  result: z
    .object({
      rows: z.int(),
      added: z.int(),
      changed: z.int(),
      encoding: z.string(),
      delimiter: z.string(),
      errorCount: z.int(),
      errors: z.array(ImportRowError),
      /** Columns of the file that say nothing the registry knows. */
      ignoredColumns: z.array(z.string()).optional(),
    })
    .nullable(),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    })
    .nullable(),
});
export type Job = z.infer<typeof Job>;
