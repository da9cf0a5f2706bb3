import { messageOf } from '../base/errors.ts';
import { BuiltInRoles, type PublicInfo, type Role, type Scope } from '../contract/access.ts';
import { addByHub, readablePassword } from './first-person.ts';
import { type AccessModel, endSessions } from './model.ts';
import type { PersonRecord } from './people.ts';
import { cityAdministrators } from './rules.ts';

export interface DemoOptions {
  /** The agency viewer sees only this okrug, so that rights can be seen at work. */
  viewerOkrugId: string;
}

/**
 * Whether demonstration accounts may be used. Their passwords are made anew at each start, kept in memory,
 * and shown on the sign-in page; none is stored.
 */
export interface DemoState {
  open: boolean;
  readonly passwords: Map<string, string>;
}

interface DemoAccount {
  login: string;
  roleId: string;
  name: string;
  unit: string;
  number: string;
}

/**
 * A role that is made, as a city would make it: no built-in one hears sound or takes copies without the mark.
 * The console words it by its id.
 */
const INVESTIGATOR: Role = {
  id: 'demo-investigator',
  builtIn: false,
  name: 'Investigator',
  actions: [...BuiltInRoles['police-supervisor'], 'video.audio', 'video.export-original'],
};

const ACCOUNTS: readonly DemoAccount[] = [
  ['viewer', 'agency-viewer', 'Орлова Анна Сергеевна', 'Управа района', 'Д-101'],
  ['officer', 'police-officer', 'Соколов Дмитрий Андреевич', 'Дежурная часть', 'Д-102'],
  ['supervisor', 'police-supervisor', 'Громова Елена Викторовна', 'Дежурная часть', 'Д-103'],
  ['investigator', INVESTIGATOR.id, 'Ершов Алексей Николаевич', 'Следственный отдел', 'Д-109'],
  ['wifi', 'wifi-technician', 'Тимофеев Павел Игоревич', 'Служба городского Wi-Fi', 'Д-104'],
  ['video', 'video-technician', 'Рябов Константин Олегович', 'Служба видеонаблюдения', 'Д-105'],
  ['access', 'access-administrator', 'Белова Марина Юрьевна', 'Отдел доступа', 'Д-106'],
  ['auditor', 'auditor', 'Зайцев Николай Петрович', 'Внутренний контроль', 'Д-107'],
  ['system', 'system-administrator', 'Крылов Артём Максимович', 'Отдел эксплуатации', 'Д-108'],
].map(([login = '', roleId = '', name = '', unit = '', number = '']) => ({
  login,
  roleId,
  name,
  unit,
  number,
}));

/** Who really administers: not an account of the demonstration, nor the first one that nobody ever used. */
const realAdministrators = (model: AccessModel): PersonRecord[] =>
  cityAdministrators(model).filter(
    ({ demo, createdBy, lastSignInAt }) => !demo && (createdBy !== null || lastSignInAt !== null),
  );

/** Opens the demonstration, unless somebody really administers this hub, or did once. */
export async function openDemo(
  model: AccessModel,
  state: DemoState,
  { viewerOkrugId }: DemoOptions,
): Promise<void> {
  const known = model.people.all().filter(({ demo }) => demo);
  const over = known.length > 0 && known.every(({ locked }) => locked);
  if (over || realAdministrators(model).length > 0) return;
  await makeInvestigators(model);
  for (const account of ACCOUNTS) {
    const taken = model.people.byLogin(account.login);
    if (taken && !taken.demo) continue;
    if (!taken) {
      const scope: Scope =
        account.login === 'viewer' ? { type: 'okrug', id: viewerOkrugId } : { type: 'city' };
      const { roleId, ...person } = account;
      await addByHub(model, {
        ...person,
        demo: true,
        passwordHash: '',
        basis: 'Демонстрация',
        grants: [{ roleId, scope }],
      });
    }
    state.passwords.set(account.login, readablePassword());
  }
  state.open = true;
}

/** Once, on record; what somebody made of the role since stays. */
async function makeInvestigators({ db, clock, roles, audit }: AccessModel): Promise<void> {
  if (roles.get(INVESTIGATOR.id)) return;
  const at = clock.now();
  const { id, name, actions } = INVESTIGATOR;
  await db.transaction().execute(async (trx) => {
    await roles.insert(trx, INVESTIGATOR, at);
    await audit.append(trx, {
      ...{ kind: 'role.changed', person: null, from: '', subject: id },
      data: { name, actions, before: null },
    });
  });
  roles.put(INVESTIGATOR, at);
}

/**
 * Closes the demonstration for good as soon as somebody really administers the hub: at once in memory, then
 * every account of it is locked, on record.
 */
export function closeDemoIfAdministered(model: AccessModel, state: DemoState): void {
  if (!state.open || realAdministrators(model).length === 0) return;
  state.open = false;
  state.passwords.clear();
  model
    .inTurn(async () => {
      const accounts = model.people.all().filter(({ demo }) => demo);
      const sessions = accounts.flatMap(({ id }) => model.sessions.of(id));
      await endSessions(model, sessions, 'demo-closed');
      await model.db.transaction().execute(async (trx) => {
        for (const person of accounts) {
          if (person.locked) continue;
          await model.people.update(trx, { ...person, locked: true });
          await model.audit.append(trx, {
            kind: 'person.changed',
            person: null,
            from: '',
            subject: person.id,
            data: { changed: ['locked'], locked: true, reason: 'demo-closed' },
          });
        }
      });
      for (const person of accounts) model.people.put({ ...person, locked: true });
    })
    .catch((error: unknown) =>
      model.log.error({ err: messageOf(error) }, 'the demonstration accounts could not be locked'),
    );
}

/** What the sign-in page shows. */
export const demoAccounts = (state: DemoState, model: AccessModel): PublicInfo['demoAccounts'] =>
  ACCOUNTS.flatMap(({ login, roleId, name }) => {
    const password = state.passwords.get(login);
    const person = model.people.byLogin(login);
    return state.open && password !== undefined && person && !person.locked
      ? [{ login, password, roleId, name }]
      : [];
  });
