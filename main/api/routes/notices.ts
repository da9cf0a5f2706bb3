import { z } from 'zod';
import type { AuditLog } from '../../audit/types.ts';
import { notFound } from '../../base/errors.ts';
import { NoticeReceivers } from '../../contract/notices.ts';
import type { Notify } from '../../notify/notify.ts';
import { auditEvent } from '../audit-event.ts';
import type { Api } from '../server.ts';

export interface NoticeServices {
  notices: Pick<Notify, 'receivers' | 'test'>;
  audit: AuditLog;
}

/** Who outside the console is told of incidents: how that goes, and a test of it. */
export function noticeRoutes(app: Api, { notices, audit }: NoticeServices): void {
  const config = { access: { action: 'system.configure' } } as const;

  app.get(
    '/api/notices/receivers',
    {
      config,
      schema: {
        description: 'Receivers of notices, what waits for each and how the last message went',
        response: { 200: NoticeReceivers },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return { receivers: await notices.receivers() };
    },
  );

  app.post(
    '/api/notices/receivers/:name/test',
    {
      config,
      schema: {
        description: 'Sends a test to one receiver and waits for its answer',
        params: z.object({ name: z.string().min(1).max(300) }),
        response: { 200: NoticeReceivers },
      },
    },
    async (request) => {
      const { name } = request.params;
      if (!(await notices.receivers()).some((one) => one.name === name)) throw notFound('receiver', name);
      await audit.record(auditEvent(request, 'notice.tested', name, {}));
      await notices.test(name);
      return { receivers: await notices.receivers() };
    },
  );
}
