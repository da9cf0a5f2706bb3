import { MAX_DEPTH } from './parents.ts';
import type { DeviceRecord, DeviceRegistry } from './types.ts';

/** Whether the device hangs on the one with this id, at whatever distance. Not on itself. */
export function hangsBelow(
  devices: Pick<DeviceRegistry, 'get'>,
  device: DeviceRecord,
  aboveId: string,
): boolean {
  let next = device.parentId;
  for (let depth = 0; next !== null && depth < MAX_DEPTH; depth++) {
    if (next === aboveId) return true;
    next = devices.get(next)?.parentId ?? null;
  }
  return false;
}
