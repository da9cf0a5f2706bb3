import { AppError, notFound } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Role, RoleInput } from '../contract/access.ts';
import { type AccessModel, actorOf, rightsChanged } from './model.ts';
import { assertManagesCity, assertStillAdministered } from './rules.ts';
import type { Viewer } from './types.ts';

const MOST_ROLES = 200;

export interface RolesService {
  list(): readonly Role[];
  /** @throws AppError `not-city-administrator`, `role-exists`, `too-many-roles` */
  add(by: Viewer, input: RoleInput): Promise<Role>;
  /** @throws AppError `not-found`, `role-built-in`, `not-city-administrator`, `role-exists`, `no-self-grant`, `last-administrator` */
  change(by: Viewer, id: string, input: RoleInput): Promise<Role>;
}

export function createRolesService(model: AccessModel): RolesService {
  const { db, clock, roles, grants, audit } = model;

  function assertNameFree(name: string, id: string | null): void {
    const same = (other: Role) => other.id !== id && other.name.toLowerCase() === name.toLowerCase();
    if (roles.all().some(same))
      throw new AppError('role-exists', 409, `There is a role called ${name} already.`, { name });
  }

  async function store(by: Viewer, role: Role): Promise<void> {
    const at = clock.now();
    await db.transaction().execute(async (trx) => {
      await roles.insert(trx, role, at);
      await audit.append(trx, {
        kind: 'role.changed',
        person: actorOf(by),
        from: by.from,
        subject: role.id,
        data: { name: role.name, actions: role.actions, before: roles.get(role.id)?.actions ?? null },
      });
    });
    roles.put(role, at);
  }

  return {
    list: () => roles.all(),
    add: (by, input) =>
      model.inTurn(async () => {
        assertManagesCity(model, by.personId);
        assertNameFree(input.name, null);
        if (roles.all().length >= MOST_ROLES)
          throw new AppError('too-many-roles', 409, `There can be ${MOST_ROLES} roles.`, {
            most: MOST_ROLES,
          });
        const role: Role = { id: newId(clock.now()), builtIn: false, ...input };
        await store(by, role);
        return role;
      }),
    change: (by, id, input) =>
      model.inTurn(async () => {
        const before = roles.get(id);
        if (!before) throw notFound('role', id);
        if (before.builtIn)
          throw new AppError(
            'role-built-in',
            409,
            'A built-in role cannot be changed. Make one of your own.',
          );
        assertManagesCity(model, by.personId);
        assertNameFree(input.name, id);
        const holders = [
          ...new Set(grants.all().flatMap((grant) => (grant.roleId === id ? [grant.personId] : []))),
        ];
        const other = String(before.actions) !== String(input.actions);
        if (other && holders.includes(by.personId))
          throw new AppError(
            'no-self-grant',
            403,
            'You hold this role yourself. Ask another access administrator to change it.',
          );
        assertStillAdministered(model, { role: { id, actions: input.actions } });
        const role: Role = { id, builtIn: false, ...input };
        await store(by, role);
        if (other && holders.length > 0) rightsChanged(model, holders);
        return role;
      }),
  };
}
