import type { Bitset } from '../base/bitset.ts';
import type {
  AccessPointRow,
  DeviceEvent,
  DeviceHealth,
  ExceededMeasurement,
  HealthStatus,
  Monitoring,
  StatusReason,
} from '../contract/health.ts';
import type { PictureProblem } from '../contract/pictures.ts';
import type { Quarantine } from '../contract/quarantine.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { Details } from './details.ts';

/** What the hub knows of a device just now, without a query: for whoever acts upon it. */
export interface LatestReport {
  status: HealthStatus;
  /** The status beneath maintenance and flapping. */
  base: HealthStatus;
  /** UTC ms since when the status is only the last one known. */
  unknownSince: number | null;
  lastSeenAt: number | null;
  session: number | null;
  /** Device clock minus hub clock at the last report, ms. */
  skewMs: number | null;
  heartbeatMs: number;
  /** Since the hub started it spoke other dialects alone, in which nobody is commanded. */
  onlyForeign: boolean;
  /** What its last state said; `reportedAt` is NaN when there was none in this run of the hub. */
  details: Readonly<Details>;
}

export interface HealthView {
  latest(device: Pick<DeviceRecord, 'num'>): LatestReport;
  statusOf(num: number): { status: HealthStatus; since: number | null };
  /** `base` is the status beneath maintenance and flapping; `heard`: by message or stream, since the hub started. */
  conditionOf(num: number): {
    status: HealthStatus;
    reason: StatusReason;
    since: number | null;
    base: HealthStatus;
    heard: boolean;
  };
  /** Measurements that are out of bounds now. */
  exceeded(num: number): ExceededMeasurement[];
  /** Index in HealthStatuses, for the map's wire. */
  statusIndexOf(num: number): number;
  /** `showMacs` false masks client MACs. */
  health(
    device: DeviceRecord,
    showMacs: boolean,
  ): Promise<Omit<DeviceHealth, 'commanded' | 'gateway' | 'speaksFor' | 'names'>>;
  /** The gateway through which the device was heard last, and since when that is gone, UTC ms. */
  gatewayOf(num: number): { num: number; goneSince: number | null } | null;
  accessPointSummary(
    device: DeviceRecord,
  ): Pick<
    AccessPointRow,
    | 'status'
    | 'since'
    | 'reason'
    | 'lastSeenAt'
    | 'firmware'
    | 'configId'
    | 'uptimeS'
    | 'clients'
    | 'utilisation'
    | 'noiseDbm'
    | 'channels'
    | 'radios'
  >;
  /** Are we blind? With the counts of all devices. */
  monitoring(): Monitoring;
  /** The same with the counts of the devices in `visible`. */
  monitoringOf(visible: Bitset): Monitoring;
  /** What the device sent and was refused, by reason, with a sample in which no client and no secret can be read. */
  quarantine(device: DeviceRecord): Promise<Quarantine>;
  /** What the device told of once, newest first, at most 100. */
  events(device: DeviceRecord): Promise<DeviceEvent[]>;
  /** What the hub itself sees of a camera's stream; wins over what the camera claims. */
  streamSeen(cameraId: string, seen: { ok: boolean; reason: StatusReason }): void;
  /** What the hub found in a camera's picture; counts as long as its stream runs. */
  pictureSeen(cameraId: string, problem: PictureProblem | null): void;
}
