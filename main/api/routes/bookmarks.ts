import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AccessGate, Viewer } from '../../access/types.ts';
import type { AuditLog } from '../../audit/types.ts';
import { AppError, notFound } from '../../base/errors.ts';
import {
  Bookmark,
  BookmarkInput,
  BookmarkPage,
  BookmarkPatch,
  BookmarkQuery,
} from '../../contract/bookmarks.ts';
import { Id } from '../../contract/common.ts';
import type { DeviceRegistry } from '../../devices/types.ts';
import type { BookmarkPlace, BookmarkRecord, Bookmarks } from '../../recording/bookmarks.ts';
import type { Database } from '../../storage/tables.ts';
import { auditEvent } from '../audit-event.ts';
import type { Api } from '../server.ts';

export interface BookmarkServices {
  db: Kysely<Database>;
  bookmarks: Bookmarks;
  gate: AccessGate;
  devices: Pick<DeviceRegistry, 'get'>;
  audit: AuditLog;
}

const ById = z.object({ id: Id });
/** Bookmarks looked at for one page: those of footage that the person may not see are passed over. */
const MOST_SCANNED = 2000;
const CHUNK = 200;

/**
 * Bookmarks. Each is to be had only by who may see that footage now, its depth included; what others may see of
 * them is put on record.
 */
export function bookmarkRoutes(app: Api, { db, bookmarks, gate, devices, audit }: BookmarkServices): void {
  const signedIn = { access: 'signed-in' } as const;
  const sees = (viewer: Viewer, { cameraId, at }: Pick<BookmarkRecord, 'cameraId' | 'at'>): boolean => {
    const device = devices.get(cameraId);
    return device?.kind === 'camera' && gate.may(viewer, 'video.archive', device, at).allowed;
  };
  const of = (viewer: Viewer, bookmark: BookmarkRecord): Bookmark => ({
    ...bookmark,
    mine: bookmark.by.id === viewer.personId,
  });
  const told = ({ cameraId, at, to, title }: BookmarkRecord) => ({ cameraId, at, to, title });

  /** @throws AppError `not-found`, `bookmark-not-yours` */
  const own = async (viewer: Viewer, id: string): Promise<BookmarkRecord> => {
    const bookmark = await bookmarks.get(viewer.personId, id);
    if (bookmark.by.id === viewer.personId) return bookmark;
    if (!sees(viewer, bookmark)) throw notFound('bookmark', id);
    throw new AppError('bookmark-not-yours', 403, 'A bookmark is changed only by who made it.');
  };

  app.get(
    '/api/bookmarks',
    {
      config: signedIn,
      schema: {
        description: 'One’s own bookmarks and shared ones, of footage that one may see; newest footage first',
        querystring: BookmarkQuery,
        response: { 200: BookmarkPage },
      },
    },
    async ({ viewer, query }) => {
      let after = query.cursor === undefined ? undefined : placeOf(query.cursor);
      const items: Bookmark[] = [];
      for (let scanned = 0; scanned < MOST_SCANNED; scanned += CHUNK) {
        const chunk = await bookmarks.list(viewer.personId, query, CHUNK, after);
        for (const bookmark of chunk) {
          after = bookmark;
          if (sees(viewer, bookmark)) items.push(of(viewer, bookmark));
          if (items.length === query.limit) return { items, nextCursor: `${after.at}.${after.id}` };
        }
        if (chunk.length < CHUNK) return { items };
      }
      return { items, ...(after ? { nextCursor: `${after.at}.${after.id}` } : {}) };
    },
  );

  app.post(
    '/api/bookmarks',
    { config: signedIn, schema: { body: BookmarkInput, response: { 201: Bookmark } } },
    async (request, reply) => {
      const { viewer, body } = request;
      const device = devices.get(body.cameraId);
      if (device?.kind !== 'camera') throw notFound('camera', body.cameraId);
      const decision = gate.may(viewer, 'video.archive', device, body.at);
      if (!decision.allowed) throw await request.refuse('video.archive', device, decision.reason);
      const by = { id: viewer.personId, name: viewer.name };
      const bookmark = await db.transaction().execute(async (trx) => {
        const added = await bookmarks.add(trx, by, body);
        if (added.shared)
          await audit.append(trx, auditEvent(request, 'bookmark.added', added.id, told(added)));
        return added;
      });
      return reply.code(201).send(of(viewer, bookmark));
    },
  );

  app.patch(
    '/api/bookmarks/:id',
    { config: signedIn, schema: { params: ById, body: BookmarkPatch, response: { 200: Bookmark } } },
    async (request) => {
      const before = await own(request.viewer, request.params.id);
      if (!sees(request.viewer, before)) throw notFound('bookmark', before.id);
      const changed = await db.transaction().execute(async (trx) => {
        const after = await bookmarks.change(trx, before, request.body);
        const data = { ...told(after), shared: after.shared, before: before.title };
        if (before.shared || after.shared)
          await audit.append(trx, auditEvent(request, 'bookmark.changed', before.id, data));
        return after;
      });
      return of(request.viewer, changed);
    },
  );

  app.delete(
    '/api/bookmarks/:id',
    { config: signedIn, schema: { params: ById, response: { 204: z.null() } } },
    async (request, reply) => {
      const before = await own(request.viewer, request.params.id);
      await db.transaction().execute(async (trx) => {
        await bookmarks.remove(trx, before.id);
        if (before.shared)
          await audit.append(trx, auditEvent(request, 'bookmark.removed', before.id, told(before)));
      });
      return reply.code(204).send(null);
    },
  );
}

/** @throws AppError `bad-cursor` */
function placeOf(cursor: string): BookmarkPlace {
  const match = /^(\d{1,16})\.([0-9a-f-]{1,64})$/.exec(cursor);
  if (!match) throw new AppError('bad-cursor', 400, 'There is no such page. Start with the first.');
  return { at: Number(match[1]), id: match[2] ?? '' };
}
