import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Access } from '../../access/access.ts';
import type { AuditLog } from '../../audit/types.ts';
import { AppError } from '../../base/errors.ts';
import {
  DeviceAccess,
  Grant,
  GrantInput,
  GrantPreview,
  GrantQuery,
  Person,
  PersonAccess,
  PersonInput,
  PersonPatch,
  PreviewInput,
  Role,
  RoleInput,
} from '../../contract/access.ts';
import { DeviceId, Id, QueryTime } from '../../contract/common.ts';
import type { Api } from '../server.ts';

export interface AccessServices extends Pick<Access, 'people' | 'roles' | 'grants' | 'questions'> {
  audit: AuditLog;
}

const byId = z.object({ id: Id });

/** People, roles and grants, and what may be asked about them. The service decides how far each manager's right goes. */
export function accessRoutes(app: Api, { people, roles, grants, questions, audit }: AccessServices): void {
  const manage = { access: { action: 'access.manage' } } as const;

  /** Does a change; a refusal by the rules of granting is put on record like one at the door. */
  async function change<T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError && error.status === 403) {
        const { viewer } = request;
        await audit.record({
          kind: 'access.refused',
          person: { id: viewer.personId, name: viewer.name },
          from: viewer.from,
          subject: '',
          data: {
            action: 'access.manage',
            reason: error.code,
            method: request.method,
            path: request.routeOptions.url ?? '',
          },
        });
      }
      throw error;
    }
  }

  app.get(
    '/api/access/people',
    { config: manage, schema: { response: { 200: z.array(Person) } } },
    async () => people.list(),
  );
  app.post(
    '/api/access/people',
    { config: manage, schema: { body: PersonInput, response: { 201: Person } } },
    async (request, reply) =>
      reply.code(201).send(await change(request, () => people.add(request.viewer, request.body))),
  );
  app.patch(
    '/api/access/people/:id',
    { config: manage, schema: { params: byId, body: PersonPatch, response: { 200: Person } } },
    async (request) => change(request, () => people.change(request.viewer, request.params.id, request.body)),
  );
  app.get(
    '/api/access/people/:id/effective',
    {
      config: manage,
      schema: {
        params: byId,
        querystring: z.object({ at: QueryTime.optional() }),
        response: { 200: PersonAccess },
      },
    },
    async (request) => questions.person(request.params.id, request.query.at),
  );

  app.get('/api/access/roles', { config: manage, schema: { response: { 200: z.array(Role) } } }, async () => [
    ...roles.list(),
  ]);
  app.post(
    '/api/access/roles',
    { config: manage, schema: { body: RoleInput, response: { 201: Role } } },
    async (request, reply) =>
      reply.code(201).send(await change(request, () => roles.add(request.viewer, request.body))),
  );
  app.put(
    '/api/access/roles/:id',
    { config: manage, schema: { params: byId, body: RoleInput, response: { 200: Role } } },
    async (request) => change(request, () => roles.change(request.viewer, request.params.id, request.body)),
  );

  app.get(
    '/api/access/grants',
    { config: manage, schema: { querystring: GrantQuery, response: { 200: z.array(Grant) } } },
    async (request) => grants.list(request.query),
  );
  app.post(
    '/api/access/grants',
    { config: manage, schema: { body: GrantInput, response: { 201: Grant } } },
    async (request, reply) =>
      reply.code(201).send(await change(request, () => grants.add(request.viewer, request.body))),
  );
  app.delete(
    '/api/access/grants/:id',
    { config: manage, schema: { params: byId, response: { 200: Grant } } },
    async (request) => change(request, () => grants.end(request.viewer, request.params.id)),
  );

  app.get(
    '/api/access/devices/:id',
    {
      config: { access: { action: 'access.manage', deviceParam: 'id' } },
      schema: { params: z.object({ id: DeviceId }), response: { 200: DeviceAccess } },
    },
    async (request) => questions.device(request.device),
  );
  app.post(
    '/api/access/preview',
    { config: manage, schema: { body: PreviewInput, response: { 200: GrantPreview } } },
    async (request) => questions.preview(request.viewer, request.body),
  );
}
