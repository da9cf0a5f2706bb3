import type { Commands } from '../commands/commands.ts';
import type { DeviceHealth } from '../contract/health.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';

/** As many as an incident looks up to. */
const MOST_ANCESTORS = 6;

export interface CommandedServices {
  devices: Pick<DeviceRegistry, 'get'>;
  commands: Pick<Commands, 'cuttingOff'>;
}

/** The command, at the device or at what it hangs on, that makes its silence expected; of people it names nobody. */
export function commandedView(
  { devices, commands }: CommandedServices,
  device: DeviceRecord,
): DeviceHealth['commanded'] {
  let at: DeviceRecord | undefined = device;
  for (let depth = 0; at && depth <= MOST_ANCESTORS; depth++) {
    const found = commands.cuttingOff(at.num);
    if (found) return { kind: found.kind, until: found.until, above: at !== device };
    at = at.parentId === null ? undefined : devices.get(at.parentId);
  }
  return null;
}
