import type { Decision } from '../access/types.ts';
import type { Action } from '../contract/access.ts';
import type { DeviceRecord } from '../devices/types.ts';

/** What a copy needs rights to. */
export interface CopyOf {
  cameraIds: readonly string[];
  /** UTC ms of its oldest frame. */
  from: number;
  original: boolean;
  sound: boolean;
  /** UTC ms when it was asked for. */
  askedAt: number;
}

export interface Refused {
  cameraId: string;
  action: Action;
  reason: string;
}

type May = (action: Action, device: DeviceRecord, footageTime: number) => Decision;

/** The rights to a copy, in the order in which their lack is told. */
export const neededFor = ({ original, sound }: Pick<CopyOf, 'original' | 'sound'>): Action[] => [
  'video.export',
  'video.archive',
  ...(original ? (['video.export-original'] as const) : []),
  ...(sound ? (['video.audio'] as const) : []),
];

/**
 * The first right that is missing, on any of the cameras where they stand now. The depth of an archive right is
 * measured from when the copy was asked for: a copy that was within it does not fall out of it while it waits.
 */
export function refusalOf(
  copy: CopyOf,
  now: number,
  devices: { get(id: string): DeviceRecord | undefined },
  may: May,
): Refused | null {
  const footageTime = copy.from + Math.max(0, now - copy.askedAt);
  for (const cameraId of copy.cameraIds) {
    const device = devices.get(cameraId);
    if (device?.kind !== 'camera') return { cameraId, action: 'video.export', reason: 'no-grant' };
    for (const action of neededFor(copy)) {
      const decision = may(action, device, footageTime);
      if (!decision.allowed) return { cameraId, action, reason: decision.reason };
    }
  }
  return null;
}
