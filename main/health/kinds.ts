import { DeviceKinds } from '../contract/device.ts';
import type { DeviceRecord } from '../devices/types.ts';
import { type Columns, makeRoom } from './columns.ts';

/** Notes of what kind a device is; one without a kind is not registered, and is not judged. */
export function addKind(columns: Columns, { num, kind }: Pick<DeviceRecord, 'num' | 'kind'>): void {
  makeRoom(columns, num);
  columns.kind[num] = DeviceKinds.indexOf(kind) + 1;
}

/** Notes them all anew: also who is gone. */
export function fillKinds(columns: Columns, devices: { all(): Iterable<DeviceRecord> }): void {
  columns.kind.fill(0);
  for (const device of devices.all()) addKind(columns, device);
}
