import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { scopeCovers } from '../../access/scope.ts';
import type { AccessGate, Viewer } from '../../access/types.ts';
import { AppError, notFound } from '../../base/errors.ts';
import type { Scope } from '../../contract/access.ts';
import { Id } from '../../contract/common.ts';
import { MaintenanceInput, MaintenanceWindow } from '../../contract/incidents.ts';
import type { DeviceStore } from '../../devices/types.ts';
import type { Maintenance } from '../../incidents/maintenance.ts';
import type { Api } from '../server.ts';
import { handlerOf } from './incident-handling.ts';

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

/** Devices of a scope: whether there are any, and whether the person handles the incidents of each. */
function handlesAll(
  devices: Pick<DeviceStore, 'all'>,
  visible: { has(num: number): boolean },
  scope: Scope,
): 'none' | 'some' | 'all' {
  let found: 'none' | 'all' = 'none';
  for (const device of devices.all()) {
    if (!scopeCovers(scope, device)) continue;
    if (!visible.has(device.num)) return 'some';
    found = 'all';
  }
  return found;
}

const isPlace = (devices: Pick<DeviceStore, 'get' | 'areas' | 'groups'>, scope: Scope): boolean => {
  switch (scope.type) {
    case 'city':
      return true;
    case 'device':
      return devices.get(scope.id) !== undefined;
    case 'group':
      return devices.groups().some(({ id }) => id === scope.id);
    case 'okrug':
    case 'district':
      return devices.areas().some(({ id, level }) => id === scope.id && level === scope.type);
  }
};

/** Windows of work on devices. Who handles the incidents of all devices of a scope may arrange them. */
export function maintenanceRoutes(app: Api, { gate, devices, maintenance }: MaintenanceServices): void {
  /** Whether no device at all is hidden from this person. */
  function seesAll(viewer: Viewer): boolean {
    const viewed = gate.visible(viewer, 'device.view');
    const watched = gate.visible(viewer, 'incident.view');
    for (const { num } of devices.all()) if (!viewed.has(num) && !watched.has(num)) return false;
    return true;
  }

  /**
   * The person handles all devices there. A place without devices, or that does not exist, is refused like one that is
   * not his to handle, or he would learn which there are; only from whom no device is hidden it is no secret.
   * @throws AppError `forbidden`, `not-found`, `maintenance-empty`
   */
  async function demand(request: FastifyRequest, scope: Scope): Promise<void> {
    const handled = handlesAll(devices, gate.visible(request.viewer, 'incident.handle'), scope);
    if (handled === 'all') return;
    if (handled === 'none' && seesAll(request.viewer)) {
      if (scope.type !== 'city' && !isPlace(devices, scope)) throw notFound(scope.type, scope.id);
      throw new AppError(
        'maintenance-empty',
        422,
        'There is no device there. Choose another place for the maintenance.',
      );
    }
    throw await request.refuse('incident.handle', null, 'no-grant');
  }

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
      await demand(request, request.body.scope);
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
      const handled = handlesAll(devices, gate.visible(request.viewer, 'incident.handle'), window.scope);
      // Work on what has been removed since then can be ended by whom nothing is hidden from.
      if (handled === 'some' || (handled === 'none' && !seesAll(request.viewer)))
        throw await request.refuse('incident.handle', null, 'no-grant');
      await maintenance.end(handlerOf(request), window.id);
      return reply.code(204).send();
    },
  );
}
