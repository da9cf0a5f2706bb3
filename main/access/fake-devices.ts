import type { Area } from '../contract/device.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';

export type FakeDevice = Pick<DeviceRecord, 'num' | 'id' | 'kind' | 'okrugId' | 'districtId' | 'groupIds'>;

/** A registry in memory, for tests of rights: places only. What rights never ask for throws. */
export interface FakeDevices extends DeviceRegistry {
  put(device: FakeDevice): void;
  drop(id: string): void;
}

export function fakeDevices(devices: readonly FakeDevice[], areas: readonly Area[] = []): FakeDevices {
  const byId = new Map<string, DeviceRecord>();
  const put = (device: FakeDevice) =>
    byId.set(device.id, { ...device, lat: 55_750_000, lon: 37_610_000, azimuthDeg: null, parentId: null });
  for (const device of devices) put(device);
  const unused = () => {
    throw new Error('rights do not ask this of the registry');
  };
  return {
    get: (id) => byId.get(id),
    byNum: (num) => [...byId.values()].find((device) => device.num === num),
    get count() {
      return byId.size;
    },
    all: () => byId.values(),
    areas: () => areas,
    groups: () =>
      [...new Set([...byId.values()].flatMap(({ groupIds }) => groupIds))].map((id) => ({
        id,
        name: id,
        devices: 0,
      })),
    put,
    drop: (id) => byId.delete(id),
    device: unused,
    list: unused,
    add: unused,
    patch: unused,
    remove: unused,
    committed: unused,
    seed: unused,
    setGroup: unused,
    removeGroup: unused,
    camera: unused,
    camerasWithStream: unused,
    rememberSound: unused,
    retentionDays: unused,
  };
}
