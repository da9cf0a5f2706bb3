import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { Action, BuiltInRoles, type Role } from '../contract/access.ts';
import type { Database } from '../storage/tables.ts';

/** English names; the console has its own by the role's id. */
const BUILT_IN_NAMES: Record<keyof typeof BuiltInRoles, string> = {
  'agency-viewer': 'Agency viewer',
  'police-officer': 'Police officer',
  'police-supervisor': 'Police supervisor',
  'wifi-technician': 'Wi-Fi technician',
  'video-technician': 'Video technician',
  'access-administrator': 'Access administrator',
  auditor: 'Auditor',
  'system-administrator': 'System administrator',
};

interface RoleVersion {
  version: number;
  at: number;
  role: Role;
}

/** All roles, built in and made, with every state the made ones were in. */
export interface RoleBook {
  get(id: string): Role | undefined;
  all(): readonly Role[];
  /** The role as it was at a past moment (UTC ms); undefined where it did not exist yet. */
  at(id: string, moment: number): Role | undefined;
  /** Stores the next version of a role that was made. */
  insert(trx: Transaction<Database>, role: Role, at: number): Promise<void>;
  /** After the commit. */
  put(role: Role, at: number): void;
}

const StoredActions = z.array(Action);

export async function loadRoles(db: Kysely<Database>): Promise<RoleBook> {
  const builtIn = new Map<string, Role>(
    (Object.keys(BUILT_IN_NAMES) as (keyof typeof BuiltInRoles)[]).map((id) => [
      id,
      { id, builtIn: true, name: BUILT_IN_NAMES[id], actions: [...BuiltInRoles[id]] },
    ]),
  );
  const made = new Map<string, RoleVersion[]>();
  const nextVersion = (id: string) => (made.get(id)?.at(-1)?.version ?? 0) + 1;
  const put = (role: Role, at: number) =>
    made.set(role.id, [...(made.get(role.id) ?? []), { version: nextVersion(role.id), at, role }]);
  for (const row of await db.selectFrom('role_versions').selectAll().orderBy('version').execute())
    put(
      {
        id: row.role_id,
        builtIn: false,
        name: row.name,
        actions: StoredActions.parse(JSON.parse(row.actions)),
      },
      row.at,
    );
  const newest = (id: string) => made.get(id)?.at(-1)?.role;
  return {
    get: (id) => builtIn.get(id) ?? newest(id),
    all: () => [...builtIn.values(), ...[...made.keys()].flatMap((id) => newest(id) ?? [])],
    at: (id, moment) => builtIn.get(id) ?? made.get(id)?.findLast(({ at }) => at <= moment)?.role,
    insert: async (trx, role, at) => {
      await trx
        .insertInto('role_versions')
        .values({
          role_id: role.id,
          version: nextVersion(role.id),
          at,
          name: role.name,
          actions: JSON.stringify(role.actions),
        })
        .execute();
    },
    put,
  };
}
