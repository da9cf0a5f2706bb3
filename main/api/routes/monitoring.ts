import type { AccessGate } from '../../access/types.ts';
import { Monitoring } from '../../contract/health.ts';
import type { HealthView } from '../../health/types.ts';
import type { Api } from '../server.ts';

export interface MonitoringServices {
  gate: AccessGate;
  health: HealthView;
}

/** Are we blind? Everybody signed in may know; the counts are of the devices he may view. */
export function monitoringRoutes(app: Api, { gate, health }: MonitoringServices): void {
  app.get(
    '/api/monitoring',
    { config: { access: 'signed-in' }, schema: { response: { 200: Monitoring } } },
    async ({ viewer }) => health.monitoringOf(gate.visible(viewer, 'device.view')),
  );
}
