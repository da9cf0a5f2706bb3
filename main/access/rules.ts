import { AppError } from '../base/errors.ts';
import { type Action, AdministrationActions, type Scope } from '../contract/access.ts';
import { rightsOf } from './grant-book.ts';
import { inDates, type RightsGrant } from './may.ts';
import type { AccessModel } from './model.ts';
import type { PersonRecord } from './people.ts';
import { type Geography, scopeContains, scopesApart } from './scope.ts';

const CITY: Scope = { type: 'city' };

/** Do these grants, all in force, let their holder manage rights in the whole of a scope? */
export function managesAll(grants: readonly RightsGrant[], scope: Scope, geography: Geography): boolean {
  const about = grants.filter(({ actions }) => actions.has('access.manage'));
  return (
    about.some((grant) => grant.effect === 'allow' && scopeContains(grant.scope, scope, geography)) &&
    about.every((grant) => grant.effect === 'allow' || scopesApart(grant.scope, scope, geography))
  );
}

/**
 * May this person give or end a right to these actions in this scope? Rights over the hub itself only by who
 * manages rights in the whole city.
 */
export function mayGive(
  { rights, geography }: AccessModel,
  personId: string,
  actions: readonly Action[],
  scope: Scope,
): boolean {
  const overHub = AdministrationActions.some((action) => actions.includes(action));
  return managesAll(rights.grantsInForce(personId), overHub ? CITY : scope, geography);
}

/** @throws AppError `may-not-give` */
export function assertMayGive(
  model: AccessModel,
  personId: string,
  actions: readonly Action[],
  scope: Scope,
): void {
  if (!mayGive(model, personId, actions, scope))
    throw new AppError(
      'may-not-give',
      403,
      'You may give and end only rights over what you manage yourself. Ask an access administrator of the whole city.',
    );
}

/**
 * May `actor` lock this person or set his password? Whoever can take an account over has its rights, so he
 * must be able to give every one of them.
 * @throws AppError `may-not-manage-person`
 */
export function assertMayManage(model: AccessModel, actorId: string, person: PersonRecord): void {
  const everything = model.grants.of(person.id).every((grant) => {
    const role = model.roles.get(grant.roleId);
    return mayGive(model, actorId, role?.actions ?? [], grant.scope);
  });
  if (!everything)
    throw new AppError(
      'may-not-manage-person',
      403,
      'This person has rights that you do not manage. Ask an access administrator of the whole city.',
    );
}

/** @throws AppError `not-city-administrator` */
export function assertManagesCity({ rights, geography }: AccessModel, personId: string): void {
  if (!managesAll(rights.grantsInForce(personId), CITY, geography))
    throw new AppError(
      'not-city-administrator',
      403,
      'Only an access administrator of the whole city may do this.',
    );
}

/** What would be other than it is now. */
export interface Supposition {
  /** This person's grants would be these. */
  grants?: { personId: string; grants: readonly RightsGrant[] };
  /** This role would open these actions. */
  role?: { id: string; actions: readonly Action[] };
  /** This person could no longer sign in. */
  lockedId?: string;
}

/** People who manage rights in the whole city now, or would. */
export function cityAdministrators(model: AccessModel, supposed: Supposition = {}): PersonRecord[] {
  const now = model.clock.now();
  return model.people.all().filter((person) => {
    if (!model.usable(person) || person.id === supposed.lockedId) return false;
    const own =
      supposed.grants?.personId === person.id
        ? supposed.grants.grants
        : model.grants.of(person.id).flatMap((grant) => rightsOf(grant, model.roles.get(grant.roleId)) ?? []);
    const { role } = supposed;
    const grants = role
      ? own.map((grant) => (grant.roleId === role.id ? { ...grant, actions: new Set(role.actions) } : grant))
      : own;
    return managesAll(
      grants.filter((grant) => inDates(grant, now)),
      CITY,
      model.geography,
    );
  });
}

/**
 * A hub that nobody administers any more could not be helped from the console.
 * @throws AppError `last-administrator`
 */
export function assertStillAdministered(model: AccessModel, supposed: Supposition): void {
  if (cityAdministrators(model).length > 0 && cityAdministrators(model, supposed).length === 0)
    throw new AppError(
      'last-administrator',
      409,
      'This would leave nobody who manages rights in the whole city. Give that right to somebody else first.',
    );
}
