import type { Transaction } from 'kysely';
import type {
  AuditChain,
  AuditEntry,
  AuditExportQuery,
  AuditKind,
  AuditPage,
  AuditQuery,
} from '../contract/audit.ts';
import type { Database } from '../storage/tables.ts';

export interface AuditEvent {
  kind: AuditKind;
  /** Null: the hub itself, or a stranger at the door. */
  person: { id: string; name: string } | null;
  from: string;
  subject: string;
  data: Record<string, unknown>;
}

export interface AuditLog {
  /** Adds an entry in the caller's transaction: the change and its entry are stored together or not at all. */
  append(trx: Transaction<Database>, event: AuditEvent): Promise<void>;
  /** The same in a transaction of its own, for what changes nothing (a view, a refusal). Resolves when stored. */
  record(event: AuditEvent): Promise<void>;
  page(query: AuditQuery): Promise<AuditPage>;
  chain(): Promise<AuditChain>;
  /** Walks the whole chain and its checkpoints. */
  verify(): Promise<AuditVerdict>;
}

export type AuditVerdict = { ok: true; entries: number } | { ok: false; seq: number; problem: string };

/** The log as its own routes and the composition root have it. */
export interface AuditStore extends AuditLog {
  /** Entries that fit, oldest first, read in pages: for an export of any length. */
  entries(query: AuditExportQuery): AsyncIterable<AuditEntry>;
  /** Stores what is still waiting, then a last checkpoint. Call before the database is closed. */
  stop(): Promise<void>;
}
