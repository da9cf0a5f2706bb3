export interface AuditTables {
  /** One row an entry; `seq` counts from 1 without gaps. `data` is canonical JSON. */
  audit_entries: {
    seq: number;
    at: number;
    kind: string;
    person_id: string | null;
    person_name: string;
    origin: string;
    subject: string;
    data: string;
    hash: string;
  };
  /** `number` counts from 1 without gaps; `signature` covers all the other columns. */
  audit_checkpoints: {
    number: number;
    seq: number;
    hash: string;
    at: number;
    signature: string;
  };
  /** Outcomes of full verifications. */
  audit_verifications: { id: string; at: number; entries: number; ok: number; problem: string | null };
}
