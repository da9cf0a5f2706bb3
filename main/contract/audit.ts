import { z } from 'zod';
import { Id, Page, UtcMs } from './common.ts';

/** Everything that is put on record. The console translates each (`audit.<kind>`). */
export const AuditKinds = [
  'session.sign-in',
  'session.refused',
  'session.sign-out',
  'session.ended',
  'video.live-start',
  'video.live-end',
  'video.archive-view',
  'video.snapshot',
  'video.refused',
  'device.added',
  'device.changed',
  'device.removed',
  'device.import',
  'device.export',
  /** Somebody had the hub try a stream address. */
  'device.stream-tested',
  /** What a camera shows now was taken for its usual view. */
  'device.view-accepted',
  'person.added',
  'person.changed',
  'grant.added',
  'grant.ended',
  'group.changed',
  /** Of walls that others see. */
  'wall.changed',
  'hold.added',
  /** Asked for by somebody who may not keep footage: kept for a day. */
  'hold.requested',
  'hold.approved',
  'hold.prolonged',
  'hold.ended',
  /** Of bookmarks that others see. */
  'bookmark.added',
  'bookmark.changed',
  'bookmark.removed',
  'export.asked',
  'export.done',
  'export.failed',
  'export.cancelled',
  'export.downloaded',
  'export.removed',
  /** The key that signs exports was made: at the first start, or because the old one was gone. */
  'export.key-made',
  'role.changed',
  'incident.handled',
  'maintenance.changed',
  /** A run of commands was ordered. */
  'command.asked',
  /** A run was paused, continued, stopped, or came to its end. */
  'command.run',
  /** One device's command was sent, answered, confirmed or given up. */
  'command.step',
  'access.refused',
  'audit.read',
  'system.started',
  'system.stopped',
  'system.configured',
  /** A test was sent to somebody who is told of incidents outside the console. */
  'notice.tested',
  /** Notices of incidents that he was never told, and will not be. */
  'notice.given-up',
  /** At a start the log was found shorter than, or other than, what had been signed. */
  'audit.broken',
] as const;
export const AuditKind = z.enum(AuditKinds);
export type AuditKind = z.infer<typeof AuditKind>;

export const AuditEntry = z.object({
  seq: z.int(),
  at: UtcMs,
  kind: AuditKind,
  /** Null for the hub itself and for a stranger at the door. */
  personId: Id.nullable(),
  personName: z.string(),
  /** Network address the request came from. */
  from: z.string(),
  /** What it was about: a device, person, grant or job id. */
  subject: z.string(),
  data: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditQuery = z.object({
  kind: AuditKind.optional(),
  personId: Id.optional(),
  subject: z.string().max(64).optional(),
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(40).optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditPage = Page(AuditEntry);
export type AuditPage = z.infer<typeof AuditPage>;

export const AuditChain = z.object({
  entries: z.int(),
  lastHash: z.string(),
  checkpoints: z.int(),
  lastCheckpointAt: UtcMs.nullable(),
  /** Of the last full verification; null before the first. */
  verified: z.object({ at: UtcMs, ok: z.boolean(), problem: z.string().nullable() }).nullable(),
});
export type AuditChain = z.infer<typeof AuditChain>;

export const AuditVerification = z.object({
  ok: z.boolean(),
  /** Entries walked; on a problem, up to it. */
  entries: z.int(),
  /** First entry that is wrong or missing; null when all is well. */
  seq: z.int().nullable(),
  problem: z.string().nullable(),
});
export type AuditVerification = z.infer<typeof AuditVerification>;

export const AuditExportQuery = AuditQuery.omit({ limit: true, cursor: true });
export type AuditExportQuery = z.infer<typeof AuditExportQuery>;
