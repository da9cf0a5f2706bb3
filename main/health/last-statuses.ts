import type { StatusPayload } from '../contract/mqtt-payloads.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import { topicOf } from '../mqtt/topics.ts';
import type { KeptStatus } from '../mqtt/types.ts';
import { type Columns, NO_HEARTBEAT_MS } from './columns.ts';
import { GONE_BY_WILL } from './evidence.ts';

/**
 * What each device, or one of them, last said of its life in our own payload: born, or gone by its Will or goodbye.
 * Who never spoke, or has no sessions because it speaks another dialect, is left out.
 */
export function* lastStatuses(
  { columns, devices, city }: { columns: Columns; devices: DeviceRegistry; city: string },
  deviceId?: string,
): Generator<KeptStatus> {
  const one = deviceId === undefined ? undefined : devices.get(deviceId);
  const asked = deviceId === undefined ? devices.all() : one ? [one] : [];
  for (const { num, id, kind } of asked) {
    const session = columns.session[num];
    if (session === undefined || Number.isNaN(session)) continue;
    const gone = (columns.flags[num] ?? 0) & GONE_BY_WILL || !Number.isNaN(columns.willAt[num] ?? Number.NaN);
    const heartbeatMs = columns.heartbeatMs[num] ?? NO_HEARTBEAT_MS;
    const status: StatusPayload = {
      ...{ v: 1, id, online: !gone, session },
      ...(heartbeatMs === NO_HEARTBEAT_MS ? {} : { heartbeatS: heartbeatMs / 1000 }),
    };
    yield { topic: topicOf(city, kind, id, 'status'), payload: JSON.stringify(status) };
  }
}
