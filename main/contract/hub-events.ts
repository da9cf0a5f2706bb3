import type { HealthStatus, StatusReason } from './health.ts';
import type { DiskStatus } from './recording.ts';
import type { StreamStatus, TrackName } from './video.ts';

/**
 * What rooms tell each other inside the hub, by way of the event bus that the composition root hands out.
 * An event says that something is so; whoever hears it looks the truth up.
 */
export interface HubEvents {
  /** Statuses that changed, in order. Told in batches, at most some 100 ms after the message. */
  'health.changed': readonly {
    num: number;
    deviceId: string;
    status: HealthStatus;
    since: number;
    reason: StatusReason;
  }[];
  /** Devices that reported (status changed or not), in batches. */
  'health.reported': readonly string[];
  'monitoring.changed': undefined;
  /** Rights may now be other than before, for these people or for all. */
  'rights.changed': { personIds: readonly string[] | 'all' };
  'session.ended': {
    sessionId: string;
    personId: string;
    reason: 'signed-out' | 'locked' | 'expired' | 'demo-closed';
  };
  /** Registry rows changed; null means many at once (an import, a seed). */
  'devices.changed': { deviceIds: readonly string[] | null };
  'recording.written': { cameraId: string; track: TrackName; segmentId: string; from: number; to: number };
  /** A disk for footage is in another state, or for another reason, than before. */
  'recording.disk': DiskStatus;
  'stream.changed': StreamStatus;
  /** Looking at a camera's keyframes found something else than before. */
  'picture.changed': { cameraId: string };
  'job.changed': { jobId: string; ownerId: string };
  /** Incidents, or maintenance windows (then no ids), are other than before. */
  'incident.changed': { ids: readonly string[] };
  /** Commands of a run went on, at the devices of these numbers; the run itself too. */
  'command.changed': { runId: string; nums: readonly number[] };
  /** A saved wall was added, changed or removed. */
  'walls.changed': undefined;
}
