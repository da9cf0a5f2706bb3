import { z } from 'zod';
import { DeviceId, UtcMs } from './common.ts';
import { DiskBrief } from './recording.ts';
import { Trouble } from './trouble.ts';

/**
 * Order is the wire order of the map's status byte: append only. `suspect` is a device whose Will came or
 * whose heartbeat is late but whose grace still runs.
 */
export const HealthStatuses = [
  'never-seen',
  'online',
  'degraded',
  'suspect',
  'offline',
  'flapping',
  'bad-data',
  'maintenance',
] as const;
export const HealthStatus = z.enum(HealthStatuses);
export type HealthStatus = z.infer<typeof HealthStatus>;

/** Why a device has its status; the console words it (`reason.<code>`). */
export const StatusReasons = [
  'reported',
  'will',
  'heartbeat-missed',
  'goodbye',
  'stream-lost',
  'stream-ok',
  'malformed',
  'threshold',
  'none',
  'flapping',
  'maintenance',
  'picture-black',
  'picture-frozen',
  'picture-blurred',
  'picture-moved',
  /** Its messages come, but of a session that is over: another device had its id, or it never began anew. */
  'older-session',
] as const;
export const StatusReason = z.enum(StatusReasons);
export type StatusReason = z.infer<typeof StatusReason>;

export const Radio = z.object({
  band: z.enum(['2.4', '5', '6']),
  channel: z.int(),
  widthMHz: z.number(),
  txPowerDbm: z.number().nullable(),
  noiseDbm: z.number().nullable(),
  /** 0 to 1, from the change of busy and active counters between two reports; null until there are two. */
  utilisation: z.number().min(0).max(1).nullable(),
});
export type Radio = z.infer<typeof Radio>;

export const Ssid = z.object({
  ssid: z.string(),
  bssid: z.string(),
  enabled: z.boolean(),
  clients: z.int(),
  rxB: z.number(),
  txB: z.number(),
});

/** A Wi-Fi client. Without `wifi.clients` the MAC is masked to its maker's half. */
export const WifiClient = z.object({
  mac: z.string(),
  rssiDbm: z.number().nullable(),
  connectedS: z.number().nullable(),
  rxKbps: z.number().nullable(),
  txKbps: z.number().nullable(),
});

export const StatusChange = z.object({ at: UtcMs, status: HealthStatus, reason: StatusReason });
export type StatusChange = z.infer<typeof StatusChange>;

/** A measurement beyond its threshold, and the level at which it is sound again. */
export const ExceededMeasurement = z.object({
  metric: z.string(),
  value: z.number(),
  side: z.enum(['above', 'below']),
  clear: z.number(),
});
export type ExceededMeasurement = z.infer<typeof ExceededMeasurement>;

/** All that the hub knows of one device's health now. Fields a device never reported are null. */
export const DeviceHealth = z.object({
  id: DeviceId,
  status: HealthStatus,
  since: UtcMs.nullable(),
  reason: StatusReason,
  /** Set while the hub cannot hear the devices: the status is the last one known. */
  unknownSince: UtcMs.nullable(),
  lastSeenAt: UtcMs.nullable(),
  /** Device clock minus hub clock at the last report, ms. */
  skewMs: z.number().nullable(),
  session: z.int().nullable(),
  /** Messages come, but of this session, older than `session`, so that none counts; null when none come. */
  olderSession: z.int().nullable(),
  /** The gateway through which it was heard last, and since when that is gone, UTC ms; null without one. */
  gateway: z.object({ id: DeviceId, name: z.string().nullable(), goneSince: UtcMs.nullable() }).nullable(),
  /** Devices, of those the reader may see, that were last heard through this one: above 0 it is a gateway. */
  speaksFor: z.int(),
  /** Names of devices that are mentioned by their ids here and in the registry's entry, of those the reader may see. */
  names: z.record(DeviceId, z.string()),
  uptimeS: z.number().nullable(),
  firmware: z.string().nullable(),
  configId: z.string().nullable(),
  /** Whether its lamp blinks so that it can be found. */
  locating: z.boolean().nullable(),
  cpuPct: z.number().nullable(),
  memory: z.object({ totalB: z.number(), freeB: z.number() }).nullable(),
  uplink: z
    .object({ parentId: z.string().nullable(), port: z.string().nullable(), mbps: z.number().nullable() })
    .nullable(),
  radios: z.array(Radio),
  ssids: z.array(Ssid),
  clientCount: z.int().nullable(),
  clients: z.array(WifiClient),
  ports: z.array(
    z.object({
      port: z.string(),
      up: z.boolean(),
      mbps: z.number().nullable(),
      poeOn: z.boolean().nullable(),
      poeWatts: z.number().nullable(),
      peerId: z.string().nullable(),
    }),
  ),
  temperatureC: z.number().nullable(),
  stream: z
    .object({
      fps: z.number().nullable(),
      bitrateKbps: z.number().nullable(),
      resolution: z.string().nullable(),
    })
    .nullable(),
  tamper: z.boolean().nullable(),
  exceeded: z.array(ExceededMeasurement),
  /** A command is under way, here or above it, that may silence it for a while: no incident before `until`, UTC ms. */
  commanded: z
    .object({ kind: z.enum(['reboot', 'poe-cycle', 'radio']), until: UtcMs, above: z.boolean() })
    .nullable(),
  malformed: z.object({ count: z.int(), lastReason: z.string().nullable(), lastAt: UtcMs.nullable() }),
  /** Newest first, at most 50. */
  changes: z.array(StatusChange),
});
export type DeviceHealth = z.infer<typeof DeviceHealth>;

/** One line of the access point table. */
export const AccessPointRow = z.object({
  id: DeviceId,
  num: z.int(),
  name: z.string(),
  address: z.string(),
  lat: z.number(),
  lon: z.number(),
  okrugId: z.string(),
  districtId: z.string(),
  owner: z.string(),
  contractor: z.string(),
  model: z.string(),
  parentId: z.string().nullable(),
  status: HealthStatus,
  since: UtcMs.nullable(),
  reason: StatusReason,
  lastSeenAt: UtcMs.nullable(),
  firmware: z.string().nullable(),
  configId: z.string().nullable(),
  uptimeS: z.number().nullable(),
  clients: z.int().nullable(),
  /** The busiest radio's utilisation, 0 to 1. */
  utilisation: z.number().nullable(),
  noiseDbm: z.number().nullable(),
  /** `2.4:6 5:44`. */
  channels: z.string(),
  radios: z.array(Radio.pick({ band: true, channel: true, widthMHz: true, txPowerDbm: true })),
});
export type AccessPointRow = z.infer<typeof AccessPointRow>;

/** `GET /api/wifi/access-points`: every one the person may see, in one answer. */
export const AccessPointRows = z.array(AccessPointRow);
export type AccessPointRows = z.infer<typeof AccessPointRows>;

/** Are we blind? Each part says since when it cannot be trusted; null where all is well. */
export const Monitoring = z.object({
  broker: z.object({
    kind: z.enum(['embedded', 'external']),
    address: z.string(),
    downSince: UtcMs.nullable(),
    error: Trouble.nullable(),
  }),
  ingestStalledSince: UtcMs.nullable(),
  recorder: z.object({
    failingSince: UtcMs.nullable(),
    error: Trouble.nullable(),
    cameras: z.int(),
    recording: z.int(),
    freeBytes: z.number().nullable(),
    /** In the order of the settings. */
    disks: z.array(DiskBrief),
  }),
  /** Where the values of reports are kept: while it fails, statuses and incidents go on, charts do not. */
  history: z.object({
    failingSince: UtcMs.nullable(),
    error: Trouble.nullable(),
    /** What could not wait for it since the hub's start, in batches of a twentieth of a second. */
    lostBatches: z.int(),
  }),
  clockJumpedAt: UtcMs.nullable(),
  /** Messages a second over the last ten seconds. */
  messagesPerSecond: z.number(),
  counts: z.record(z.enum(['camera', 'ap', 'switch']), z.partialRecord(HealthStatus, z.int())),
});
export type Monitoring = z.infer<typeof Monitoring>;

/** Something a device told of once: a door opened, a channel changed, a fan failed. */
export const DeviceEvent = z.object({
  /** When the hub received it. */
  at: UtcMs,
  /** The device's own time. */
  deviceTs: z.number(),
  type: z.string(),
  severity: z.enum(['info', 'warning', 'critical']),
  source: z.record(z.string(), z.unknown()),
  data: z.record(z.string(), z.unknown()),
});
export type DeviceEvent = z.infer<typeof DeviceEvent>;
