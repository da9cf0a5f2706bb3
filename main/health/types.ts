import type {
  AccessPointRow,
  DeviceHealth,
  HealthStatus,
  Monitoring,
  StatusReason,
} from '../contract/health.ts';
import type { DeviceRecord } from '../devices/types.ts';

export interface HealthView {
  statusOf(num: number): { status: HealthStatus; since: number | null };
  /** Index in HealthStatuses, for the map's wire. */
  statusIndexOf(num: number): number;
  /** `showMacs` false masks client MACs. */
  health(device: DeviceRecord, showMacs: boolean): Promise<DeviceHealth>;
  accessPointSummary(
    device: DeviceRecord,
  ): Pick<
    AccessPointRow,
    | 'status'
    | 'since'
    | 'reason'
    | 'lastSeenAt'
    | 'firmware'
    | 'uptimeS'
    | 'clients'
    | 'utilisation'
    | 'noiseDbm'
    | 'channels'
  >;
  monitoring(): Monitoring;
  /** What the hub itself sees of a camera's stream; wins over what the camera claims. */
  streamSeen(cameraId: string, seen: { ok: boolean; reason: StatusReason }): void;
}
