import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { notFound } from '../../base/errors.ts';
import { DeviceId } from '../../contract/common.ts';
import { StreamStatus } from '../../contract/video.ts';
import type { DeviceRegistry } from '../../devices/types.ts';
import type { VideoRoom } from '../../video/types.ts';
import { sendGuarded } from '../send-guarded.ts';
import type { Api } from '../server.ts';
import type { VideoDesk } from '../video-desk.ts';
import { createVideoDoor, PLAYLIST } from '../video-door.ts';

export interface VideoServices {
  video: VideoRoom;
  desk: VideoDesk;
  devices: Pick<DeviceRegistry, 'get'>;
}

const Camera = z.object({ id: DeviceId });
const MediaName = z.object({ id: DeviceId, name: z.string().max(60) });
/** Delivery directives, RFC 8216bis section 6.2.5. */
const Directives = z.object({
  _HLS_msn: z.coerce.number().int().min(0).max(1e15).optional(),
  _HLS_part: z.coerce.number().int().min(0).max(10_000).optional(),
  _HLS_skip: z.enum(['YES', 'v2']).optional(),
});

/**
 * Live playlists and the bytes of footage. The door asks for a session only; the right is decided here for every
 * single answer, because it depends on the footage's age, and because refusals must not flood the record.
 */
export function videoRoutes(app: Api, { video, desk, devices }: VideoServices): void {
  const signedIn = { config: { access: 'signed-in' as const } };
  const { camera, stillThere, demand, whileAllowed, bytes } = createVideoDoor({ desk, devices });

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
