import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessGate, Decision, Viewer } from '../../access/types.ts';
import type { AuditLog } from '../../audit/types.ts';
import { notFound } from '../../base/errors.ts';
import type { Action } from '../../contract/access.ts';
import { Id } from '../../contract/common.ts';
import {
  ExportEstimate,
  ExportInput,
  ExportPublicKey,
  ExportRange,
  VideoExport,
} from '../../contract/export.ts';
import type { DeviceRegistry } from '../../devices/types.ts';
import type { Exports } from '../../export/exports.ts';
import { type CopyOf, refusalOf } from '../../export/rights.ts';
import { auditEvent } from '../audit-event.ts';
import { sendFileGuarded } from '../send-file-guarded.ts';
import type { Api } from '../server.ts';
import type { VideoDesk } from '../video-desk.ts';

export interface ExportServices {
  exports: Exports;
  exportKey: ExportPublicKey;
  gate: AccessGate;
  desk: VideoDesk;
  devices: Pick<DeviceRegistry, 'get'>;
  audit: AuditLog;
  now(): number;
}

const ById = z.object({ id: Id });
const ByName = z.object({ id: Id, name: z.string().min(1).max(200) });
const TYPES: Record<string, string> = {
  zip: 'application/zip',
  mp4: 'video/mp4',
  m4a: 'audio/mp4',
  json: 'application/json',
  txt: 'text/plain; charset=utf-8',
};
/** A download in many pieces is one download: pieces within this time of the first are not put on record again. */
const ONE_DOWNLOAD_MS = 3_600_000;

/** Copies of footage to take away: ordered, followed, downloaded by who ordered them, and the key to verify them. */
export function exportRoutes(app: Api, services: ExportServices): void {
  const { exports, exportKey, gate, desk, devices, audit, now } = services;
  const signedIn = { config: { access: 'signed-in' as const } };
  const recorded = new Map<string, number>();

  const refused = (viewer: Viewer, copy: CopyOf) =>
    refusalOf(copy, now(), devices, (action, device, at) => gate.may(viewer, action, device, at));

  /** @throws AppError `no-right`, put on record; `not-found` for a camera that is not there */
  async function demand(viewer: Viewer, copy: CopyOf): Promise<void> {
    const missing = refused(viewer, copy);
    if (!missing) return;
    const device = devices.get(missing.cameraId);
    if (device?.kind !== 'camera') throw notFound('camera', missing.cameraId);
    throw await desk.refusal(viewer, device, missing.action, missing.reason);
  }

  app.post(
    '/api/exports/estimate',
    {
      ...signedIn,
      schema: {
        description:
          'What there is of a range, how large a copy would be, and which forms of it you may take',
        body: ExportRange,
        response: { 200: ExportEstimate },
      },
    },
    async ({ viewer, body }) => {
      const may = (cameraId: string, action: Action): boolean => {
        const device = devices.get(cameraId);
        return device?.kind === 'camera' && gate.may(viewer, action, device, body.from).allowed;
      };
      for (const id of body.cameraIds) if (!may(id, 'device.view')) throw notFound('camera', id);
      return exports.estimate(body, (id) => {
        const marked = may(id, 'video.export') && may(id, 'video.archive');
        return {
          marked,
          original: marked && may(id, 'video.export-original'),
          sound: marked && may(id, 'video.audio'),
        };
      });
    },
  );

  app.post(
    '/api/exports',
    {
      ...signedIn,
      schema: {
        description: 'Orders a copy of footage; it is made in the background',
        body: ExportInput,
        response: { 202: VideoExport },
      },
    },
    async ({ viewer, body }, reply) => {
      await demand(viewer, { ...body, askedAt: now() });
      return reply.code(202).send(await exports.ask(viewer, body));
    },
  );

  app.get(
    '/api/exports',
    {
      ...signedIn,
      schema: { description: 'Your own exports, newest first', response: { 200: z.array(VideoExport) } },
    },
    async ({ viewer }) => exports.list(viewer.personId),
  );

  app.get(
    '/api/exports/:id',
    { ...signedIn, schema: { params: ById, response: { 200: VideoExport } } },
    async ({ viewer, params }) => exports.get(params.id, viewer.personId),
  );

  app.delete(
    '/api/exports/:id',
    {
      ...signedIn,
      schema: { description: 'Cancels what is being made, removes what is ready', params: ById },
    },
    async ({ viewer, params }, reply) => {
      await exports.end(params.id, viewer);
      return reply.code(204).send();
    },
  );

  app.get(
    '/api/exports/:id/download',
    { ...signedIn, schema: { description: 'All of it as one ZIP; `Range` resumes', params: ById } },
    async (request, reply) => download(request, reply, request.params.id, null),
  );

  app.get(
    '/api/exports/:id/files/:name',
    { ...signedIn, schema: { description: 'One file of it; `Range` resumes', params: ByName } },
    async (request, reply) => download(request, reply, request.params.id, request.params.name),
  );

  async function download(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    name: string | null,
  ): Promise<FastifyReply> {
    const { viewer } = request;
    const file = exports.file(id, viewer.personId, name);
    await demand(viewer, file.copy);
    await record(request, id, name);
    const check = (): Decision => {
      const missing = refused(viewer, file.copy);
      if (!missing) return { allowed: true };
      return gate.alive(viewer)
        ? { allowed: false, reason: 'no-grant' }
        : { allowed: false, reason: 'session-ended' };
    };
    const guard = desk.rights.guard(viewer, check);
    const contentType = TYPES[file.name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    return sendFileGuarded(request, reply, { ...file, contentType }, guard);
  }

  /** Put on record before the first byte; the pieces of a resumed download are one. */
  async function record(request: FastifyRequest, id: string, name: string | null): Promise<void> {
    const key = JSON.stringify([request.viewer.sessionId, id, name]);
    for (const [old, at] of recorded) if (now() - at > ONE_DOWNLOAD_MS) recorded.delete(old);
    if (recorded.has(key) && request.headers.range !== undefined) return;
    await audit.record(auditEvent(request, 'export.downloaded', id, name === null ? {} : { file: name }));
    recorded.set(key, now());
  }

  // A public key opens nothing: whoever verifies a copy, a court's expert say, may have no account here.
  app.get(
    '/api/exports/public-key',
    {
      config: { access: 'public' },
      schema: {
        description: 'The key by which exports and snapshots of this hub are verified',
        response: { 200: ExportPublicKey },
      },
    },
    async () => exportKey,
  );
  app.get(
    '/api/exports/public-key.pem',
    { config: { access: 'public' }, schema: { description: 'The same key alone, as PEM' } },
    async (_request, reply) => reply.type('application/x-pem-file').send(exportKey.publicKey),
  );
}
