import { z } from 'zod';
import { DeviceId, QueryTime } from '../../contract/common.ts';
import { Timeline } from '../../contract/video.ts';
import { sendGuarded } from '../send-guarded.ts';
import type { Api } from '../server.ts';
import { createVideoDoor, noClose, PLAYLIST } from '../video-door.ts';
import type { VideoServices } from './video.ts';

const Camera = z.object({ id: DeviceId });
const Range = z.object({ from: QueryTime, to: QueryTime });

/** Recorded footage: what there is, playlists of it, single pictures. Rights are decided as for live (`video.ts`). */
export function videoArchiveRoutes(app: Api, { video, desk, devices }: VideoServices): void {
  const signedIn = { config: { access: 'signed-in' as const } };
  const { camera, stillThere, demand } = createVideoDoor({ desk, devices });

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
}
