import { AppError, notFound } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Grant, GrantInput, GrantQuery, Scope } from '../contract/access.ts';
import { rightsOf } from './grant-book.ts';
import { type AccessModel, actorOf, rightsChanged } from './model.ts';
import { assertMayGive, assertStillAdministered } from './rules.ts';
import type { Viewer } from './types.ts';

/** A person's rights are compiled as one: this many grants are a mistake, not a job. */
const MOST_GRANTS = 500;

export interface GrantsService {
  list(query: GrantQuery): Promise<Grant[]>;
  /** The grant as it would be; nothing is stored. @throws as `add` does for what is not understood */
  draft(by: Viewer, input: GrantInput): Grant;
  /** @throws AppError `not-found`, `role-unknown`, `scope-unknown`, `until-past`, `denial-has-no-depth`, `too-many-grants`, `no-self-grant`, `may-not-give`, `last-administrator` */
  add(by: Viewer, input: GrantInput): Promise<Grant>;
  /** @throws AppError `not-found`, `no-self-grant`, `may-not-give`, `last-administrator` */
  end(by: Viewer, id: string): Promise<Grant>;
}

export function createGrantsService(model: AccessModel): GrantsService {
  const { db, clock, people, roles, grants, audit } = model;

  function draft(by: Viewer, input: GrantInput): Grant {
    const now = clock.now();
    if (!people.get(input.personId)) throw notFound('person', input.personId);
    if (!roles.get(input.roleId))
      throw new AppError('role-unknown', 400, `There is no role ${input.roleId}.`, { role: input.roleId });
    assertScopeExists(model, input.scope);
    const from = Math.max(now, input.from ?? now);
    if (input.until !== null && input.until <= from)
      throw new AppError('until-past', 400, 'The grant would end before it begins. Choose a later end.');
    if (input.effect === 'deny' && input.archiveHours !== null)
      throw new AppError(
        'denial-has-no-depth',
        400,
        'A denial takes the whole right away; give it without an archive depth.',
      );
    return {
      id: newId(now),
      ...input,
      from,
      grantedBy: by.personId,
      grantedAt: now,
      endedAt: null,
      endedBy: null,
    };
  }

  return {
    list: (query) => grants.list(query, clock.now()),
    draft,
    add: (by, input) =>
      model.inTurn(async () => {
        const grant = draft(by, input);
        if (grant.personId === by.personId) throw selfGrant();
        const actions = roles.get(grant.roleId)?.actions ?? [];
        assertMayGive(model, by.personId, actions, grant.scope);
        const own = grants.of(grant.personId);
        if (own.length >= MOST_GRANTS)
          throw new AppError(
            'too-many-grants',
            409,
            `One person can hold ${MOST_GRANTS} grants. End some first.`,
            {
              most: MOST_GRANTS,
            },
          );
        if (grant.effect === 'deny')
          assertStillAdministered(model, {
            grants: {
              personId: grant.personId,
              // As if it began now: what begins later must not lock everybody out then.
              grants: [...own, { ...grant, from: clock.now() }].flatMap(
                (one) => rightsOf(one, roles.get(one.roleId)) ?? [],
              ),
            },
          });
        await db.transaction().execute(async (trx) => {
          await grants.insert(trx, grant);
          await audit.append(trx, {
            kind: 'grant.added',
            person: actorOf(by),
            from: by.from,
            subject: grant.personId,
            data: { ...grant, actions },
          });
        });
        grants.put(grant);
        rightsChanged(model, [grant.personId]);
        return grant;
      }),
    end: (by, id) =>
      model.inTurn(async () => {
        const grant = grants.get(id);
        if (!grant) throw notFound('running grant', id);
        if (grant.personId === by.personId && grant.effect === 'deny') throw selfGrant();
        assertMayGive(model, by.personId, roles.get(grant.roleId)?.actions ?? [], grant.scope);
        const left = grants.of(grant.personId).filter((one) => one.id !== id);
        assertStillAdministered(model, {
          grants: {
            personId: grant.personId,
            grants: left.flatMap((one) => rightsOf(one, roles.get(one.roleId)) ?? []),
          },
        });
        const ended: Grant = { ...grant, endedAt: clock.now(), endedBy: by.personId };
        await db.transaction().execute(async (trx) => {
          await grants.end(trx, ended);
          await audit.append(trx, {
            kind: 'grant.ended',
            person: actorOf(by),
            from: by.from,
            subject: grant.personId,
            data: { id, roleId: grant.roleId, scope: grant.scope, effect: grant.effect },
          });
        });
        grants.put(ended);
        rightsChanged(model, [grant.personId]);
        return ended;
      }),
  };
}

const selfGrant = () =>
  new AppError('no-self-grant', 403, 'Nobody gives rights to himself. Ask another access administrator.');

/** @throws AppError `scope-unknown` */
function assertScopeExists({ devices }: AccessModel, scope: Scope): void {
  if (scope.type === 'city') return;
  const exists =
    scope.type === 'device'
      ? devices.get(scope.id) !== undefined
      : scope.type === 'group'
        ? devices.groups().some(({ id }) => id === scope.id)
        : devices.areas().some(({ id, level }) => id === scope.id && level === scope.type);
  if (!exists)
    throw new AppError('scope-unknown', 400, `There is no ${scope.type} ${scope.id}.`, {
      type: scope.type,
      id: scope.id,
    });
}
