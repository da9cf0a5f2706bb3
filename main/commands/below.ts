import type { DeviceRecord, DeviceStore } from '../devices/types.ts';

/** What hangs below a switch, at whatever distance. Worked out anew when the registry changed. */
export function createBelow(devices: Pick<DeviceStore, 'all' | 'version'>) {
  let version = -1;
  let children = new Map<string, DeviceRecord[]>();

  function refresh(): void {
    if (version === devices.version) return;
    version = devices.version;
    children = new Map();
    for (const device of devices.all()) {
      if (device.parentId === null) continue;
      const others = children.get(device.parentId);
      if (others) others.push(device);
      else children.set(device.parentId, [device]);
    }
  }

  return ({ id }: Pick<DeviceRecord, 'id'>): readonly DeviceRecord[] => {
    refresh();
    const found: DeviceRecord[] = [];
    const seen = new Set<string>([id]);
    const next = [id];
    for (let above = next.pop(); above !== undefined; above = next.pop())
      for (const child of children.get(above) ?? []) {
        if (seen.has(child.id)) continue;
        seen.add(child.id);
        found.push(child);
        next.push(child.id);
      }
    return found;
  };
}
