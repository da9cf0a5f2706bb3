import { Bitset } from '../base/bitset.ts';
import type { EventBus } from '../base/event-bus.ts';
import { HealthStatuses } from '../contract/health.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import type { Columns } from './columns.ts';
import { reasonAt } from './shown.ts';

const BATCH_MS = 60;

/** Tells the bus what changed, a batch at a time. */
export interface Announcer {
  changed(num: number, at: number): void;
  reported(num: number): void;
  stop(): void;
}

export function createAnnouncer(options: {
  bus: EventBus<HubEvents>;
  devices: Pick<DeviceRegistry, 'byNum'>;
  columns: Columns;
}): Announcer {
  const { bus, devices, columns } = options;
  let changes: HubEvents['health.changed'][number][] = [];
  /** Used again for each batch, and each device in it once: nearly every message of a city adds one. */
  const reported: number[] = [];
  const waiting = new Bitset();
  let timer: NodeJS.Timeout | undefined;

  function tell(): void {
    timer = undefined;
    const batch = changes;
    const ids = reported.flatMap((num) => devices.byNum(num)?.id ?? []);
    changes = [];
    for (const num of reported) waiting.delete(num);
    reported.length = 0;
    if (batch.length > 0) bus.emit('health.changed', batch);
    if (ids.length > 0) bus.emit('health.reported', ids);
  }

  const soon = () => {
    timer ??= setTimeout(tell, BATCH_MS);
  };

  return {
    changed(num, at) {
      const device = devices.byNum(num);
      if (!device) return;
      changes.push({
        num,
        deviceId: device.id,
        status: HealthStatuses[columns.status[num] ?? 0] ?? 'never-seen',
        since: at,
        reason: reasonAt(columns.reason[num]),
      });
      soon();
    },
    reported(num) {
      if (waiting.has(num)) return;
      waiting.add(num);
      reported.push(num);
      soon();
    },
    stop() {
      clearTimeout(timer);
      tell();
      clearTimeout(timer);
    },
  };
}
