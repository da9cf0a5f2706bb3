import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessGate, Viewer } from '../../access/types.ts';
import type { AuditEvent, AuditLog } from '../../audit/types.ts';
import { AppError, notFound } from '../../base/errors.ts';
import { Id } from '../../contract/common.ts';
import {
  Hold,
  HoldEnd,
  HoldInput,
  HoldPage,
  HoldPatch,
  HoldPreview,
  HoldPreviewInput,
  HoldQuery,
  HoldQuota,
} from '../../contract/holds.ts';
import type { DeviceRecord, DeviceRegistry } from '../../devices/types.ts';
import type { HoldRecord, Holds, TellHold } from '../../recording/holds.ts';
import { auditEvent } from '../audit-event.ts';
import { createHoldView } from '../hold-view.ts';
import type { Api } from '../server.ts';

export interface HoldServices {
  holds: Holds;
  gate: AccessGate;
  devices: Pick<DeviceRegistry, 'get'>;
  audit: AuditLog;
  /** UTC ms. */
  now(): number;
}

const ById = z.object({ id: Id });
/** Ended holds looked at for one page: what a person may see of them can be thinly sown. */
const MOST_SCANNED = 2000;
const CHUNK = 200;

/** What is put on record of a hold with each change. */
const told = ({ cameraIds, from, to, until, keptUntil, basis, state, by }: HoldRecord) => ({
  ...{ cameraIds, from, to, until, keptUntil, basis, state },
  by: by.id,
});

/**
 * Keeping footage from deletion. Who may keep footage (`video.hold`) books it; who may only see the archive asks
 * for it, which protects it for a day, and somebody else with the right confirms.
 */
export function holdRoutes(app: Api, { holds, gate, devices, audit, now }: HoldServices): void {
  const signedIn = { access: 'signed-in' } as const;
  const view = createHoldView({ gate, devices, now });
  const actor = (viewer: Viewer) => ({ id: viewer.personId, name: viewer.name });

  const record =
    (request: FastifyRequest, kind: AuditEvent['kind'], more: Record<string, unknown> = {}): TellHold =>
    (trx, hold) =>
      audit.append(trx, auditEvent(request, kind, hold.id, { ...told(hold), ...more }));

  const answer = async (viewer: Viewer, hold: HoldRecord): Promise<Hold> =>
    view.of(viewer, hold, await holds.bytes(hold));

  const camera = (id: string): DeviceRecord => {
    const device = devices.get(id);
    if (device?.kind !== 'camera') throw notFound('camera', id);
    return device;
  };

  /** As what this person may have the stretch kept. @throws AppError `no-right`, put on record */
  const bookedAs = async (
    request: FastifyRequest,
    { cameraIds, from }: HoldPreviewInput,
  ): Promise<'held' | 'requested'> => {
    let as: 'held' | 'requested' = 'held';
    for (const device of cameraIds.map(camera)) {
      const missing = view.lacks(request.viewer, 'video.archive', device, from);
      if (missing) throw await request.refuse('video.archive', device, missing);
      if (view.lacks(request.viewer, 'video.hold', device, from)) as = 'requested';
    }
    return as;
  };

  /** One that this person may see and decide over. @throws AppError `not-found`, `no-right` (on record) */
  const decided = async (request: FastifyRequest, id: string, alsoOwner = false): Promise<HoldRecord> => {
    const hold = await holds.get(id);
    if (!view.visible(request.viewer, hold)) throw notFound('hold', id);
    if (hold.state === 'ended') throw new AppError('hold-ended', 409, 'This hold is over already.');
    const own = alsoOwner && hold.state === 'requested' && hold.by.id === request.viewer.personId;
    if (own || view.decides(request.viewer, hold)) return hold;
    const device = hold.cameraIds
      .map((one) => devices.get(one))
      .find((one) => one && !gate.may(request.viewer, 'video.hold', one).allowed);
    throw await request.refuse('video.hold', device ?? null, 'no-grant');
  };

  /** Open ones from memory, those over from the database; only what the person may see. */
  async function page(viewer: Viewer, { filter, camera: cameraId, limit, cursor }: HoldQuery) {
    const fits = (hold: HoldRecord) =>
      view.visible(viewer, hold) && view.fits(viewer, hold, filter, cameraId);
    if (filter !== 'ended') {
      const all = holds
        .open()
        .filter(fits)
        .sort((a, b) => (filter === 'expiring' ? a.keptUntil - b.keptUntil : 0) || (a.id < b.id ? 1 : -1));
      const start = cursor ? all.findIndex(({ id }) => id === cursor) + 1 : 0;
      if (cursor && start === 0)
        throw new AppError('bad-cursor', 400, 'There is no such page any more. Start with the first.');
      const items = all.slice(start, start + limit);
      return { items, next: start + limit < all.length ? items.at(-1)?.id : undefined };
    }
    const items: HoldRecord[] = [];
    let before = cursor;
    for (let scanned = 0; scanned < MOST_SCANNED; scanned += CHUNK) {
      const chunk = await holds.ended(CHUNK, before);
      for (const hold of chunk) {
        before = hold.id;
        if (fits(hold)) items.push(hold);
        if (items.length === limit) return { items, next: before };
      }
      if (chunk.length < CHUNK) return { items, next: undefined };
    }
    return { items, next: before };
  }

  app.get(
    '/api/holds',
    {
      config: signedIn,
      schema: {
        description: 'Kept footage: one’s own, and what one may decide over; system administrators see all',
        querystring: HoldQuery,
        response: { 200: HoldPage },
      },
    },
    async ({ viewer, query }) => {
      const { items, next } = await page(viewer, query);
      const answers: Hold[] = [];
      for (const hold of items) answers.push(await answer(viewer, hold));
      return { items: answers, ...(next === undefined ? {} : { nextCursor: next }) };
    },
  );

  app.get(
    '/api/holds/quota',
    { config: signedIn, schema: { description: 'How much may be kept', response: { 200: HoldQuota } } },
    async ({ viewer }) => holds.quota(viewer.personId),
  );

  app.post(
    '/api/holds/preview',
    {
      config: signedIn,
      schema: {
        description: 'What keeping a stretch would take; nothing is stored',
        body: HoldPreviewInput,
        response: { 200: HoldPreview },
      },
    },
    async (request) => {
      const as = await bookedAs(request, request.body);
      return { as, ...(await holds.preview(request.viewer.personId, request.body)) };
    },
  );

  app.post(
    '/api/holds',
    {
      config: signedIn,
      schema: {
        description:
          'Keeps a stretch of footage from deletion; without `video.hold` for 24 hours, until it is confirmed',
        body: HoldInput,
        response: { 201: Hold },
      },
    },
    async (request, reply) => {
      const as = await bookedAs(request, request.body);
      const kind = as === 'held' ? 'hold.added' : 'hold.requested';
      const hold = await holds.add(actor(request.viewer), request.body, as, record(request, kind));
      return reply.code(201).send(await answer(request.viewer, hold));
    },
  );

  app.post(
    '/api/holds/:id/approve',
    {
      config: signedIn,
      schema: {
        description: 'Confirms somebody else’s request',
        params: ById,
        response: { 200: Hold },
      },
    },
    async (request) => {
      const { id } = await decided(request, request.params.id);
      const hold = await holds.approve(actor(request.viewer), id, record(request, 'hold.approved'));
      return answer(request.viewer, hold);
    },
  );

  app.patch(
    '/api/holds/:id',
    {
      config: signedIn,
      schema: { description: 'Keeps it longer', params: ById, body: HoldPatch, response: { 200: Hold } },
    },
    async (request) => {
      const { id, until: before } = await decided(request, request.params.id);
      const hold = await holds.prolong(id, request.body.until, record(request, 'hold.prolonged', { before }));
      return answer(request.viewer, hold);
    },
  );

  app.post(
    '/api/holds/:id/end',
    {
      config: signedIn,
      schema: {
        description: 'Ends it before its time; who asked for it may withdraw an unconfirmed request',
        params: ById,
        body: HoldEnd,
        response: { 200: Hold },
      },
    },
    async (request) => {
      const { id } = await decided(request, request.params.id, true);
      const { note } = request.body;
      const hold = await holds.end(
        actor(request.viewer),
        id,
        note,
        record(request, 'hold.ended', { reason: 'ended', note }),
      );
      return answer(request.viewer, hold);
    },
  );
}
