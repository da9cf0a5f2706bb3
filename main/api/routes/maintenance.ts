import { z } from 'zod';
import type { AccessGate } from '../../access/types.ts';
import { notFound } from '../../base/errors.ts';
import { Id } from '../../contract/common.ts';
import { MaintenanceInput, MaintenanceWindow } from '../../contract/incidents.ts';
import type { DeviceStore } from '../../devices/types.ts';
import type { Maintenance } from '../../incidents/maintenance.ts';
import type { Api } from '../server.ts';
import { coversScope, handlerOf } from './incidents.ts';

export interface MaintenanceServices {
  gate: AccessGate;
  devices: DeviceStore;
  maintenance: Maintenance;
}

/** Every scope but the city in which there is one of these devices: each device is looked at once, not once a window. */
function placesOf(devices: Pick<DeviceStore, 'all'>, visible: { has(num: number): boolean }): Set<string> {
  const places = new Set<string>();
  for (const { num, id, okrugId, districtId, groupIds } of devices.all()) {
    if (!visible.has(num)) continue;
    places.add(`device ${id}`).add(`okrug ${okrugId}`).add(`district ${districtId}`);
    for (const group of groupIds) places.add(`group ${group}`);
  }
  return places;
}

/** Windows of work on devices. Who handles the incidents of all devices of a scope may arrange them. */
export function maintenanceRoutes(app: Api, { gate, devices, maintenance }: MaintenanceServices): void {
  app.get(
    '/api/maintenance',
    {
      config: { access: { action: 'incident.view' } },
      schema: {
        description: 'Windows that run, that will, and that ended within a week',
        response: { 200: z.array(MaintenanceWindow) },
      },
    },
    async ({ viewer }, reply) => {
      reply.header('cache-control', 'no-store');
      const visible = gate.visible(viewer, 'incident.view');
      const windows = await maintenance.list();
      const places = placesOf(devices, visible);
      return windows.filter(({ scope }) => scope.type === 'city' || places.has(`${scope.type} ${scope.id}`));
    },
  );

  app.post(
    '/api/maintenance',
    {
      config: { access: { action: 'incident.handle' } },
      schema: {
        description: 'Announces work: incidents of these devices stay silent, recording goes on',
        body: MaintenanceInput,
        response: { 201: MaintenanceWindow },
      },
    },
    async (request, reply) => {
      const visible = gate.visible(request.viewer, 'incident.handle');
      if (!coversScope(devices, visible, request.body.scope))
        throw await request.refuse('incident.handle', null, 'no-grant');
      reply.code(201);
      return maintenance.add(handlerOf(request), request.body);
    },
  );

  app.delete(
    '/api/maintenance/:id',
    {
      config: { access: { action: 'incident.handle' } },
      schema: { description: 'Ends a window now', params: z.object({ id: Id }) },
    },
    async (request, reply) => {
      const window = await maintenance.get(request.params.id);
      if (!window) throw notFound('maintenance window', request.params.id);
      const visible = gate.visible(request.viewer, 'incident.handle');
      if (!coversScope(devices, visible, window.scope))
        throw await request.refuse('incident.handle', null, 'no-grant');
      await maintenance.end(handlerOf(request), window.id);
      return reply.code(204).send();
    },
  );
}
