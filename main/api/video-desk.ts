import type { AccessGate, Decision, Viewer } from '../access/types.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Clock } from '../base/clock.ts';
import type { AppError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { Action } from '../contract/access.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { LIVE_WINDOW_MS, type TrackName } from '../contract/video.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';
import { createPlaybackSessions, type PlaybackSessions } from '../video/playback-sessions.ts';
import type { VideoRoom } from '../video/types.ts';
import { createRefusals } from './refusals.ts';
import { createRightsWatch, type RightsWatch } from './rights-watch.ts';

export interface VideoDeskOptions {
  video: VideoRoom;
  gate: AccessGate;
  audit: AuditLog;
  devices: Pick<DeviceRegistry, 'get'>;
  bus: EventBus<HubEvents>;
  clock: Clock;
  log: Logger;
  /** How long after its last request a live view is over. */
  idleMs?: number;
}

export type BytesDecision = { allowed: true; as: 'live' | 'archive' } | (Decision & { allowed: false });

/** What every answer with pictures in it passes: rights by the age of the footage, the record, who is watching. */
export interface VideoDesk {
  playback: PlaybackSessions<Viewer>;
  rights: RightsWatch;
  /** Bytes whose oldest frame was taken at `footageTime`; without it: whether any of them could be had at all. */
  mayHaveBytes(viewer: Viewer, device: DeviceRecord, footageTime?: number): BytesDecision;
  /** Sound needs `video.audio` beside the right to the picture of its time. */
  mayHear(viewer: Viewer, device: DeviceRecord, footageTime?: number): Decision;
  mayHavePicture(viewer: Viewer, device: DeviceRecord, footageTime?: number): Decision;
  /** Puts bytes on record as part of a live view or of an archive view. Call the result when they are out. */
  recordBytes(
    viewer: Viewer,
    device: DeviceRecord,
    footageTime: number,
    as: 'live' | 'archive',
    track?: TrackName,
  ): Promise<() => void>;
  recordPicture(viewer: Viewer, device: DeviceRecord, footageTime: number): Promise<void>;
  /** The error to throw for a missing right, put on record unless the same was a moment ago. */
  refusal(viewer: Viewer, device: DeviceRecord, action: Action, reason: string): Promise<AppError>;
  stop(): Promise<void>;
}

/** A segment may begin this much before the range that names it. */
const RANGE_SLACK_MS = 15_000;

export function createVideoDesk(options: VideoDeskOptions): VideoDesk {
  const { video, gate, audit, devices, bus, clock, log } = options;
  const entry = (viewer: Viewer) => ({
    person: { id: viewer.personId, name: viewer.name },
    from: viewer.from,
  });
  const playback = createPlaybackSessions<Viewer>({
    clock,
    log,
    hold: (cameraId, track) => video.hold(cameraId, track),
    onLiveStart: (viewer, cameraId, track) =>
      audit.record({
        kind: 'video.live-start',
        ...entry(viewer),
        subject: cameraId,
        data: track === 'sound' ? { sound: true } : {},
      }),
    onLiveEnd: (viewer, cameraId, seconds, reason) =>
      audit.record({
        kind: 'video.live-end',
        ...entry(viewer),
        subject: cameraId,
        data: { seconds, reason },
      }),
    onArchiveView: (viewer, cameraId, from, to) =>
      audit.record({ kind: 'video.archive-view', ...entry(viewer), subject: cameraId, data: { from, to } }),
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
  });
  const rights = createRightsWatch(gate, bus);
  rights.onChange(() =>
    playback.endWhere((viewer, cameraId) => {
      const device = devices.get(cameraId);
      return !device || !gate.may(viewer, 'video.live', device).allowed;
    }),
  );
  const refusals = createRefusals(audit, clock.monotonic);

  return {
    playback,
    rights,
    mayHaveBytes(viewer, device, footageTime) {
      const live = gate.may(viewer, 'video.live', device, footageTime);
      const recent = footageTime === undefined || footageTime >= clock.now() - LIVE_WINDOW_MS;
      if (live.allowed) return { allowed: true, as: recent ? 'live' : 'archive' };
      // Who is denied the live picture does not get it as the newest end of the archive.
      if (live.reason === 'denied' && recent) return live;
      const archive = gate.may(viewer, 'video.archive', device, footageTime);
      if (archive.allowed) return { allowed: true, as: 'archive' };
      return archive.reason === 'no-grant' ? live : archive;
    },
    mayHear: (viewer, device, footageTime) => gate.may(viewer, 'video.audio', device, footageTime),
    mayHavePicture(viewer, device, footageTime) {
      const still = gate.may(viewer, 'video.snapshot', device, footageTime);
      if (still.allowed || still.reason === 'denied') return still;
      return gate.may(viewer, 'video.live', device, footageTime);
    },
    async recordBytes(viewer, device, footageTime, as, track = 'main') {
      const archive = as === 'archive' || playback.reads(viewer, device.id, footageTime, RANGE_SLACK_MS);
      if (!archive) return playback.live(viewer, device.id, track);
      await playback.archiveBytes(viewer, device.id, footageTime, RANGE_SLACK_MS);
      return () => undefined;
    },
    recordPicture: (viewer, device, footageTime) =>
      audit.record({
        kind: 'video.snapshot',
        ...entry(viewer),
        subject: device.id,
        data: { at: Math.round(footageTime) },
      }),
    refusal: (viewer, device, action, reason) =>
      refusals.refuse({ viewer, action, subject: device.id, reason }),
    async stop() {
      rights.stop();
      await playback.stop();
    },
  };
}
