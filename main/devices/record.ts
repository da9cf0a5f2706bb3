import type { Area } from '../contract/device.ts';
import { microDegrees, type PlainInput } from './rows.ts';
import type { DeviceRecord } from './types.ts';

/** The okrug of a district; an unknown one is its own. */
export const okrugOf = (areas: ReadonlyMap<string, Area>, districtId: string): string =>
  areas.get(districtId)?.parentId ?? districtId;

/** The record a device has, or would have: number 0 stands for one not yet given. */
export function recordOf(num: number, input: PlainInput, areas: ReadonlyMap<string, Area>): DeviceRecord {
  return {
    num,
    id: input.id,
    kind: input.kind,
    lat: microDegrees(input.lat),
    lon: microDegrees(input.lon),
    azimuthDeg: input.azimuthDeg,
    okrugId: okrugOf(areas, input.districtId),
    districtId: input.districtId,
    groupIds: input.groupIds,
    parentId: input.parentId,
  };
}

/** Whether the change moves the device to where other people have rights over it (design: contracts, 2). */
export function movesDevice(was: PlainInput, now: Pick<PlainInput, 'districtId' | 'owner' | 'groupIds'>) {
  const sameGroups =
    was.groupIds.length === now.groupIds.length && was.groupIds.every((id) => now.groupIds.includes(id));
  return was.districtId !== now.districtId || was.owner !== now.owner || !sameGroups;
}
