import { z } from 'zod';
import type { Decision } from '../../access/types.ts';
import { DeviceId, QueryTime } from '../../contract/common.ts';
import { KeyframeIndex, TrackNames } from '../../contract/video.ts';
import type { Archive } from '../../video/archive.ts';
import { sendGuarded } from '../send-guarded.ts';
import type { Api } from '../server.ts';
import { createVideoDoor, noClose, PLAYLIST } from '../video-door.ts';
import type { VideoServices } from './video.ts';

export interface VideoArchiveServices extends VideoServices {
  archive: Archive;
}

const ALLOWED: Decision = { allowed: true };
const Camera = z.object({ id: DeviceId });
const MediaName = z.object({ id: DeviceId, name: z.string().max(60) });
const Range = z.object({ from: QueryTime, to: QueryTime });
const Steps = Range.extend({ stepMs: z.coerce.number().int().min(0).max(3_600_000).default(0) });

/** Recorded footage: what there is, playlists of it, single pictures. Rights are decided as for live (`video.ts`). */
export function videoArchiveRoutes(app: Api, services: VideoArchiveServices): void {
  const { video, archive, desk, devices } = services;
  const signedIn = { config: { access: 'signed-in' as const } };
  const { camera, stillThere, demand, bytes } = createVideoDoor({ desk, devices });

  app.get(
    '/api/video/:id/archive.m3u8',
    {
      ...signedIn,
      schema: {
        description: 'Multivariant playlist of a range, at most 24 hours; names sound for who may hear it',
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
      // Names only; what it names is put on record when it is asked for.
      const playlist = await archive.multivariant(id, from, to, desk.mayHear(viewer, device, from).allowed);
      return sendGuarded(reply, Buffer.from(playlist), PLAYLIST, desk.rights.guard(viewer, check), noClose);
    },
  );

  for (const track of TrackNames)
    app.get(
      `/api/video/:id/archive-${track}.m3u8`,
      {
        ...signedIn,
        schema: {
          description: 'Recorded footage of one track in a range, at most 24 hours',
          params: Camera,
          querystring: Range,
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { from, to } = request.query;
        const { viewer } = request;
        const device = camera(id);
        const maySee = () => stillThere(id, (now) => desk.rights.decide(viewer, 'video.archive', now, from));
        const mayHear = () =>
          track === 'sound' ? stillThere(id, (now) => desk.mayHear(viewer, now, from)) : ALLOWED;
        const check = () => {
          const heard = mayHear();
          return heard.allowed ? maySee() : heard;
        };
        await demand(viewer, device, 'video.archive', maySee());
        await demand(viewer, device, 'video.audio', mayHear());
        const playlist = await archive.playlist(id, track, from, to);
        await desk.playback.archiveRange(viewer, id, from, to);
        await demand(viewer, device, 'video.archive', check());
        return sendGuarded(reply, Buffer.from(playlist), PLAYLIST, desk.rights.guard(viewer, check), noClose);
      },
    );

  app.get(
    '/api/video/:id/archive-view.m3u8',
    {
      ...signedIn,
      schema: {
        description:
          'Media playlist of the track that a screen can play: the main one, or of H.265 the second',
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
      const playlist = await archive.playlist(id, await archive.viewTrack(id), from, to);
      await desk.playback.archiveRange(viewer, id, from, to);
      await demand(viewer, device, 'video.archive', check());
      return sendGuarded(reply, Buffer.from(playlist), PLAYLIST, desk.rights.guard(viewer, check), noClose);
    },
  );

  app.get(
    '/api/video/:id/keyframes',
    {
      ...signedIn,
      schema: {
        description:
          'Keyframes of a range, no two nearer to each other than `stepMs`; at most 31 days and 2000',
        params: Camera,
        querystring: Steps,
        response: { 200: KeyframeIndex },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { from, to, stepMs } = request.query;
      const { viewer } = request;
      const device = camera(id);
      const check = () => stillThere(id, (now) => desk.rights.decide(viewer, 'video.archive', now, from));
      await demand(viewer, device, 'video.archive', check());
      const index = await archive.keyframes(id, from, to, stepMs);
      await desk.playback.archiveRange(viewer, id, from, to);
      await demand(viewer, device, 'video.archive', check());
      reply.header('cache-control', 'no-store');
      return index;
    },
  );

  app.get(
    '/api/video/:id/keyframe/:name',
    {
      ...signedIn,
      schema: { description: 'One keyframe: the first fragment of a segment', params: MediaName },
    },
    async (request, reply) => {
      const { id, name } = request.params;
      return bytes(request, reply, id, name, () => archive.keyframe(id, name));
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
}
