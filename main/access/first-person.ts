import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../base/ids.ts';
import type { Grant } from '../contract/access.ts';
import { type AccessModel, applyGrants, HUB_ID } from './model.ts';
import type { Passwords } from './passwords.ts';
import type { PersonRecord } from './people.ts';

export interface FirstPassword {
  login: string;
  password: string;
  /** Only its owner can read it. */
  file: string;
}

const FIRST_LOGIN = 'admin';
const passwordFile = (dataDir: string) => join(dataDir, 'first-password.txt');

/**
 * Makes the first person, with both administrator roles in the whole city, where there is nobody yet.
 * The password is in a file that only the owner can read, and in what is returned; nowhere else.
 */
export async function makeFirstPerson(
  model: AccessModel,
  passwords: Passwords,
  dataDir: string,
): Promise<FirstPassword | null> {
  if (model.people.all().some(({ demo }) => !demo)) return null;
  const password = readablePassword();
  const file = passwordFile(dataDir);
  // The file first: a person whose password nobody knows would lock the hub for good.
  await rm(file, { force: true });
  await writeFile(file, `${FIRST_LOGIN}\n${password}\n`, { mode: 0o600, flag: 'wx' });
  await addByHub(model, {
    ...{ login: FIRST_LOGIN, name: 'Администратор', unit: '', number: '', demo: false },
    passwordHash: await passwords.hash(password),
    basis: 'Первый запуск',
    grants: [
      { roleId: 'access-administrator', scope: { type: 'city' } },
      { roleId: 'system-administrator', scope: { type: 'city' } },
    ],
  });
  return { login: FIRST_LOGIN, password, file };
}

/** Takes the file away once its password is not the first person's any more. */
export async function forgetFirstPassword(person: PersonRecord, dataDir: string): Promise<void> {
  if (person.login === FIRST_LOGIN && person.createdBy === null)
    await rm(passwordFile(dataDir), { force: true });
}

/** A person whom the hub makes on its own, with grants, on record. */
export async function addByHub(
  model: AccessModel,
  input: Pick<PersonRecord, 'login' | 'name' | 'unit' | 'number' | 'demo' | 'passwordHash'> & {
    basis: string;
    grants: readonly Pick<Grant, 'roleId' | 'scope'>[];
  },
): Promise<PersonRecord> {
  const { db, clock, people, grants, audit } = model;
  const now = clock.now();
  const { basis, grants: given, ...rest } = input;
  const person: PersonRecord = {
    ...rest,
    ...{ id: newId(now), locked: false, createdAt: now, createdBy: null, lastSignInAt: null },
  };
  const made: Grant[] = given.map((grant) => ({
    ...grant,
    ...{ id: newId(now), personId: person.id, effect: 'allow', from: now, until: null, weekly: null },
    ...{ archiveHours: null, basis, grantedBy: HUB_ID, grantedAt: now, endedAt: null, endedBy: null },
  }));
  await db.transaction().execute(async (trx) => {
    await people.insert(trx, person);
    const { login, name, unit, number, demo } = person;
    await audit.append(trx, {
      ...{ kind: 'person.added', person: null, from: '', subject: person.id },
      data: { login, name, unit, number, demo },
    });
    for (const grant of made) {
      await grants.insert(trx, grant);
      await audit.append(trx, {
        ...{ kind: 'grant.added', person: null, from: '', subject: person.id },
        data: { ...grant, actions: model.roles.get(grant.roleId)?.actions ?? [] },
      });
    }
  });
  people.put(person);
  for (const grant of made) grants.put(grant);
  applyGrants(model, person.id);
  return person;
}

/** 100 random bits in letters and digits that can't be taken for one another, in groups of five. */
export function readablePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789x';
  const text = [...randomBytes(20)].map((byte) => letters[byte & 31]).join('');
  return text.match(/.{5}/g)?.join('-') ?? text;
}
