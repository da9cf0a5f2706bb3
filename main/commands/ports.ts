import type { SkipReason } from '../contract/command-preview.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { LatestReport } from '../health/types.ts';

export type PortFinding =
  | { found: true; switch: DeviceRecord; port: string }
  | { found: false; reason: Extract<SkipReason, 'port-unknown' | 'port-unclear' | 'port-without-poe'> };

const no = (reason: Extract<PortFinding, { found: false }>['reason']): PortFinding => ({
  found: false,
  reason,
});

/**
 * The switch port that feeds a device: by the device's own word (`uplink`) and by the switch's (`ports[].peerId`), of the
 * switch above it in the registry where the device names none. Where the two disagree nothing is switched off: somebody
 * else's camera might hang there.
 */
export function findPort(
  device: DeviceRecord,
  services: {
    get(id: string): DeviceRecord | undefined;
    latest(device: DeviceRecord): Pick<LatestReport, 'details'>;
  },
): PortFinding {
  const { uplink } = services.latest(device).details;
  const above =
    services.get(uplink?.parentId ?? '') ??
    (device.parentId === null ? undefined : services.get(device.parentId));
  if (above?.kind !== 'switch') return no('port-unknown');
  const { ports } = services.latest(above).details;
  const claimed = ports.filter(({ peerId }) => peerId === device.id);
  // The port's name counts only at the switch of which the device spoke.
  const told = (uplink && (uplink.parentId ?? above.id) === above.id && uplink.port) || null;
  const port = told ?? claimed[0]?.port;
  if (port === undefined || port === '') return no('port-unknown');
  if (claimed.some((other) => other.port !== port)) return no('port-unclear');
  // A device that names another switch than the registry has above it is believed by that switch's word alone.
  if (above.id !== device.parentId && claimed.length === 0) return no('port-unclear');
  const seen = ports.find((candidate) => candidate.port === port);
  if (ports.length > 0 && !seen) return no('port-unknown');
  if (seen && seen.peerId !== null && seen.peerId !== device.id) return no('port-unclear');
  if (seen && seen.poeOn === null) return no('port-without-poe');
  return { found: true, switch: above, port };
}
