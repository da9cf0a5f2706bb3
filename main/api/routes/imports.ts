import { Readable } from 'node:stream';
import type { AccessGate } from '../../access/types.ts';
import type { AuditLog } from '../../audit/types.ts';
import { AppError } from '../../base/errors.ts';
import { Job } from '../../contract/device.ts';
import type { DeviceStore } from '../../devices/types.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import { type Spool, tooLarge } from '../../jobs/spool.ts';
import { auditEvent } from '../audit-event.ts';
import type { Api } from '../server.ts';

export interface ImportServices {
  devices: DeviceStore;
  gate: AccessGate;
  audit: AuditLog;
  jobs: Jobs;
  spool: Spool;
}

const LARGEST_FILE = 64 * 2 ** 20;

/** Files of devices. The file is taken in whole, then read in the background by a job of the person's own. */
export function importRoutes(app: Api, { devices, gate, audit, jobs, spool }: ImportServices): void {
  // In a scope of its own: nowhere else are bodies of these types taken.
  app.register(async (scope: Api) => {
    scope.addContentTypeParser(['text/csv', 'application/octet-stream'], (_request, payload, done) =>
      done(null, payload),
    );
    scope.post(
      '/api/imports/devices',
      {
        config: { access: { action: 'device.edit' } },
        schema: {
          description:
            'A CSV file of devices, at most 64 MiB: UTF-8, UTF-16 or Windows-1251; comma, semicolon or tab. ' +
            'An id that is known changes its device. With any bad row nothing is imported.',
          consumes: ['text/csv', 'application/octet-stream'],
          response: { 202: Job },
        },
      },
      async (request, reply) => {
        // What is too large is not read to its end, so the connection cannot serve another request.
        const declared = Number(request.headers['content-length'] ?? 0);
        if (declared > LARGEST_FILE) {
          reply.header('connection', 'close');
          throw tooLarge(LARGEST_FILE);
        }
        const { body, viewer } = request;
        if (!(body instanceof Readable))
          throw new AppError(
            'not-a-file',
            415,
            'Send the file itself as the body, with content type text/csv.',
          );
        const upload = await spool.receive(body, LARGEST_FILE).catch((error: unknown) => {
          reply.header('connection', 'close');
          throw error;
        });
        try {
          const job = await jobs.start({
            kind: 'device-import',
            ownerId: viewer.personId,
            run: ({ jobId, signal, progress }) =>
              devices.importCsv(upload.file, {
                rights: {
                  edit: (device) => gate.may(viewer, 'device.edit', device).allowed,
                  move: (device) => gate.may(viewer, 'access.manage', device).allowed,
                  stillAllowed: () => gate.may(viewer, 'device.edit', null).allowed,
                },
                signal,
                progress,
                record: (trx, counts) =>
                  audit.append(trx, auditEvent({ viewer }, 'device.import', jobId, counts)),
              }),
            release: () => upload.remove(),
          });
          return reply.code(202).send(job);
        } catch (error) {
          await upload.remove();
          throw error;
        }
      },
    );
  });
}
