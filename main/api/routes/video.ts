import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { notFound } from '../../base/errors.ts';
import { DeviceId } from '../../contract/common.ts';
import { StreamStatus, type TrackName, TrackNames } from '../../contract/video.ts';
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

  /** A playlist of a track, or of all of a camera: on record and held for as long as it is asked for. */
  const livePlaylist = async (
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    track: TrackName,
    write: (signal: AbortSignal) => Promise<string>,
  ): Promise<FastifyReply> => {
    const device = camera(id);
    const { viewer } = request;
    const mayHear = () =>
      track === 'sound' ? stillThere(id, (now) => desk.mayHear(viewer, now)) : { allowed: true as const };
    const maySee = () => stillThere(id, (now) => desk.rights.decide(viewer, 'video.live', now));
    const check = () => {
      const heard = mayHear();
      return heard.allowed ? maySee() : heard;
    };
    await demand(viewer, device, 'video.live', maySee());
    await demand(viewer, device, 'video.audio', mayHear());
    const close = await desk.playback.live(viewer, id, track);
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
    {
      ...signedIn,
      schema: {
        description:
          'Multivariant playlist; names the sound for who may hear it, unless `sound=no` asks for none',
        params: Camera,
        querystring: z.object({ sound: z.enum(['yes', 'no']).default('yes') }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const withSound = request.query.sound === 'yes' && desk.mayHear(request.viewer, camera(id)).allowed;
      const track = await video.viewTrack(id);
      return livePlaylist(request, reply, id, track, (signal) =>
        video.multivariantPlaylist(id, withSound, signal),
      );
    },
  );

  for (const track of TrackNames)
    app.get(
      `/api/video/:id/live-${track}.m3u8`,
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
          withSound: desk.mayHear(request.viewer, camera(id)).allowed,
        };
        return livePlaylist(request, reply, id, track, (signal) =>
          video.livePlaylist(id, track, ask, signal),
        );
      },
    );

  app.get(
    '/api/video/:id/init/:name',
    { ...signedIn, schema: { description: 'Initialization segment', params: MediaName } },
    async (request, reply) => {
      const { id, name } = request.params;
      return bytes(request, reply, id, name, () => video.init(id, name));
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
      return bytes(request, reply, id, name, (signal) => video.part(id, name, signal));
    },
  );

  app.get(
    '/api/video/:id/segment/:name',
    { ...signedIn, schema: { description: 'Media segment', params: MediaName } },
    async (request, reply) => {
      const { id, name } = request.params;
      return bytes(request, reply, id, name, () => video.segment(id, name));
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
