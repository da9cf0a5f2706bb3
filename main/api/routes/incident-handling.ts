import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessGate, Viewer } from '../../access/types.ts';
import { AppError } from '../../base/errors.ts';
import { Id } from '../../contract/common.ts';
import { CommentInput, MuteInput, ResolveInput } from '../../contract/incidents.ts';
import type { DeviceRecord, DeviceStore } from '../../devices/types.ts';
import type { Handler, Handling } from '../../incidents/handling.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import type { Api } from '../server.ts';
import type { IncidentSight, Known } from './incident-sight.ts';

export interface IncidentHandlingServices {
  gate: AccessGate;
  devices: Pick<DeviceStore, 'byNum'>;
  incidents: Pick<Incidents, 'handle'>;
  sight: Pick<IncidentSight, 'need' | 'sees'>;
  now: () => number;
}

const LONGEST_MUTE_MS = 7 * 86_400_000;

export const handlerOf = ({ viewer }: Pick<FastifyRequest, 'viewer'>): Handler => ({
  personId: viewer.personId,
  name: viewer.name,
  from: viewer.from,
});

/** What people do about incidents: take, give back, remark, mute, resolve. */
export function incidentHandlingRoutes(app: Api, services: IncidentHandlingServices): void {
  const { gate, devices, incidents, sight, now } = services;
  const { need, sees } = sight;
  const asList = { config: { access: 'signed-in' as const } };

  /** The device that stands for the incident in the record of a refusal. */
  const deviceOf = ({ row }: Known): DeviceRecord | null =>
    row.root.kind === 'device' ? (devices.byNum(row.root.num) ?? null) : null;

  /** A district's outage is quiet for everybody at once: only whoever handles all that is in it may say so. */
  function maySilence(viewer: Viewer, { row, nums }: Known, { action }: Handling): boolean {
    if (row.root.kind !== 'area' || action === 'take' || action === 'release' || action === 'comment')
      return true;
    const visible = gate.visible(viewer, 'incident.handle');
    return nums.every(({ num }) => visible.has(num));
  }

  async function handle(request: FastifyRequest, id: string, handling: Handling): Promise<void> {
    const known = await need(request.viewer, id);
    if (!sees(request.viewer, known, 'incident.handle') || !maySilence(request.viewer, known, handling))
      throw await request.refuse('incident.handle', deviceOf(known), 'no-grant');
    await incidents.handle(id, handlerOf(request), handling);
  }

  const params = z.object({ id: Id });
  for (const action of ['take', 'release', 'unmute'] as const)
    app.post(
      `/api/incidents/:id/${action}`,
      { ...asList, schema: { description: `To ${action} an incident`, params } },
      async (request, reply) => {
        await handle(request, request.params.id, { action });
        return reply.code(204).send();
      },
    );
  app.post(
    '/api/incidents/:id/comment',
    { ...asList, schema: { description: 'A remark for whoever looks next', params, body: CommentInput } },
    async (request, reply) => {
      await handle(request, request.params.id, { action: 'comment', text: request.body.text });
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/incidents/:id/mute',
    {
      ...asList,
      schema: { description: 'No sound and no notification until then', params, body: MuteInput },
    },
    async (request, reply) => {
      const { until, text } = request.body;
      if (until <= now() || until > now() + LONGEST_MUTE_MS)
        throw new AppError('mute-range', 400, 'Mute until some time within the next seven days.');
      await handle(request, request.params.id, { action: 'mute', until, text });
      return reply.code(204).send();
    },
  );
  app.post(
    '/api/incidents/:id/resolve',
    { ...asList, schema: { description: 'It is understood and over', params, body: ResolveInput } },
    async (request, reply) => {
      await handle(request, request.params.id, { action: 'resolve', text: request.body.text });
      return reply.code(204).send();
    },
  );
}
