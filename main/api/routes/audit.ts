import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { AccessGate } from '../../access/types.ts';
import type { AuditStore, AuditVerdict } from '../../audit/types.ts';
import {
  AuditChain,
  type AuditEntry,
  AuditExportQuery,
  AuditPage,
  AuditQuery,
  AuditVerification,
} from '../../contract/audit.ts';
import { noRight } from '../problem.ts';
import type { Api } from '../server.ts';

export interface AuditServices {
  audit: AuditStore;
  gate: AccessGate;
}

const CURSORS_KEPT = 1_000;

/** Reading, verifying and exporting the audit log; all of it is on record itself. */
export function auditRoutes(app: Api, { audit, gate }: AuditServices): void {
  const config = { access: { action: 'audit.read' } } as const;
  /** Next pages offered, by session and question; the oldest are forgotten, and asking for them is on record again. */
  const offered = new Set<string>();
  let verifying: Promise<AuditVerdict> | undefined;

  const read = ({ viewer }: FastifyRequest, subject: string, data: Record<string, unknown>) =>
    audit.record({
      kind: 'audit.read',
      person: { id: viewer.personId, name: viewer.name },
      from: viewer.from,
      subject,
      data,
    });

  app.get(
    '/api/audit',
    { config, schema: { querystring: AuditQuery, response: { 200: AuditPage } } },
    async (request) => {
      const { cursor, limit: _limit, ...filters } = request.query;
      const keyOf = (at: string) => `${request.viewer.sessionId} ${at} ${JSON.stringify(filters)}`;
      // Once for a question, not for each page of its answer; a page that was not offered is a question of its own.
      if (cursor === undefined) await read(request, 'list', filters);
      else if (!offered.has(keyOf(cursor))) await read(request, 'list', { ...filters, cursor });
      const page = await audit.page(request.query);
      if (page.nextCursor !== undefined) {
        const key = keyOf(page.nextCursor);
        offered.delete(key);
        offered.add(key);
        for (const oldest of offered) {
          if (offered.size <= CURSORS_KEPT) break;
          offered.delete(oldest);
        }
      }
      return page;
    },
  );

  app.get('/api/audit/chain', { config, schema: { response: { 200: AuditChain } } }, async () =>
    audit.chain(),
  );

  app.post(
    '/api/audit/verify',
    { config, schema: { response: { 200: AuditVerification } } },
    async (request) => {
      await read(request, 'verify', {});
      // A walk over millions of entries: who asks meanwhile gets the same answer.
      verifying ??= audit.verify().finally(() => {
        verifying = undefined;
      });
      const verdict = await verifying;
      return verdict.ok
        ? { ok: true, entries: verdict.entries, seq: null, problem: null }
        : { ok: false, entries: verdict.seq, seq: verdict.seq, problem: verdict.problem };
    },
  );

  app.get(
    '/api/audit/export',
    { config, schema: { querystring: AuditExportQuery } },
    async (request, reply) => {
      await read(request, 'export', request.query);
      const { viewer } = request;
      async function* lines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
        for await (const entry of entries) {
          // A right that ends while the export runs ends the export: the answer breaks off, it is not cut short.
          const decision = gate.may(viewer, 'audit.read', null);
          if (!decision.allowed) throw noRight('audit.read', decision.reason);
          yield `${JSON.stringify(entry)}\n`;
        }
      }
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('content-disposition', 'attachment; filename="kalancha-audit.ndjson"')
        .header('cache-control', 'no-store')
        .send(Readable.from(lines(audit.entries(request.query))));
    },
  );
}
