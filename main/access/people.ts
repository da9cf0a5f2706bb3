import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from '../storage/tables.ts';

export interface PersonRecord {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly unit: string;
  readonly number: string;
  /** PHC string; empty where none is stored (demonstration accounts). */
  readonly passwordHash: string;
  readonly locked: boolean;
  readonly demo: boolean;
  readonly createdAt: number;
  /** Null: made by the hub itself. */
  readonly createdBy: string | null;
  readonly lastSignInAt: number | null;
}

/** Everybody, in memory; the table follows in the caller's transaction, memory when that is committed. */
export interface People {
  get(id: string): PersonRecord | undefined;
  byLogin(login: string): PersonRecord | undefined;
  all(): readonly PersonRecord[];
  insert(trx: Transaction<Database>, person: PersonRecord): Promise<void>;
  update(trx: Transaction<Database>, person: PersonRecord): Promise<void>;
  /** After the commit. */
  put(person: PersonRecord): void;
}

export async function loadPeople(db: Kysely<Database>): Promise<People> {
  const byId = new Map<string, PersonRecord>();
  const byLogin = new Map<string, string>();
  const put = (person: PersonRecord) => {
    byId.set(person.id, person);
    byLogin.set(person.login, person.id);
  };
  for (const row of await db.selectFrom('people').selectAll().execute()) put(fromRow(row));
  return {
    get: (id) => byId.get(id),
    byLogin: (login) => byId.get(byLogin.get(login) ?? ''),
    all: () => [...byId.values()],
    insert: async (trx, person) => {
      await trx.insertInto('people').values(toRow(person)).execute();
    },
    update: async (trx, person) => {
      await trx.updateTable('people').set(toRow(person)).where('id', '=', person.id).execute();
    },
    put,
  };
}

type Row = Selectable<Database['people']>;

const toRow = (person: PersonRecord): Row => ({
  id: person.id,
  login: person.login,
  name: person.name,
  unit: person.unit,
  number: person.number,
  password_hash: person.passwordHash,
  locked: person.locked ? 1 : 0,
  demo: person.demo ? 1 : 0,
  created_at: person.createdAt,
  created_by: person.createdBy,
  last_sign_in_at: person.lastSignInAt,
});

const fromRow = (row: Row): PersonRecord => ({
  id: row.id,
  login: row.login,
  name: row.name,
  unit: row.unit,
  number: row.number,
  passwordHash: row.password_hash,
  locked: row.locked === 1,
  demo: row.demo === 1,
  createdAt: row.created_at,
  createdBy: row.created_by,
  lastSignInAt: row.last_sign_in_at,
});
