import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { newId, newSecret } from '../base/ids.ts';
import type { Database } from '../storage/tables.ts';

/** How often the moment a session was last used is written down, ms. */
const SAVE_MS = 60_000;

export interface Session {
  readonly id: string;
  readonly tokenHash: string;
  readonly personId: string;
  /** Address it was opened from. */
  readonly from: string;
  /** Wall time, for people and for the next start of the hub. */
  readonly createdAt: number;
  readonly expiresAt: number;
  lastSeenAt: number;
  savedAt: number;
  /** Monotonic time, for deciding: a clock that is set neither ends nor prolongs a session. */
  readonly endsBy: number;
  idleBy: number;
}

/** Open sessions, in memory and in the table. Of the token only its SHA-256 is kept. */
export interface Sessions {
  /** Finds an open session and counts this as use of it. */
  use(token: string): Session | undefined;
  get(id: string): Session | undefined;
  alive(session: Session): boolean;
  of(personId: string): readonly Session[];
  /** A new session that nobody can use before `add`. */
  make(personId: string, from: string): { token: string; session: Session };
  insert(trx: Transaction<Database>, session: Session): Promise<void>;
  /** After the commit. */
  add(session: Session): void;
  /** Ends it at once in memory; the row goes with `remove`. */
  drop(session: Session): void;
  remove(trx: Transaction<Database>, ids: readonly string[]): Promise<void>;
  /** Those whose time is over. */
  expired(): readonly Session[];
  /** Writes down when sessions were last used; all of them, or those not written for a while. */
  save(all: boolean): Promise<void>;
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

export async function loadSessions({
  db,
  clock,
  idleMs,
  absoluteMs,
}: {
  db: Kysely<Database>;
  clock: Clock;
  idleMs: number;
  absoluteMs: number;
}): Promise<Sessions> {
  const byHash = new Map<string, Session>();
  const byId = new Map<string, Session>();
  const byPerson = new Map<string, Set<Session>>();

  function add(session: Session): void {
    byHash.set(session.tokenHash, session);
    byId.set(session.id, session);
    const own = byPerson.get(session.personId) ?? new Set();
    byPerson.set(session.personId, own.add(session));
  }
  const alive = (session: Session) => {
    const now = clock.monotonic();
    return byId.get(session.id) === session && now < session.endsBy && now < session.idleBy;
  };

  const now = clock.now();
  const steady = clock.monotonic();
  for (const row of await db.selectFrom('sessions').selectAll().execute())
    add({
      id: row.id,
      tokenHash: row.token_hash,
      personId: row.person_id,
      from: row.origin,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastSeenAt: row.last_seen_at,
      savedAt: row.last_seen_at,
      // The clock may have been set while the hub was down: never more than a whole span.
      endsBy: steady + Math.min(absoluteMs, row.expires_at - now),
      idleBy: steady + Math.min(idleMs, row.last_seen_at + idleMs - now),
    });

  return {
    use(token) {
      const session = byHash.get(hashOf(token));
      if (!session || !alive(session)) return undefined;
      session.lastSeenAt = clock.now();
      session.idleBy = clock.monotonic() + idleMs;
      return session;
    },
    get: (id) => byId.get(id),
    alive,
    of: (personId) => [...(byPerson.get(personId) ?? [])],
    make(personId, from) {
      const token = newSecret();
      const at = clock.now();
      const session: Session = {
        id: newId(at),
        tokenHash: hashOf(token),
        personId,
        from: from.slice(0, 100),
        createdAt: at,
        expiresAt: at + absoluteMs,
        lastSeenAt: at,
        savedAt: at,
        endsBy: clock.monotonic() + absoluteMs,
        idleBy: clock.monotonic() + idleMs,
      };
      return { token, session };
    },
    insert: async (trx, session) => {
      await trx
        .insertInto('sessions')
        .values({
          id: session.id,
          token_hash: session.tokenHash,
          person_id: session.personId,
          origin: session.from,
          created_at: session.createdAt,
          last_seen_at: session.lastSeenAt,
          expires_at: session.expiresAt,
        })
        .execute();
    },
    add,
    drop(session) {
      byHash.delete(session.tokenHash);
      byId.delete(session.id);
      const own = byPerson.get(session.personId);
      own?.delete(session);
      if (own?.size === 0) byPerson.delete(session.personId);
    },
    remove: async (trx, ids) => {
      if (ids.length > 0) await trx.deleteFrom('sessions').where('id', 'in', ids).execute();
    },
    expired: () => [...byId.values()].filter((session) => !alive(session)),
    async save(all) {
      const due = [...byId.values()].filter(
        (session) =>
          session.lastSeenAt !== session.savedAt &&
          (all || Math.abs(session.lastSeenAt - session.savedAt) >= SAVE_MS),
      );
      if (due.length === 0) return;
      await db.transaction().execute(async (trx) => {
        for (const { id, lastSeenAt } of due)
          await trx.updateTable('sessions').set({ last_seen_at: lastSeenAt }).where('id', '=', id).execute();
      });
      for (const session of due) session.savedAt = session.lastSeenAt;
    },
  };
}
