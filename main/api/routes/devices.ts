import type { FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AccessGate, Viewer } from '../../access/types.ts';
import type { AuditLog } from '../../audit/types.ts';
import { notFound } from '../../base/errors.ts';
import { DeviceId } from '../../contract/common.ts';
import {
  Device,
  DeviceInput,
  DeviceLookup,
  DevicePage,
  DevicePatch,
  DeviceQuery,
  DeviceSummary,
} from '../../contract/device.ts';
import { changedFields, onlyChanges } from '../../devices/changed-fields.ts';
import { movesDevice, recordOf } from '../../devices/record.ts';
import type { DeviceStore, StatusLookup } from '../../devices/types.ts';
import type { Database } from '../../storage/tables.ts';
import { auditEvent } from '../audit-event.ts';
import type { Api } from '../server.ts';

export interface DeviceServices {
  db: Kysely<Database>;
  devices: DeviceStore;
  gate: AccessGate;
  audit: AuditLog;
  health: StatusLookup;
  /** Whether something of an earlier device of this id is still there: its footage, its broker secret. */
  usedBefore(id: string): Promise<boolean>;
  /** Ends what a removed device could still sign in with. */
  forget(id: string): Promise<void>;
}

const ById = z.object({ id: DeviceId });

/** Finding, reading and editing devices. Lists hold only what the person may view. */
export function deviceRoutes(app: Api, services: DeviceServices): void {
  const { db, devices, gate, audit, health } = services;
  const answer = async (id: string) => {
    const device = await devices.device(id, health);
    if (!device) throw notFound('device', id);
    return device;
  };

  /** Where a camera stands in the network is for those who see to it. */
  const withoutHost = <D extends Device>(viewer: Viewer, device: D): D => {
    const record = devices.get(device.id);
    return record && gate.may(viewer, 'device.edit', record).allowed
      ? device
      : { ...device, streamHost: null, secondHost: null };
  };

  /** @throws AppError `no-right`, put on record */
  const demand = async (
    request: FastifyRequest,
    action: 'device.view' | 'device.edit' | 'access.manage',
    device: Parameters<AccessGate['may']>[2],
  ): Promise<void> => {
    const decision = gate.may(request.viewer, action, device);
    if (!decision.allowed) throw await request.refuse(action, device, decision.reason);
  };

  const areas = () => new Map(devices.areas().map((area) => [area.id, area]));

  app.get(
    '/api/devices',
    {
      config: { access: { action: 'device.view' } },
      schema: {
        description: 'Devices by name; `q` searches name, address, id, MAC and number',
        querystring: DeviceQuery,
        response: { 200: DevicePage },
      },
    },
    async ({ query, viewer }) => {
      const page = await devices.list(query, gate.visible(viewer, 'device.view'), health);
      return { ...page, items: page.items.map((device) => withoutHost(viewer, device)) };
    },
  );

  app.get(
    '/api/devices/:id',
    {
      config: { access: { action: 'device.view', deviceParam: 'id' } },
      schema: { params: ById, response: { 200: Device } },
    },
    async ({ params, viewer }) => withoutHost(viewer, await answer(params.id)),
  );

  app.get(
    '/api/devices/by-num/:num',
    {
      config: { access: { action: 'device.view' } },
      schema: {
        description: "A device by its number on the map's wire",
        params: z.object({ num: z.coerce.number().int().min(1).max(0xffffffff) }),
        response: { 200: Device },
      },
    },
    async (request) => {
      const record = devices.byNum(request.params.num);
      if (!record) throw notFound('device', String(request.params.num));
      await demand(request, 'device.view', record);
      return withoutHost(request.viewer, await answer(record.id));
    },
  );

  app.post(
    '/api/devices/lookup',
    {
      config: { access: { action: 'device.view' } },
      schema: {
        description:
          'What a hover or a short list shows of devices, by their numbers; what may not be viewed is left out',
        body: DeviceLookup,
        response: { 200: z.array(DeviceSummary) },
      },
    },
    async (request) => {
      const visible = gate.visible(request.viewer, 'device.view');
      return devices.summaries(
        request.body.nums.filter((num) => visible.has(num)),
        health,
      );
    },
  );

  app.post(
    '/api/devices',
    {
      config: { access: { action: 'device.edit' } },
      schema: { body: DeviceInput, response: { 201: Device } },
    },
    async (request, reply) => {
      const input = request.body;
      const record = recordOf(0, input, areas());
      await demand(request, 'device.edit', record);
      // Groups carry rights, and an old id brings its old footage along: both change who sees what.
      if (input.groupIds.length > 0 || (await services.usedBefore(input.id)))
        await demand(request, 'access.manage', record);
      await db.transaction().execute(async (trx) => {
        await devices.add(trx, input);
        const { kind, name, districtId } = input;
        await audit.append(trx, auditEvent(request, 'device.added', input.id, { kind, name, districtId }));
      });
      await devices.committed([input.id]);
      return reply.code(201).send(await answer(input.id));
    },
  );

  app.patch(
    '/api/devices/:id',
    {
      config: { access: { action: 'device.edit', deviceParam: 'id' } },
      schema: {
        description: 'Changes what is given. Another district, group or owner needs access.manage too',
        params: ById,
        body: DevicePatch,
        response: { 200: Device },
      },
    },
    async (request) => {
      const { id } = request.params;
      const before = await answer(id);
      const fields = changedFields(before, request.body);
      if (fields.length === 0) return before;
      const changes = onlyChanges(request.body, fields);
      const after = { ...before, ...changes };
      if (movesDevice(before, after)) {
        await demand(request, 'access.manage', request.device);
        await demand(request, 'access.manage', recordOf(before.num, after, areas()));
      }
      await db.transaction().execute(async (trx) => {
        await devices.patch(trx, id, changes);
        await audit.append(trx, auditEvent(request, 'device.changed', id, { fields }));
      });
      await devices.committed([id]);
      return answer(id);
    },
  );

  app.delete(
    '/api/devices/:id',
    {
      config: { access: { action: 'device.edit', deviceParam: 'id' } },
      schema: { params: ById, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { kind, name, districtId } = await answer(id);
      await db.transaction().execute(async (trx) => {
        await devices.remove(trx, id);
        await audit.append(trx, auditEvent(request, 'device.removed', id, { kind, name, districtId }));
      });
      await services.forget(id);
      await devices.committed([id]);
      return reply.code(204).send(null);
    },
  );
}
