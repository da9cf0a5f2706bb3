import type { AccessGate } from '../../access/types.ts';
import { type AccessPointRow, AccessPointRows } from '../../contract/health.ts';
import type { DeviceRegistry } from '../../devices/types.ts';
import type { HealthView } from '../../health/types.ts';
import type { Api } from '../server.ts';

export interface WifiServices {
  gate: AccessGate;
  devices: DeviceRegistry;
  health: HealthView;
}

/** The access point table: all that the person may see at once, since the console sorts and filters it. */
export function wifiRoutes(app: Api, { gate, devices, health }: WifiServices): void {
  app.get(
    '/api/wifi/access-points',
    { config: { access: { action: 'wifi.view' } }, schema: { response: { 200: AccessPointRows } } },
    async ({ viewer }) => {
      const visible = gate.visible(viewer, 'wifi.view');
      const { items } = await devices.list({ kind: 'ap', limit: devices.count + 1 }, visible, health);
      return items.flatMap((item): AccessPointRow[] => {
        const device = devices.get(item.id);
        if (!device) return [];
        const { id, num, name, address, lat, lon, okrugId, districtId, model, parentId } = item;
        return [
          {
            ...{ id, num, name, address, lat, lon, okrugId, districtId, model, parentId },
            ...{ owner: item.owner, contractor: item.contractor },
            ...health.accessPointSummary(device),
          },
        ];
      });
    },
  );
}
