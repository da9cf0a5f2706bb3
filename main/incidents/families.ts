import type { DeviceRegistry } from '../devices/types.ts';

/** Who stands behind whom, by device number; worked out anew after the registry changed. */
export function createFamilies(devices: Pick<DeviceRegistry, 'all' | 'get' | 'byNum'>) {
  let children: Map<number, number[]> | undefined;

  const parentOf = (num: number): number | undefined => {
    const parentId = devices.byNum(num)?.parentId;
    return parentId ? devices.get(parentId)?.num : undefined;
  };

  return {
    parentOf,
    childrenOf(num: number): readonly number[] {
      if (!children) {
        children = new Map();
        for (const device of devices.all()) {
          const parent = device.parentId ? devices.get(device.parentId)?.num : undefined;
          if (parent === undefined) continue;
          const siblings = children.get(parent);
          if (siblings) siblings.push(device.num);
          else children.set(parent, [device.num]);
        }
      }
      return children.get(num) ?? [];
    },
    changed(): void {
      children = undefined;
    },
  };
}
