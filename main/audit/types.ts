import type { Transaction } from 'kysely';
import type { AuditChain, AuditKind, AuditPage, AuditQuery } from '../contract/audit.ts';
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
  verify(): Promise<{ ok: true; entries: number } | { ok: false; seq: number; problem: string }>;
}
