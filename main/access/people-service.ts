import { AppError, notFound } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Person, PersonInput, PersonPatch } from '../contract/access.ts';
import { type AccessModel, actorOf, endSessions, rightsChanged } from './model.ts';
import type { Passwords } from './passwords.ts';
import type { PersonRecord } from './people.ts';
import { assertMayManage, assertStillAdministered } from './rules.ts';
import type { Viewer } from './types.ts';

export interface PeopleService {
  /** Everybody, by name. */
  list(): Person[];
  /** @throws AppError `login-taken`, `password-weak` */
  add(by: Viewer, input: PersonInput): Promise<Person>;
  /** Locking and a new password end the person's sessions at once. @throws AppError `not-found`, `not-yourself`, `may-not-manage-person`, `demo-account`, `demo-closed`, `last-administrator`, `password-weak` */
  change(by: Viewer, id: string, patch: PersonPatch): Promise<Person>;
}

export function createPeopleService(
  model: AccessModel,
  { passwords, demoClosed }: { passwords: Passwords; demoClosed: () => boolean },
): PeopleService {
  const { db, clock, people, grants, audit } = model;

  const view = (person: PersonRecord): Person => ({
    id: person.id,
    login: person.login,
    name: person.name,
    unit: person.unit,
    number: person.number,
    locked: person.locked,
    demo: person.demo,
    createdAt: person.createdAt,
    lastSignInAt: person.lastSignInAt,
    activeGrants: grants.of(person.id).filter(({ until }) => until === null || until > clock.now()).length,
  });

  return {
    list: () =>
      people
        .all()
        .map(view)
        .sort((a, b) => a.name.localeCompare(b.name, 'ru')),
    async add(by, input) {
      assertPasswordFits(input.password, input.login);
      const passwordHash = await passwords.hash(input.password);
      return model.inTurn(async () => {
        if (people.byLogin(input.login))
          throw new AppError('login-taken', 409, `Somebody signs in as ${input.login} already.`, {
            login: input.login,
          });
        const now = clock.now();
        const { login, name, unit, number } = input;
        const person: PersonRecord = {
          ...{ id: newId(now), login, name, unit, number, passwordHash },
          ...{ locked: false, demo: false, createdAt: now, createdBy: by.personId, lastSignInAt: null },
        };
        await db.transaction().execute(async (trx) => {
          await people.insert(trx, person);
          await audit.append(trx, {
            kind: 'person.added',
            person: actorOf(by),
            from: by.from,
            subject: person.id,
            data: { login, name, unit, number },
          });
        });
        people.put(person);
        return view(person);
      });
    },
    async change(by, id, patch) {
      const known = people.get(id);
      if (!known) throw notFound('person', id);
      if (patch.password !== undefined) assertPasswordFits(patch.password, known.login);
      const passwordHash = patch.password === undefined ? null : await passwords.hash(patch.password);
      return model.inTurn(async () => {
        const before = people.get(id) ?? known;
        assertMayChange(by, before, patch);
        const after: PersonRecord = {
          ...before,
          name: patch.name ?? before.name,
          unit: patch.unit ?? before.unit,
          number: patch.number ?? before.number,
          locked: patch.locked ?? before.locked,
          passwordHash: passwordHash ?? before.passwordHash,
        };
        const changed = (['name', 'unit', 'number', 'locked', 'passwordHash'] as const).filter(
          (field) => before[field] !== after[field],
        );
        if (changed.length === 0) return view(before);
        await db.transaction().execute(async (trx) => {
          await people.update(trx, after);
          await audit.append(trx, {
            kind: 'person.changed',
            person: actorOf(by),
            from: by.from,
            subject: id,
            data: {
              changed: changed.map((field) => (field === 'passwordHash' ? 'password' : field)),
              name: after.name,
              locked: after.locked,
            },
          });
        });
        people.put(after);
        const lockChanged = changed.includes('locked');
        if ((lockChanged && after.locked) || changed.includes('passwordHash'))
          await endSessions(model, model.sessions.of(id), after.locked ? 'locked' : 'signed-out', by);
        if (lockChanged) rightsChanged(model, [id]);
        return view(after);
      });
    },
  };

  function assertMayChange(by: Viewer, person: PersonRecord, patch: PersonPatch): void {
    if (person.id === by.personId && (patch.locked !== undefined || patch.password !== undefined))
      throw new AppError(
        'not-yourself',
        409,
        'You cannot lock yourself, and you change your own password under your name, with the old one.',
      );
    assertMayManage(model, by.personId, person);
    if (person.demo && patch.password !== undefined)
      throw new AppError('demo-account', 409, 'The password of a demonstration account cannot be set.');
    if (person.demo && patch.locked === false && demoClosed())
      throw new AppError('demo-closed', 409, 'The demonstration is over; its accounts stay closed.');
    if (patch.locked === true) assertStillAdministered(model, { lockedId: person.id });
  }
}

/** @throws AppError `password-weak` for what guessing tries first */
export function assertPasswordFits(password: string, login: string): void {
  if (password.toLowerCase().includes(login) || new Set(password).size < 4)
    throw new AppError(
      'password-weak',
      400,
      'This password is easy to guess. Use one without the login and with more different characters.',
    );
}
