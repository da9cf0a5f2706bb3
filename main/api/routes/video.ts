import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Decision, Viewer } from '../../access/types.ts';
import { notFound } from '../../base/errors.ts';
import type { Action } from '../../contract/access.ts';
import { DeviceId, QueryTime } from '../../contract/common.ts';
import { StreamStatus, Timeline } from '../../contract/video.ts';
import type { DeviceRecord, DeviceRegistry } from '../../devices/types.ts';
import type { MediaBytes, VideoRoom } from '../../video/types.ts';
import type { RightsGuard } from '../rights-watch.ts';
import { sendGuarded } from '../send-guarded.ts';
import type { Api } from '../server.ts';
import type { VideoDesk } from '../video-desk.ts';

export interface VideoServices {
  video: VideoRoom;
  desk: VideoDesk;
  devices: Pick<DeviceRegistry, 'get'>;
}

type Refused = Decision & { allowed: false };

const PLAYLIST = 'application/vnd.apple.mpegurl';
const noClose = () => undefined;
const Camera = z.object({ id: DeviceId });
const MediaName = z.object({ id: DeviceId, name: z.string().max(60) });
const Range = z.object({ from: QueryTime, to: QueryTime });
/** Delivery directives, RFC 8216bis section 6.2.5. */
const Directives = z.object({
  _HLS_msn: z.coerce.number().int().min(0).max(1e15).optional(),
  _HLS_part: z.coerce.number().int().min(0).max(10_000).optional(),
  _HLS_skip: z.enum(['YES', 'v2']).optional(),
});

/**
 * Playlists, footage and pictures. The door asks for a session only; the right is decided here for every single
 * answer, because it depends on the footage's age, and because refusals must not flood the record.
 */
export function videoRoutes(app: Api, { video, desk, devices }: VideoServices): void {
  const signedIn = { config: { access: 'signed-in' as const } };

  const camera = (id: string): DeviceRecord => {
    const device = devices.get(id);
    if (device?.kind !== 'camera') throw notFound('camera', id);
    return device;
  };

  /** Decides by where the camera stands now, not where it stood when the request came; none at all is none to see. */
  const stillThere = <D extends Decision>(id: string, decide: (device: DeviceRecord) => D): D | Refused => {
    const now = devices.get(id);
    return now ? decide(now) : { allowed: false, reason: 'no-grant' };
  };

  /** @throws AppError `no-right`, put on record */
  async function demand(
    viewer: Viewer,
    device: DeviceRecord,
    action: Action,
    decision: Decision,
  ): Promise<void> {
    if (!decision.allowed) throw await desk.refusal(viewer, device, action, decision.reason);
  }

  /** Runs `work` until it is done, the client leaves, or the right ends: then 403, on record. */
  async function whileAllowed<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    device: DeviceRecord,
    action: Action,
    check: () => Decision,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ result: T; guard: RightsGuard }> {
    const guard = desk.rights.guard(request.viewer, check);
    const left = new AbortController();
    const onClose = () => left.abort();
    reply.raw.once('close', onClose);
    try {
      const result = await work(AbortSignal.any([guard.signal, left.signal]));
      await demand(request.viewer, device, action, check());
      return { result, guard };
    } catch (error) {
      guard.done();
      await demand(request.viewer, device, action, check());
      throw error;
    } finally {
      reply.raw.removeListener('close', onClose);
    }
  }

  const livePlaylist = async (
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    write: (signal: AbortSignal) => Promise<string>,
  ): Promise<FastifyReply> => {
    const device = camera(id);
    const { viewer } = request;
    const check = () => stillThere(id, (now) => desk.rights.decide(viewer, 'video.live', now));
    await demand(viewer, device, 'video.live', check());
    const close = await desk.playback.live(viewer, id);
    try {
      const { result, guard } = await whileAllowed(request, reply, device, 'video.live', check, write);
      return sendGuarded(reply, Buffer.from(result), PLAYLIST, guard, close);
    } catch (error) {
      close();
      throw error;
    }
  };

  const bytes = async (
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    read: (signal: AbortSignal) => Promise<MediaBytes>,
  ): Promise<FastifyReply> => {
    const device = camera(id);
    const { viewer } = request;
    const first = desk.mayHaveBytes(viewer, device);
    await demand(viewer, device, 'video.live', first);
    let footageTime: number | undefined;
    const mayHave = () => stillThere(id, (now) => desk.mayHaveBytes(viewer, now, footageTime));
    const { result, guard } = await whileAllowed(request, reply, device, 'video.live', mayHave, read);
    try {
      footageTime = result.footageTime;
      const decision = mayHave();
      if (!decision.allowed) throw await desk.refusal(viewer, device, 'video.archive', decision.reason);
      const close = await desk.recordBytes(viewer, device, footageTime, decision.as);
      return sendGuarded(reply, result.bytes, result.contentType, guard, close);
    } catch (error) {
      guard.done();
      throw error;
    }
  };

  app.get(
    '/api/video/:id/live.m3u8',
    { ...signedIn, schema: { description: 'Multivariant playlist', params: Camera } },
    async (request, reply) => {
      const { id } = request.params;
      return livePlaylist(request, reply, id, (signal) => video.multivariantPlaylist(id, signal));
    },
  );

  app.get(
    '/api/video/:id/live-main.m3u8',
    {
      ...signedIn,
      schema: {
        description: 'LL-HLS media playlist (RFC 8216bis) with blocking reload and delta updates',
        params: Camera,
        querystring: Directives,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { _HLS_msn: msn, _HLS_part: part, _HLS_skip: skip } = request.query;
      const ask = {
        ...(msn === undefined ? {} : { msn }),
        ...(part === undefined ? {} : { part }),
        skip: skip !== undefined,
      };
      return livePlaylist(request, reply, id, (signal) => video.livePlaylist(id, ask, signal));
    },
  );

  app.get(
    '/api/video/:id/archive.m3u8',
    {
      ...signedIn,
      schema: {
        description: 'Recorded footage of a range, at most 24 hours',
        params: Camera,
        querystring: Range,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { from, to } = request.query;
      const { viewer } = request;
      const device = camera(id);
      const check = () => stillThere(id, (now) => desk.rights.decide(viewer, 'video.archive', now, from));
      await demand(viewer, device, 'video.archive', check());
      const playlist = await video.archivePlaylist(id, from, to);
      await desk.playback.archiveRange(viewer, id, from, to);
      await demand(viewer, device, 'video.archive', check());
      return sendGuarded(reply, Buffer.from(playlist), PLAYLIST, desk.rights.guard(viewer, check), noClose);
    },
  );

  app.get(
    '/api/video/:id/timeline',
    {
      ...signedIn,
      schema: {
        description: 'What of a range is recorded',
        params: Camera,
        querystring: Range,
        response: { 200: Timeline },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { viewer } = request;
      const device = camera(id);
      await demand(viewer, device, 'video.archive', desk.rights.decide(viewer, 'video.archive', device));
      reply.header('cache-control', 'no-store');
      return video.timeline(id, request.query.from, request.query.to);
    },
  );

  app.get(
    '/api/video/:id/snapshot',
    {
      ...signedIn,
      schema: {
        description: 'A JPEG: the last picture, or the one at `at`; `x-footage-time` tells when it was taken',
        params: Camera,
        querystring: z.object({ at: QueryTime.optional() }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { viewer } = request;
      const device = camera(id);
      await demand(viewer, device, 'video.snapshot', desk.mayHavePicture(viewer, device, request.query.at));
      const { jpeg, footageTime } = await video.snapshot(id, request.query.at);
      await demand(viewer, device, 'video.snapshot', desk.mayHavePicture(viewer, device, footageTime));
      await desk.recordPicture(viewer, device, footageTime);
      const check = () => stillThere(id, (now) => desk.mayHavePicture(viewer, now, footageTime));
      await demand(viewer, device, 'video.snapshot', check());
      reply.header('x-footage-time', Math.round(footageTime));
      return sendGuarded(reply, jpeg, 'image/jpeg', desk.rights.guard(viewer, check), noClose);
    },
  );

  app.get(
    '/api/video/:id/init/:name',
    { ...signedIn, schema: { description: 'Initialization segment', params: MediaName } },
    async (request, reply) => {
      const { id, name } = request.params;
      return bytes(request, reply, id, () => video.init(id, name));
    },
  );

  app.get(
    '/api/video/:id/part/:name',
    {
      ...signedIn,
      schema: { description: 'Part of a segment; waits for the one hinted', params: MediaName },
    },
    async (request, reply) => {
      const { id, name } = request.params;
      return bytes(request, reply, id, (signal) => video.part(id, name, signal));
    },
  );

  app.get(
    '/api/video/:id/segment/:name',
    { ...signedIn, schema: { description: 'Media segment', params: MediaName } },
    async (request, reply) => {
      const { id, name } = request.params;
      return bytes(request, reply, id, () => video.segment(id, name));
    },
  );

  app.get(
    '/api/video/:id/status',
    {
      config: { access: { action: 'device.view', deviceParam: 'id' } },
      schema: {
        description: 'How the stream is doing',
        params: Camera,
        response: { 200: StreamStatus },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      camera(id);
      const status = video.status(id);
      if (!status) throw notFound('camera with a stream', id);
      reply.header('cache-control', 'no-store');
      return status;
    },
  );
}
