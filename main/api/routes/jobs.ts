import { z } from 'zod';
import { notFound } from '../../base/errors.ts';
import { Id } from '../../contract/common.ts';
import { Job } from '../../contract/device.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import type { Api } from '../server.ts';

const ById = z.object({ id: Id });

/** Background work: everybody sees and cancels his own and learns nothing of others'. */
export function jobRoutes(app: Api, { jobs }: { jobs: Jobs }): void {
  app.get(
    '/api/jobs',
    {
      config: { access: 'signed-in' },
      schema: { description: 'Your own jobs, newest first', response: { 200: z.array(Job) } },
    },
    async ({ viewer }) => jobs.list(viewer.personId),
  );

  app.get(
    '/api/jobs/:id',
    { config: { access: 'signed-in' }, schema: { params: ById, response: { 200: Job } } },
    async ({ viewer, params }) => {
      const job = jobs.get(params.id, viewer.personId);
      if (!job) throw notFound('job', params.id);
      return job;
    },
  );

  app.delete(
    '/api/jobs/:id',
    {
      config: { access: 'signed-in' },
      schema: {
        description: 'Cancels; answers when the job has ended, with how',
        params: ById,
        response: { 200: Job },
      },
    },
    async ({ viewer, params }) => {
      const job = await jobs.cancel(params.id, viewer.personId);
      if (!job) throw notFound('job', params.id);
      return job;
    },
  );
}
