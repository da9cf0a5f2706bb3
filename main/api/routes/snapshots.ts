import { z } from 'zod';
import { notFound } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import { DeviceId } from '../../contract/common.ts';
import { SnapshotInput } from '../../contract/export.ts';
import type { Snapshots } from '../../export/snapshot.ts';
import type { Person } from '../../export/types.ts';
import { auditEvent } from '../audit-event.ts';
import { sendGuarded } from '../send-guarded.ts';
import type { Api } from '../server.ts';
import { createVideoDoor, noClose } from '../video-door.ts';
import type { ExportServices } from './exports.ts';

export interface SnapshotServices extends Pick<ExportServices, 'desk' | 'devices' | 'audit' | 'now'> {
  snapshots: Snapshots;
  /** Who somebody is, as it is written on a copy. */
  personOf(id: string): Person | undefined;
  describeCamera(cameraId: string): Promise<{ name: string; address: string } | undefined>;
}

/** Saved pictures: one recorded frame with the mark on it and the hub's signature inside. */
export function snapshotRoutes(app: Api, services: SnapshotServices): void {
  const { snapshots, desk, devices, audit, now } = services;
  const { camera, stillThere, demand } = createVideoDoor({ desk, devices });
  app.post(
    '/api/video/:id/snapshots',
    {
      config: { access: 'signed-in' },
      schema: {
        description:
          'Saves the frame of a moment: a JPEG with the mark burned in (untouched with `original`, a right of its ' +
          'own) and a signed manifest inside; `x-footage-time` tells when the frame was taken',
        params: z.object({ id: DeviceId }),
        body: SnapshotInput,
      },
    },
    async (request, reply) => {
      const { viewer, body } = request;
      const { id } = request.params;
      const { original, basis, language } = body;
      const device = camera(id);
      const at = body.at === undefined ? null : Math.min(body.at, now());
      const asked = at ?? now();
      const action = original ? 'video.export-original' : 'video.snapshot';
      const check = (time: number) => () =>
        stillThere(id, (there) => {
          const picture = desk.rights.decide(viewer, 'video.snapshot', there, time);
          return picture.allowed ? desk.rights.decide(viewer, action, there, time) : picture;
        });
      await demand(viewer, device, action, check(asked)());
      const [person, known] = [services.personOf(viewer.personId), await services.describeCamera(id)];
      if (!person || !known) throw notFound('camera', id);
      const guard = desk.rights.guard(viewer, check(asked));
      try {
        const { jpeg, name, frameTime, manifestSha256 } = await snapshots.take(
          { id: newId(now()), camera: { id, ...known }, person, at, original, basis, language },
          guard.signal,
        );
        await demand(viewer, device, action, check(frameTime)());
        const facts = { at: Math.round(frameTime), original, basis, manifestSha256 };
        await audit.record(auditEvent(request, 'video.snapshot', id, facts));
        reply
          .header('x-footage-time', Math.round(frameTime))
          .header('content-disposition', `attachment; filename="${name}"`);
        return sendGuarded(reply, jpeg, 'image/jpeg', desk.rights.guard(viewer, check(frameTime)), noClose);
      } catch (error) {
        await demand(viewer, device, action, check(asked)());
        throw error;
      } finally {
        guard.done();
      }
    },
  );
}
