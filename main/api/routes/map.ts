import type { AccessGate } from '../../access/types.ts';
import { createMapView } from '../../devices/map-view.ts';
import type { DeviceStore } from '../../devices/types.ts';
import type { HealthView } from '../../health/types.ts';
import type { Api } from '../server.ts';

export interface MapServices {
  devices: DeviceStore;
  gate: AccessGate;
  health: Pick<HealthView, 'statusIndexOf'>;
}

/** The whole city for the map, as far as the person may view it. */
export function mapRoutes(app: Api, { devices, gate, health }: MapServices): void {
  const view = createMapView(devices);
  app.get(
    '/api/map/devices',
    {
      config: { access: { action: 'device.view' } },
      schema: {
        description: 'Columns of numbers, as main/contract/map-wire.ts lays them out',
        produces: ['application/octet-stream'],
      },
    },
    async ({ viewer, headers }, reply) => {
      const gzip = acceptsGzip(headers['accept-encoding']);
      const bytes = await view.answer({
        visible: gate.visible(viewer, 'device.view'),
        rightsVersion: gate.rightsVersion(viewer),
        statusIndexOf: (num) => health.statusIndexOf(num),
        gzip,
      });
      reply.header('cache-control', 'no-store').header('vary', 'accept-encoding');
      if (gzip) reply.header('content-encoding', 'gzip');
      return reply.type('application/octet-stream').send(bytes);
    },
  );
}

/** RFC 9110 section 12.5.3, as far as it is about gzip. */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  const offers = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((offer) => offer.split(';').map((part) => part.trim()));
  const offer = offers.find(([name]) => name === 'gzip') ?? offers.find(([name]) => name === '*');
  if (!offer) return false;
  return !offer.slice(1).some((parameter) => /^q=0(\.0{0,3})?$/.test(parameter));
}
