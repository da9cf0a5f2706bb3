import type { FastifyRequest } from 'fastify';
import type { AuditEvent } from '../audit/types.ts';

/** An audit event about what the person of this request does. */
export function auditEvent(
  { viewer }: Pick<FastifyRequest, 'viewer'>,
  kind: AuditEvent['kind'],
  subject: string,
  data: AuditEvent['data'],
): AuditEvent {
  return { kind, person: { id: viewer.personId, name: viewer.name }, from: viewer.from, subject, data };
}
