import type { FastifyRequest } from 'fastify';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { AuditLog } from '../../audit/types.ts';
import { DeviceId } from '../../contract/common.ts';
import type { DeviceCredentials } from '../../health/device-credentials.ts';
import type { Database } from '../../storage/tables.ts';
import { auditEvent } from '../audit-event.ts';
import type { Api } from '../server.ts';

export interface DeviceSecretServices {
  audit: AuditLog;
  credentials: DeviceCredentials;
}

/** The secrets by which devices sign in at the hub's own broker: user name is the device id. */
export function deviceSecretRoutes(app: Api, { audit, credentials }: DeviceSecretServices): void {
  const config = { access: { action: 'device.edit', deviceParam: 'id' } } as const;
  const params = z.object({ id: DeviceId });
  const record =
    (request: FastifyRequest, mqttSecret: 'issued' | 'revoked') => (trx: Transaction<Database>) =>
      audit.append(trx, auditEvent(request, 'device.changed', request.device.id, { mqttSecret }));

  app.post(
    '/api/devices/:id/mqtt-secret',
    {
      config,
      schema: {
        description: 'Makes a new broker secret for the device and ends the old one. It is told this once.',
        params,
        response: { 200: z.object({ user: DeviceId, secret: z.string() }) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { id } = request.device;
      return { user: id, secret: await credentials.issue(id, record(request, 'issued')) };
    },
  );

  app.delete(
    '/api/devices/:id/mqtt-secret',
    {
      config,
      schema: {
        description: 'Ends the secret: the device cannot sign in any more',
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await credentials.revoke(request.device.id, record(request, 'revoked'));
      return reply.code(204).send(null);
    },
  );
}
