import { z } from 'zod';
import type { AccessGate } from '../../access/types.ts';
import { Bitset } from '../../base/bitset.ts';
import { Id } from '../../contract/common.ts';
import { createMapView } from '../../devices/map-view.ts';
import type { DeviceStore } from '../../devices/types.ts';
import type { HealthView } from '../../health/types.ts';
import type { Api } from '../server.ts';

export interface MapServices {
  devices: DeviceStore;
  gate: AccessGate;
  health: Pick<HealthView, 'statusIndexOf'>;
}

/** The part of the city that is asked for; all of it when nothing is named. */
const Part = z.object({ okrug: Id.optional(), district: Id.optional(), group: Id.optional() });

function narrowed(
  devices: DeviceStore,
  visible: Bitset,
  { okrug, district, group }: z.infer<typeof Part>,
): Bitset {
  if (okrug === undefined && district === undefined && group === undefined) return visible;
  const part = new Bitset();
  for (const device of devices.all())
    if (
      visible.has(device.num) &&
      (okrug === undefined || device.okrugId === okrug) &&
      (district === undefined || device.districtId === district) &&
      (group === undefined || device.groupIds.includes(group))
    )
      part.add(device.num);
  return part;
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
        querystring: Part,
      },
    },
    async ({ viewer, headers, query }, reply) => {
      const gzip = acceptsGzip(headers['accept-encoding']);
      const bytes = await view.answer({
        visible: narrowed(devices, gate.visible(viewer, 'device.view'), query),
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
