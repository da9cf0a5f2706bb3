import type { AccessGate, Viewer } from '../access/types.ts';
import { EXPIRING_DAYS, type Hold, type HoldFilter } from '../contract/holds.ts';
import { LIVE_WINDOW_MS } from '../contract/video.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';
import type { HoldRecord } from '../recording/hold-store.ts';

const DAY_MS = 86_400_000;

export interface HoldViewServices {
  gate: AccessGate;
  devices: Pick<DeviceRegistry, 'get'>;
  now(): number;
}

/** A hold as one person has it: which of its cameras he may know of, and what he may do. */
export type HoldView = ReturnType<typeof createHoldView>;

export function createHoldView({ gate, devices, now }: HoldViewServices) {
  const isCamera = (device: DeviceRecord | undefined): device is DeviceRecord => device?.kind === 'camera';
  const there = (hold: HoldRecord): DeviceRecord[] =>
    hold.cameraIds.map((id) => devices.get(id)).filter(isCamera);
  const administers = (viewer: Viewer): boolean => gate.may(viewer, 'system.configure', null).allowed;

  /** Deciding over somebody's hold takes the right on every camera that there still is; on none, the system's. */
  const decides = (viewer: Viewer, hold: HoldRecord): boolean => {
    const cameras = there(hold);
    return cameras.length > 0
      ? cameras.every((device) => gate.may(viewer, 'video.hold', device).allowed)
      : administers(viewer);
  };

  /** Footage younger than the live window, and such to come, has no depth: the right itself is asked for. */
  const footageTime = (from: number): number | undefined =>
    from < now() - LIVE_WINDOW_MS ? from : undefined;

  const mine = (viewer: Viewer, hold: HoldRecord): boolean => hold.by.id === viewer.personId;

  return {
    decides,
    /** What is missing for booking this camera's footage from then on; null when nothing is. */
    lacks(viewer: Viewer, action: 'video.archive' | 'video.hold', device: DeviceRecord, from: number) {
      const decision = gate.may(viewer, action, device, footageTime(from));
      return decision.allowed ? null : decision.reason;
    },
    /** Whose it is, who may keep footage on one of its cameras, and whoever answers for the disks may see it. */
    visible: (viewer: Viewer, hold: HoldRecord): boolean =>
      mine(viewer, hold) ||
      administers(viewer) ||
      there(hold).some((device) => gate.may(viewer, 'video.hold', device).allowed),
    fits(viewer: Viewer, hold: HoldRecord, filter: HoldFilter, camera: string | undefined): boolean {
      if (camera !== undefined && !hold.cameraIds.includes(camera)) return false;
      switch (filter) {
        case 'open':
        case 'ended':
          return true;
        case 'mine':
          return mine(viewer, hold);
        case 'to-approve':
          return hold.state === 'requested' && !mine(viewer, hold) && decides(viewer, hold);
        case 'expiring':
          return hold.keptUntil < now() + EXPIRING_DAYS * DAY_MS;
      }
    },
    of(viewer: Viewer, hold: HoldRecord, bytes: number): Hold {
      const own = mine(viewer, hold);
      const cameraIds = hold.cameraIds.filter((id) => {
        const device = devices.get(id);
        return own || (device && gate.may(viewer, 'device.view', device).allowed);
      });
      const over = hold.state === 'ended';
      const may = !over && decides(viewer, hold);
      return {
        ...hold,
        cameraIds,
        hiddenCameras: hold.cameraIds.length - cameraIds.length,
        bytes,
        mine: own,
        mayEnd: may || (own && hold.state === 'requested'),
        mayProlong: may && hold.state === 'held',
        mayApprove: may && hold.state === 'requested' && !own,
      };
    },
  };
}
