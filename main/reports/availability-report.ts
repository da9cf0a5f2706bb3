import { setImmediate } from 'node:timers/promises';
import type { Bitset } from '../base/bitset.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { DeviceKind } from '../contract/device.ts';
import {
  type AvailabilityLine,
  type AvailabilityReport,
  MAX_REPORT_RANGE_MS,
  type ReportGroup,
} from '../contract/reports.ts';
import type { DeviceRecord, DeviceStore } from '../devices/types.ts';
import { addTimes, mostlyUnknown, noTimes, type Span, shares, type Times } from './availability.ts';
import type { Reckoner } from './reckoner.ts';

/** Made once: `localeCompare` takes four times as long, seconds of the hub's only thread for a city by device. */
const BY_NAME = new Intl.Collator('ru');
/** Camera 2 before camera 10: half as slow again, so only where nobody waits for it. */
const BY_NUMBERED_NAME = new Intl.Collator('ru', { numeric: true });
const MOST_NUMBERED = 20_000;
/** Devices whose changes are read at once: a city comes in some hundred reads that leave others their turn. */
const DEVICES_A_READ = 1_000;

export interface ReportRequest {
  range: Span;
  by: ReportGroup;
  kind: DeviceKind | undefined;
  /** Devices that the one who asks may see. */
  visible: Bitset;
}

export interface Reports {
  /** @throws AppError `report-range`, or the signal's reason */
  availability(request: ReportRequest, signal: AbortSignal): Promise<AvailabilityReport>;
}

interface Group {
  name: string;
  devices: number;
  times: Times;
}

/** Reports over all devices of a person, reckoned from what was kept of each. */
export function createReports(options: {
  clock: Clock;
  reckoner: Reckoner;
  devices: Pick<DeviceStore, 'all' | 'areas' | 'groups' | 'names'>;
}): Reports {
  const { clock, reckoner, devices } = options;

  /** The lines in which a device counts: in several where it is in several groups. */
  function keysOf(
    by: ReportGroup,
    device: DeviceRecord,
    own: { name: string; owner: string; contractor: string },
  ): [string, string][] {
    const area = (id: string): [string, string] => [
      id,
      devices.areas().find((one) => one.id === id)?.nameRu ?? id,
    ];
    switch (by) {
      case 'device':
        return [[device.id, own.name]];
      case 'district':
        return [area(device.districtId)];
      case 'okrug':
        return [area(device.okrugId)];
      case 'owner':
        return [[own.owner, own.owner]];
      case 'contractor':
        return [[own.contractor, own.contractor]];
      case 'group':
        return device.groupIds.map((id) => [id, devices.groups().find((one) => one.id === id)?.name ?? id]);
    }
  }

  return {
    async availability({ range, by, kind, visible }, signal) {
      const until = Math.min(range.until, clock.now());
      if (until <= range.from || range.until - range.from > MAX_REPORT_RANGE_MS)
        throw new AppError('report-range', 400, 'A report covers some of the past and at most a year.');
      const span = { from: range.from, until };
      const blind = await reckoner.blind(span);
      const groups = new Map<string, Group>();
      const total: Group = { name: '', devices: 0, times: noTimes() };
      const mine = [...devices.all()].filter(
        (device) => visible.has(device.num) && (kind === undefined || device.kind === kind),
      );
      for (let at = 0; at < mine.length; at += DEVICES_A_READ) {
        signal.throwIfAborted();
        const some = mine.slice(at, at + DEVICES_A_READ);
        const nums = some.map((device) => device.num);
        const [reckoned, names] = await Promise.all([reckoner.times(nums, span, blind), devices.names(nums)]);
        for (const device of some) {
          const times = reckoned.get(device.num) ?? noTimes();
          total.devices += 1;
          addTimes(total.times, times);
          for (const [key, name] of keysOf(
            by,
            device,
            names.get(device.num) ?? { name: device.id, owner: '', contractor: '' },
          )) {
            const group = groups.get(key) ?? { name, devices: 0, times: noTimes() };
            groups.set(key, group);
            group.devices += 1;
            addTimes(group.times, times);
          }
        }
        await setImmediate();
      }
      const line = (key: string, { name, devices: count, times }: Group): AvailabilityLine => ({
        ...{ key, name, devices: count, times },
        ...shares(times),
      });
      const lines = [...groups].map(([key, group]) => line(key, group));
      const place = (one: AvailabilityLine) => (mostlyUnknown(one.times) ? 2 : (one.own ?? 2));
      const names = lines.length > MOST_NUMBERED ? BY_NAME : BY_NUMBERED_NAME;
      lines.sort((a, b) => place(a) - place(b) || names.compare(a.name, b.name));
      const blindMs = blind.reduce(
        (sum, one) => sum + Math.max(0, Math.min(one.until, until) - Math.max(one.from, span.from)),
        0,
      );
      return { ...{ from: span.from, to: until, by, blindMs, lines }, total: line('', total), more: false };
    },
  };
}
