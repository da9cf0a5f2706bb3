export interface AccessTables {
  people: {
    id: string;
    login: string;
    name: string;
    unit: string;
    number: string;
    /** PHC string of argon2id; empty for an account that has no stored password (demonstration). */
    password_hash: string;
    locked: number;
    demo: number;
    created_at: number;
    /** Null: made by the hub itself at first start. */
    created_by: string | null;
    last_sign_in_at: number | null;
  };
  /** Every state a self-made role was ever in; the newest one counts. `actions` is a JSON array. */
  role_versions: { role_id: string; version: number; at: number; name: string; actions: string };
  /** Never changed but for being ended, once. `weekly` is JSON. */
  grants: {
    id: string;
    person_id: string;
    role_id: string;
    scope_type: string;
    scope_id: string | null;
    effect: string;
    from_at: number;
    until_at: number | null;
    weekly: string | null;
    archive_hours: number | null;
    basis: string;
    granted_by: string;
    granted_at: number;
    ended_at: number | null;
    ended_by: string | null;
  };
  /** Open sessions only. The token itself is nowhere; `token_hash` is its SHA-256. */
  sessions: {
    id: string;
    token_hash: string;
    person_id: string;
    origin: string;
    created_at: number;
    last_seen_at: number;
    expires_at: number;
  };
}
