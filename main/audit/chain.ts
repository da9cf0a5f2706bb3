import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.ts';

/** What the first entry names as the hash before it. */
export const GENESIS_HASH = '0'.repeat(64);

/** A stored entry, as the chain sees it. */
export interface ChainRow {
  seq: number;
  at: number;
  kind: string;
  person_id: string | null;
  person_name: string;
  origin: string;
  subject: string;
  data: string;
}

/**
 * SHA-256, in hex, over the hash before, a line feed, and the entry's canonical JSON with the members
 * `seq, at, kind, personId, personName, from, subject, data`: exactly what an export holds, so that anybody
 * can compute it again with any tool.
 */
export function entryHash(previousHash: string, row: ChainRow): string {
  const entry = canonicalJson({
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    personId: row.person_id,
    personName: row.person_name,
    from: row.origin,
    subject: row.subject,
    data: JSON.parse(row.data),
  });
  return createHash('sha256').update(`${previousHash}\n${entry}`).digest('hex');
}
