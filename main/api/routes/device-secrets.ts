import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuditLog } from '../../audit/types.ts';
import { DeviceId } from '../../contract/common.ts';
import type { DeviceCredentials } from '../../health/device-credentials.ts';
import type { Api } from '../server.ts';

export interface DeviceSecretServices {
  audit: AuditLog;
  credentials: DeviceCredentials;
}

/** The secrets by which devices sign in at the hub's own broker: user name is the device id. */
export function deviceSecretRoutes(app: Api, { audit, credentials }: DeviceSecretServices): void {
  const config = { access: { action: 'device.edit', deviceParam: 'id' } } as const;
  const params = z.object({ id: DeviceId });
  const record = ({ viewer, device }: FastifyRequest, mqttSecret: 'issued' | 'revoked') =>
    audit.record({
      kind: 'device.changed',
      person: { id: viewer.personId, name: viewer.name },
      from: viewer.from,
      subject: device.id,
      data: { mqttSecret },
    });

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
      await record(request, 'issued');
      reply.header('cache-control', 'no-store');
      return { user: request.device.id, secret: await credentials.issue(request.device.id) };
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
      await record(request, 'revoked');
      await credentials.revoke(request.device.id);
      return reply.code(204).send(null);
    },
  );
}
