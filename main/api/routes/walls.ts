import type { FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AccessGate, Viewer } from '../../access/types.ts';
import type { AuditLog } from '../../audit/types.ts';
import type { EventBus } from '../../base/event-bus.ts';
import { Id } from '../../contract/common.ts';
import type { HubEvents } from '../../contract/hub-events.ts';
import {
  Wall,
  WallCamera,
  WallCamerasQuery,
  WallChange,
  WallInput,
  WallSummary,
} from '../../contract/wall.ts';
import type { DeviceStore, StatusLookup } from '../../devices/types.ts';
import type { Database } from '../../storage/tables.ts';
import type { VideoRoom } from '../../video/types.ts';
import { camerasOf, shownContent } from '../../walls/sight.ts';
import type { WallPerson, WallRecord, WallStore } from '../../walls/types.ts';
import { auditEvent } from '../audit-event.ts';
import type { Api } from '../server.ts';

export interface WallServices {
  db: Kysely<Database>;
  walls: WallStore;
  devices: Pick<DeviceStore, 'get' | 'summaries'>;
  health: StatusLookup;
  video: Pick<VideoRoom, 'status'>;
  gate: AccessGate;
  audit: AuditLog;
  bus: EventBus<HubEvents>;
}

const ById = z.object({ id: Id });
const access = { action: 'video.live' } as const;
const BODY_LIMIT = 32 * 1024;

/** Saved walls: one's own, and those that the unit shares. What is on them, each viewer's own rights decide. */
export function wallRoutes(app: Api, services: WallServices): void {
  const { db, walls, devices, health, video, gate, audit, bus } = services;

  const personOf = async (viewer: Viewer): Promise<WallPerson> => {
    const { person } = await gate.info(viewer);
    return { id: viewer.personId, name: viewer.name, unit: person.unit };
  };
  const visibleTo = (viewer: Viewer) => {
    const visible = gate.visible(viewer, 'device.view');
    return (cameraId: string) => {
      const device = devices.get(cameraId);
      return device?.kind === 'camera' && visible.has(device.num);
    };
  };
  const summary = (wall: WallRecord, viewer: Viewer): WallSummary => ({
    id: wall.id,
    name: wall.name,
    mine: wall.ownerId === viewer.personId,
    ownerName: wall.ownerName,
    unit: wall.unit,
    cameras: camerasOf(wall.content).length,
    updatedAt: wall.updatedAt,
  });
  const answer = (wall: WallRecord, viewer: Viewer): Wall => ({
    ...summary(wall, viewer),
    version: wall.version,
    content: shownContent(wall.content, wall.ownerId === viewer.personId, visibleTo(viewer)),
    tour: wall.tour,
  });
  /** A private wall is its owner's own business; what others see or saw is on record. */
  const recorded = (request: FastifyRequest, change: string, { id, name, unit, content }: WallRecord) =>
    auditEvent(request, 'wall.changed', id, { change, name, unit, cameras: camerasOf(content) });

  app.get(
    '/api/walls',
    {
      config: { access },
      schema: {
        description: "One's own walls and those of one's unit",
        response: { 200: z.array(WallSummary) },
      },
    },
    async ({ viewer }) => (await walls.list(await personOf(viewer))).map((wall) => summary(wall, viewer)),
  );

  app.get(
    '/api/walls/:id',
    {
      config: { access },
      schema: {
        description: 'A wall; cameras that the viewer may not see stand as `*` in it',
        params: ById,
        response: { 200: Wall },
      },
    },
    async ({ params, viewer }) => answer(await walls.get(await personOf(viewer), params.id), viewer),
  );

  app.post(
    '/api/walls',
    { config: { access }, bodyLimit: BODY_LIMIT, schema: { body: WallInput, response: { 201: Wall } } },
    async (request, reply) => {
      const { viewer } = request;
      const person = await personOf(viewer);
      const wall = await db.transaction().execute(async (trx) => {
        const added = await walls.add(trx, person, request.body);
        if (added.unit !== null) await audit.append(trx, recorded(request, 'shared', added));
        return added;
      });
      bus.emit('walls.changed', undefined);
      return reply.code(201).send(answer(wall, viewer));
    },
  );

  app.put(
    '/api/walls/:id',
    {
      config: { access },
      bodyLimit: BODY_LIMIT,
      schema: { params: ById, body: WallChange, response: { 200: Wall } },
    },
    async (request) => {
      const { viewer } = request;
      const person = await personOf(viewer);
      const wall = await db.transaction().execute(async (trx) => {
        const { before, after } = await walls.change(trx, person, request.params.id, request.body);
        const change =
          after.unit === null
            ? before.unit === null
              ? null
              : 'unshared'
            : before.unitKey === after.unitKey
              ? 'changed'
              : 'shared';
        // What was seen until now is told by the wall before.
        if (change !== null)
          await audit.append(trx, recorded(request, change, change === 'unshared' ? before : after));
        return after;
      });
      bus.emit('walls.changed', undefined);
      return answer(wall, viewer);
    },
  );

  app.delete(
    '/api/walls/:id',
    { config: { access }, schema: { params: ById, response: { 204: z.null() } } },
    async (request, reply) => {
      const person = await personOf(request.viewer);
      await db.transaction().execute(async (trx) => {
        const removed = await walls.remove(trx, person, request.params.id);
        if (removed.unit !== null) await audit.append(trx, recorded(request, 'removed', removed));
      });
      bus.emit('walls.changed', undefined);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/walls/cameras',
    {
      config: { access },
      bodyLimit: BODY_LIMIT,
      schema: {
        description:
          'Names of cameras for their tiles. What may not be viewed is left out, as is what does not exist',
        body: WallCamerasQuery,
        response: { 200: z.array(WallCamera) },
      },
    },
    async ({ body, viewer }) => {
      const visible = visibleTo(viewer);
      const nums = body.ids.flatMap((id) => (visible(id) ? (devices.get(id)?.num ?? []) : []));
      const found = await devices.summaries(nums, health);
      return found.map(({ id, name }) => ({ id, name, recording: video.status(id)?.recording ?? false }));
    },
  );
}
