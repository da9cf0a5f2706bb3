import type { AccessGate, Viewer } from '../access/types.ts';
import type { DeviceHealth } from '../contract/health.ts';
import type { DeviceRecord, DeviceStore } from '../devices/types.ts';
import type { HealthView } from '../health/types.ts';

export interface SurroundingsServices {
  gate: Pick<AccessGate, 'visible'>;
  devices: Pick<DeviceStore, 'get' | 'byNum' | 'all' | 'names'>;
  health: Pick<HealthView, 'gatewayOf'>;
}

/**
 * What a device hangs on and who speaks for whom, with names as far as the person may view those devices: without the
 * right an id stays an id.
 */
export async function surroundingsView(
  { gate, devices, health }: SurroundingsServices,
  viewer: Viewer,
  device: DeviceRecord,
  uplink: DeviceHealth['uplink'],
): Promise<Pick<DeviceHealth, 'gateway' | 'speaksFor' | 'names'>> {
  const visible = gate.visible(viewer, 'device.view');
  const through = health.gatewayOf(device.num);
  const gateway = through && devices.byNum(through.num);
  const mentioned = [device.parentId, uplink?.parentId, gateway?.id].flatMap(
    (id) => (typeof id === 'string' && devices.get(id)) || [],
  );
  const known = await devices.names(mentioned.map(({ num }) => num).filter((num) => visible.has(num)));
  const names: DeviceHealth['names'] = {};
  for (const { id, num } of mentioned) {
    const name = known.get(num)?.name;
    if (name !== undefined) names[id] = name;
  }
  let speaksFor = 0;
  // Only what stands in the registry as a switch can be a gateway.
  if (device.kind === 'switch')
    for (const { num } of devices.all())
      if (visible.has(num) && health.gatewayOf(num)?.num === device.num) speaksFor += 1;
  return {
    gateway: gateway
      ? { id: gateway.id, name: names[gateway.id] ?? null, goneSince: through?.goneSince ?? null }
      : null,
    speaksFor,
    names,
  };
}
