import { z } from 'zod';
import { Area } from '../../contract/device.ts';
import type { DeviceRegistry } from '../../devices/types.ts';
import type { Api } from '../server.ts';

/** Okrugs and districts: the city's own public division, needed on every screen. */
export function areaRoutes(app: Api, { devices }: { devices: DeviceRegistry }): void {
  app.get(
    '/api/areas',
    {
      config: { access: 'signed-in' },
      schema: { description: 'Okrugs and their districts', response: { 200: z.array(Area) } },
    },
    async () => [...devices.areas()],
  );
}
