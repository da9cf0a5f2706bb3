import type { Kysely, Selectable, Transaction } from 'kysely';
import { Grant, type GrantQuery, type Role } from '../contract/access.ts';
import type { Database } from '../storage/tables.ts';
import type { RightsGrant } from './may.ts';

/** Grants that have not been ended, in memory by person; those that have, in the table. */
export interface GrantBook {
  get(id: string): Grant | undefined;
  of(personId: string): readonly Grant[];
  all(): readonly Grant[];
  /** Also of those ended long ago. Newest first. */
  list(query: GrantQuery, now: number): Promise<Grant[]>;
  insert(trx: Transaction<Database>, grant: Grant): Promise<void>;
  end(trx: Transaction<Database>, grant: Grant): Promise<void>;
  /** After the commit: takes a new grant in, or one that was ended out. */
  put(grant: Grant): void;
}

export async function loadGrants(db: Kysely<Database>): Promise<GrantBook> {
  const byPerson = new Map<string, Grant[]>();
  const byId = new Map<string, Grant>();
  const put = (grant: Grant) => {
    const others = (byPerson.get(grant.personId) ?? []).filter(({ id }) => id !== grant.id);
    if (grant.endedAt === null) byId.set(grant.id, grant);
    else byId.delete(grant.id);
    byPerson.set(grant.personId, grant.endedAt === null ? [...others, grant] : others);
  };
  for (const row of await db.selectFrom('grants').selectAll().where('ended_at', 'is', null).execute())
    put(fromRow(row));
  return {
    get: (id) => byId.get(id),
    of: (personId) => byPerson.get(personId) ?? [],
    all: () => [...byId.values()],
    async list({ personId, active, at }, now) {
      let rows = db.selectFrom('grants').selectAll();
      if (personId !== undefined) rows = rows.where('person_id', '=', personId);
      if (at !== undefined)
        rows = rows
          .where('granted_at', '<=', at)
          .where((e) => e.or([e('ended_at', 'is', null), e('ended_at', '>', at)]));
      const moment = at ?? now;
      const running = (e: Grant) =>
        (at !== undefined || e.endedAt === null) && (e.until ?? Infinity) > moment;
      const grants = (await rows.orderBy('granted_at', 'desc').orderBy('id').execute()).map(fromRow);
      return active === undefined ? grants : grants.filter((grant) => running(grant) === active);
    },
    insert: async (trx, grant) => {
      await trx.insertInto('grants').values(toRow(grant)).execute();
    },
    end: async (trx, { id, endedAt, endedBy }) => {
      await trx
        .updateTable('grants')
        .set({ ended_at: endedAt, ended_by: endedBy })
        .where('id', '=', id)
        .execute();
    },
    put,
  };
}

/** A grant with its role spelled out, as it holds from now on. Undefined where the role is not known. */
export function rightsOf(grant: Grant, role: Role | undefined): RightsGrant | undefined {
  if (!role) return undefined;
  return {
    id: grant.id,
    roleId: grant.roleId,
    actions: new Set(role.actions),
    scope: grant.scope,
    effect: grant.effect,
    from: grant.from,
    until: grant.until,
    weekly: grant.weekly,
    archiveHours: grant.archiveHours,
  };
}

type Row = Selectable<Database['grants']>;

const toRow = (grant: Grant): Row => ({
  id: grant.id,
  person_id: grant.personId,
  role_id: grant.roleId,
  scope_type: grant.scope.type,
  scope_id: grant.scope.type === 'city' ? null : grant.scope.id,
  effect: grant.effect,
  from_at: grant.from,
  until_at: grant.until,
  weekly: grant.weekly && JSON.stringify(grant.weekly),
  archive_hours: grant.archiveHours,
  basis: grant.basis,
  granted_by: grant.grantedBy,
  granted_at: grant.grantedAt,
  ended_at: grant.endedAt,
  ended_by: grant.endedBy,
});

const fromRow = (row: Row): Grant =>
  Grant.parse({
    id: row.id,
    personId: row.person_id,
    roleId: row.role_id,
    scope: row.scope_id === null ? { type: row.scope_type } : { type: row.scope_type, id: row.scope_id },
    effect: row.effect,
    from: row.from_at,
    until: row.until_at,
    weekly: row.weekly === null ? null : JSON.parse(row.weekly),
    archiveHours: row.archive_hours,
    basis: row.basis,
    grantedBy: row.granted_by,
    grantedAt: row.granted_at,
    endedAt: row.ended_at,
    endedBy: row.ended_by,
  });
