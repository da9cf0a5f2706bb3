import type { AuditLog } from '../../audit/types.ts';
import { AppError } from '../../base/errors.ts';
import { StreamTestInput, StreamTestResult } from '../../contract/video.ts';
import type { VideoRoom } from '../../video/types.ts';
import { auditEvent } from '../audit-event.ts';
import type { Api } from '../server.ts';

export interface CameraServices {
  video: Pick<VideoRoom, 'test'>;
  audit: Pick<AuditLog, 'record'>;
}

/** Trials at the same time: each is an ffmpeg and somebody's network. */
const AT_ONCE = 4;

/** Scheme and host: what of an address may stand on record. */
function hostOf(address: string): string {
  try {
    const url = new URL(address);
    return `${url.protocol}//${url.host}`;
  } catch {
    // No address at all: the trial says so to whoever typed it.
    return '';
  }
}

/** Trying a stream address before a camera is stored with it. */
export function cameraRoutes(app: Api, { video, audit }: CameraServices): void {
  let running = 0;
  app.post(
    '/api/cameras/test',
    {
      // Whoever may try addresses can learn what answers in the hub's network: only those who may store them.
      config: { access: { action: 'device.edit' } },
      schema: {
        description: 'Pulls an address for some seconds and tells what is there; ends when the client leaves',
        body: StreamTestInput,
        response: { 200: StreamTestResult },
      },
    },
    async (request, reply) => {
      if (running >= AT_ONCE)
        throw new AppError(
          'too-many-tests',
          429,
          'Other addresses are being tested. Try again in a moment.',
          {
            retryAfterS: 5,
          },
        );
      running += 1;
      const left = new AbortController();
      const onClose = () => left.abort();
      reply.raw.once('close', onClose);
      try {
        // On record before the hub knocks at somebody's door.
        const { streamUrl, role } = request.body;
        await audit.record(auditEvent(request, 'device.stream-tested', hostOf(streamUrl), { role }));
        reply.header('cache-control', 'no-store');
        return await video.test(request.body, left.signal);
      } finally {
        reply.raw.removeListener('close', onClose);
        running -= 1;
      }
    },
  );
}
