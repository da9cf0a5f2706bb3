import type { FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AccessGate } from '../../access/types.ts';
import type { AuditLog } from '../../audit/types.ts';
import { DeviceId } from '../../contract/common.ts';
import { DeviceGroup, GroupInput } from '../../contract/device.ts';
import type { DeviceStore } from '../../devices/types.ts';
import type { Database } from '../../storage/tables.ts';
import { auditEvent } from '../audit-event.ts';
import type { Api } from '../server.ts';

export interface GroupServices {
  db: Kysely<Database>;
  devices: DeviceStore;
  gate: AccessGate;
  audit: AuditLog;
}

const ById = z.object({ id: DeviceId });

/** Groups of devices. They carry rights, so that changing them is managing access. */
export function groupRoutes(app: Api, { db, devices, gate, audit }: GroupServices): void {
  app.get(
    '/api/groups',
    {
      config: { access: 'signed-in' },
      schema: {
        description: 'Whoever manages access sees all groups, others those with a device that they may view',
        response: { 200: z.array(DeviceGroup) },
      },
    },
    async ({ viewer }) => {
      if (gate.may(viewer, 'access.manage', null).allowed) return [...devices.groups()];
      const visible = gate.visible(viewer, 'device.view');
      const counts = new Map<string, number>();
      for (const device of devices.all())
        if (device.groupIds.length > 0 && visible.has(device.num))
          for (const id of device.groupIds) counts.set(id, (counts.get(id) ?? 0) + 1);
      return devices.groups().flatMap((group) => {
        const count = counts.get(group.id);
        return count === undefined ? [] : [{ ...group, devices: count }];
      });
    },
  );

  /** A group's devices must all be within the person's right: its end or name matters to each. */
  const demandAll = async (request: FastifyRequest, groupId: string): Promise<void> => {
    const managed = gate.visible(request.viewer, 'access.manage');
    for (const device of devices.all())
      if (device.groupIds.includes(groupId) && !managed.has(device.num))
        throw await request.refuse('access.manage', device, 'no-grant');
  };

  app.put(
    '/api/groups/:id',
    {
      config: { access: { action: 'access.manage' } },
      schema: {
        description: 'Makes a group or gives it another name',
        params: ById,
        body: GroupInput,
        response: { 200: DeviceGroup },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { name } = request.body;
      await demandAll(request, id);
      await db.transaction().execute(async (trx) => {
        await devices.setGroup(trx, { id, name });
        await audit.append(trx, auditEvent(request, 'group.changed', id, { change: 'set', name }));
      });
      await devices.committed([]);
      const members = devices.groups().find((group) => group.id === id)?.devices ?? 0;
      return { id, name, devices: members };
    },
  );

  app.delete(
    '/api/groups/:id',
    {
      config: { access: { action: 'access.manage' } },
      schema: { description: 'Its devices stay', params: ById, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { id } = request.params;
      await demandAll(request, id);
      await db.transaction().execute(async (trx) => {
        await devices.removeGroup(trx, id);
        await audit.append(trx, auditEvent(request, 'group.changed', id, { change: 'removed' }));
      });
      await devices.committed([]);
      return reply.code(204).send(null);
    },
  );
}
