import { z } from 'zod';
import type { AuditLog } from '../../audit/types.ts';
import { AppError, notFound } from '../../base/errors.ts';
import { DiskList } from '../../contract/recording.ts';
import type { Recording } from '../../recording/types.ts';
import { auditEvent } from '../audit-event.ts';
import type { Api } from '../server.ts';

export interface RecordingDiskServices {
  recording: Pick<Recording, 'state' | 'acceptDisk' | 'lookAfterDisks'>;
  audit: AuditLog;
}

/** The disks for footage: how each does, and taking in another one where one was known. */
export function recordingDiskRoutes(app: Api, { recording, audit }: RecordingDiskServices): void {
  const config = { access: { action: 'system.configure' } } as const;

  app.get(
    '/api/recording/disks',
    { config, schema: { description: 'State of each disk for footage', response: { 200: DiskList } } },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return { disks: [...(await recording.state()).disks] };
    },
  );

  app.post(
    '/api/recording/disks/:place/accept',
    {
      config,
      schema: {
        description:
          'Takes in the disk that stands in a place although another one was known there. Footage of that one is found again when it is mounted at another place.',
        params: z.object({ place: z.coerce.number().int().min(1).max(64) }),
        response: { 200: DiskList },
      },
    },
    async (request) => {
      const { place } = request.params;
      const disk = (await recording.state()).disks.find((one) => one.place === place);
      if (!disk) throw notFound('disk', String(place));
      if (disk.state !== 'missing')
        throw new AppError(
          'disk-is-there',
          409,
          'The known disk is in its place; nothing is to be taken in.',
        );
      const { folder, reason, problem } = disk;
      await audit.record(
        auditEvent(request, 'system.configured', 'recording', { place, folder, reason, problem }),
      );
      recording.acceptDisk(place);
      await recording.lookAfterDisks();
      return { disks: [...(await recording.state()).disks] };
    },
  );
}
