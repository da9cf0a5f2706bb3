import type { Bitset } from '../base/bitset.ts';
import type { Clock } from '../base/clock.ts';
import { DeviceKinds } from '../contract/device.ts';
import { HealthStatuses, type Monitoring } from '../contract/health.ts';
import type { Columns } from './columns.ts';

const KEPT_MS = 1_000;

type Counts = Monitoring['counts'];

/** Devices by kind and status, of all or of those in a set; worked out at most once a second for each set. */
export interface StatusCounts {
  of(visible: Bitset | null): Counts;
}

export function createStatusCounts(columns: Columns, clock: Clock): StatusCounts {
  const kept = new WeakMap<object, { at: number; counts: Counts }>();
  const everything = {};

  function count(visible: Bitset | null): Counts {
    const table = new Uint32Array(DeviceKinds.length * HealthStatuses.length);
    for (let num = 0; num < columns.capacity; num++) {
      const kind = columns.kind[num] ?? 0;
      if (kind === 0 || (visible && !visible.has(num))) continue;
      const cell = (kind - 1) * HealthStatuses.length + (columns.status[num] ?? 0);
      table[cell] = (table[cell] ?? 0) + 1;
    }
    const row = (kind: number): Counts['camera'] =>
      Object.fromEntries(
        HealthStatuses.map((status, index) => [status, table[kind * HealthStatuses.length + index] ?? 0]),
      );
    return {
      camera: row(DeviceKinds.indexOf('camera')),
      ap: row(DeviceKinds.indexOf('ap')),
      switch: row(DeviceKinds.indexOf('switch')),
    };
  }

  return {
    of(visible) {
      const key = visible ?? everything;
      const before = kept.get(key);
      if (before && clock.monotonic() - before.at < KEPT_MS) return before.counts;
      const counts = count(visible);
      kept.set(key, { at: clock.monotonic(), counts });
      return counts;
    },
  };
}
