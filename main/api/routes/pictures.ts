import { z } from 'zod';
import type { AuditLog } from '../../audit/types.ts';
import { DeviceId } from '../../contract/common.ts';
import { PictureCheck } from '../../contract/pictures.ts';
import type { Pictures } from '../../pictures/pictures.ts';
import { auditEvent } from '../audit-event.ts';
import { sendGuarded } from '../send-guarded.ts';
import type { Api } from '../server.ts';
import { createVideoDoor, noClose } from '../video-door.ts';
import type { VideoServices } from './video.ts';

export interface PictureServices extends Pick<VideoServices, 'desk' | 'devices'> {
  pictures: Pick<Pictures, 'check' | 'thumbnail' | 'accept'>;
  audit: Pick<AuditLog, 'append'>;
}

/** What looking at a camera's keyframes found; the picture it rests on; and "this is how it shall look". */
export function pictureRoutes(app: Api, { pictures, audit, desk, devices }: PictureServices): void {
  const params = z.object({ id: DeviceId });
  const { camera, stillThere, demand } = createVideoDoor({ desk, devices });

  app.get(
    '/api/video/:id/picture-check',
    {
      config: { access: { action: 'device.view', deviceParam: 'id' } },
      schema: {
        description: 'What looking at keyframes found: black, frozen, blurred, moved',
        params,
        response: { 200: PictureCheck },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return pictures.check(camera(request.params.id).id);
    },
  );

  app.get(
    '/api/video/:id/picture-check/thumbnail',
    {
      // The right depends on the age of the picture, so it is decided below.
      config: { access: 'signed-in' },
      schema: { description: 'JPEG of the picture that the finding rests on', params },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { viewer } = request;
      const device = camera(id);
      await demand(viewer, device, 'video.snapshot', desk.mayHavePicture(viewer, device));
      const { jpeg, footageTime } = await pictures.thumbnail(id);
      const check = () => stillThere(id, (now) => desk.mayHavePicture(viewer, now, footageTime));
      await demand(viewer, device, 'video.snapshot', check());
      await desk.recordPicture(viewer, device, footageTime);
      await demand(viewer, device, 'video.snapshot', check());
      reply.header('x-footage-time', Math.round(footageTime));
      return sendGuarded(reply, jpeg, 'image/jpeg', desk.rights.guard(viewer, check), noClose);
    },
  );

  app.post(
    '/api/video/:id/picture-check/accept',
    {
      config: { access: { action: 'device.edit', deviceParam: 'id' } },
      schema: {
        description: 'Takes what the camera shows now for its usual view: it is learned anew',
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = camera(request.params.id);
      const { finding } = await pictures.check(id);
      await pictures.accept(id, (trx) =>
        audit.append(
          trx,
          auditEvent(request, 'device.view-accepted', id, { problem: finding?.problem ?? null }),
        ),
      );
      return reply.code(204).send(null);
    },
  );
}
