import type { DeviceKind } from '../contract/device.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';

/**
 * Where every device stands, by its number, in flat arrays: what rights are compiled from. A copy, so that a
 * device that was moved can be told from what was compiled before.
 */
export interface DeviceIndex {
  /** One more than the highest number. */
  readonly length: number;
  readonly ids: readonly (string | undefined)[];
  readonly okrugs: readonly (string | undefined)[];
  readonly districts: readonly (string | undefined)[];
  readonly groups: readonly (readonly string[] | undefined)[];
  readonly kinds: readonly (DeviceKind | undefined)[];
  numOf(id: string): number | undefined;
  /** Does the record stand where the index has it? */
  matches(device: DeviceRecord): boolean;
  /** Takes over devices that may have been added, moved or removed. True when any of them was. */
  update(ids: readonly string[]): boolean;
}

const sameGroups = (a: readonly string[] | undefined, b: readonly string[]) =>
  a !== undefined && (a === b || (a.length === b.length && a.every((id, i) => id === b[i])));

export function indexDevices(devices: DeviceRegistry): DeviceIndex {
  const ids: (string | undefined)[] = [];
  const okrugs: (string | undefined)[] = [];
  const districts: (string | undefined)[] = [];
  const groups: (readonly string[] | undefined)[] = [];
  const kinds: (DeviceKind | undefined)[] = [];
  const nums = new Map<string, number>();

  function set(device: DeviceRecord): void {
    const { num } = device;
    // Grown one by one: an array that is assigned far beyond its end becomes a slow one.
    while (ids.length <= num) {
      ids.push(undefined);
      okrugs.push(undefined);
      districts.push(undefined);
      groups.push(undefined);
      kinds.push(undefined);
    }
    ids[num] = device.id;
    okrugs[num] = device.okrugId;
    districts[num] = device.districtId;
    groups[num] = device.groupIds;
    kinds[num] = device.kind;
    nums.set(device.id, num);
  }

  function clear(id: string): boolean {
    const num = nums.get(id);
    if (num === undefined) return false;
    nums.delete(id);
    ids[num] = undefined;
    okrugs[num] = undefined;
    districts[num] = undefined;
    groups[num] = undefined;
    kinds[num] = undefined;
    return true;
  }

  const matches = (device: DeviceRecord) =>
    ids[device.num] === device.id &&
    okrugs[device.num] === device.okrugId &&
    districts[device.num] === device.districtId &&
    sameGroups(groups[device.num], device.groupIds);

  for (const device of devices.all()) set(device);
  return {
    get length() {
      return ids.length;
    },
    ids,
    okrugs,
    districts,
    groups,
    kinds,
    numOf: (id) => nums.get(id),
    matches,
    update(changed) {
      let moved = false;
      for (const id of changed) {
        const device = devices.get(id);
        if (device && matches(device)) continue;
        const removed = clear(id);
        if (device) set(device);
        moved = moved || removed || device !== undefined;
      }
      return moved;
    },
  };
}
