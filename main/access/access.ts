import type { Kysely } from 'kysely';
import type { AuditLog } from '../audit/types.ts';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { PublicInfo, SessionInfo } from '../contract/access.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import type { Database } from '../storage/tables.ts';
import { closeDemoIfAdministered, type DemoOptions, type DemoState, demoAccounts, openDemo } from './demo.ts';
import { type FirstPassword, forgetFirstPassword, makeFirstPerson } from './first-person.ts';
import { createGate } from './gate.ts';
import { loadGrants } from './grant-book.ts';
import { createGrantsService, type GrantsService } from './grants-service.ts';
import { type AccessModel, applyGrants, endSessions } from './model.ts';
import { createPasswords } from './passwords.ts';
import { loadPeople } from './people.ts';
import { createPeopleService, type PeopleService } from './people-service.ts';
import { createPersonGate } from './person-gate.ts';
import { createQuestions, type Questions, type Watching } from './questions.ts';
import { createRights } from './rights.ts';
import { loadRoles } from './role-book.ts';
import { createRolesService, type RolesService } from './roles-service.ts';
import type { Geography } from './scope.ts';
import { loadSessions } from './sessions.ts';
import { createSignIn, type SignInService } from './sign-in.ts';
import { createThrottle } from './throttle.ts';
import type { AccessGate, PersonGate } from './types.ts';
import { createZone } from './zone.ts';

const HOUR = 3_600_000;

export interface AccessOptions {
  db: Kysely<Database>;
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
  audit: AuditLog;
  devices: DeviceRegistry;
  city: SessionInfo['city'];
  /** Null: no demonstration; its accounts, where there are any, are refused. */
  demo: DemoOptions | null;
  dataDir: string;
  /** Who looks at which camera now, for telling what a change would end. */
  watching: Watching;
  /** A session ends when unused for so long, and at the latest after so long. Default: a shift, a day. */
  sessionIdleMs?: number;
  sessionAbsoluteMs?: number;
  /** How often sessions that ran out are cleared away; they are refused from the moment they do. */
  housekeepingMs?: number;
}

export interface Access {
  gate: AccessGate;
  /** For background work, which outlives the session that ordered it. */
  personGate: PersonGate;
  signIn: SignInService;
  people: PeopleService;
  roles: RolesService;
  grants: GrantsService;
  questions: Questions;
  demoAccounts(): PublicInfo['demoAccounts'];
  /** Set at the start that made the first person; for the terminal, never for a log. */
  firstPassword: FirstPassword | null;
  /** Call before the audit log and the database are stopped. */
  stop(): Promise<void>;
}

/** People, sessions and rights. Needs the registry with its areas and devices already in memory. */
export async function createAccess(options: AccessOptions): Promise<Access> {
  const { db, clock, bus, log, audit, devices, city, demo, dataDir, watching } = options;
  const zone = createZone(city.timeZone);
  const geography: Geography = {
    okrugOfDistrict: (id) => devices.areas().find((area) => area.id === id)?.parentId ?? undefined,
    placeOf: (id) => devices.get(id),
  };
  const demoState: DemoState = { open: false, passwords: new Map() };
  const onChange: (() => void)[] = [];
  const { inTurn, idle } = oneByOne();
  const rights = createRights({
    ...{ clock, zone, geography, devices, bus },
    onTimePassed: () => {
      for (const listener of onChange) listener();
    },
  });
  const model: AccessModel = {
    ...{ db, clock, bus, log, audit, devices, geography, rights, inTurn, onChange },
    people: await loadPeople(db),
    roles: await loadRoles(db),
    grants: await loadGrants(db),
    sessions: await loadSessions({
      db,
      clock,
      idleMs: options.sessionIdleMs ?? 8 * HOUR,
      absoluteMs: options.sessionAbsoluteMs ?? 24 * HOUR,
    }),
    usable: (person) => !person.locked && (!person.demo || demoState.open),
  };
  for (const person of model.people.all()) applyGrants(model, person.id);

  const passwords = await createPasswords();
  if (demo) await openDemo(model, demoState, demo);
  onChange.push(() => closeDemoIfAdministered(model, demoState));
  const firstPassword = demoState.open ? null : await makeFirstPerson(model, passwords, dataDir);
  for (const person of model.people.all())
    if (!model.usable(person))
      await endSessions(model, model.sessions.of(person.id), person.demo ? 'demo-closed' : 'locked');

  const signIn = createSignIn(model, {
    passwords,
    throttle: createThrottle(clock),
    demoPassword: (login) => (demoState.open ? demoState.passwords.get(login) : undefined),
    onPasswordChanged: (person) => forgetFirstPassword(person, dataDir),
  });
  const grants = createGrantsService(model);

  async function keepHouse(): Promise<void> {
    await endSessions(model, model.sessions.expired(), 'expired');
    await model.sessions.save(false);
    await signIn.tellRefusals();
  }
  await keepHouse();
  let keeping = Promise.resolve();
  const housekeeping = setInterval(() => {
    keeping = keeping
      .then(keepHouse)
      .catch((error: unknown) => log.error({ err: messageOf(error) }, 'sessions could not be kept in order'));
  }, options.housekeepingMs ?? 5000);

  return {
    gate: createGate(model, city),
    personGate: createPersonGate(model),
    signIn,
    people: createPeopleService(model, { passwords, demoClosed: () => !demoState.open }),
    roles: createRolesService(model),
    grants,
    questions: createQuestions(model, { zone, watching, grantsService: grants }),
    demoAccounts: () => demoAccounts(demoState, model),
    firstPassword,
    async stop() {
      clearInterval(housekeeping);
      rights.stop();
      await keeping;
      await idle();
      await signIn.tellRefusals();
      await model.sessions.save(true);
    },
  };
}

/** Runs asynchronous work strictly one after the other. */
function oneByOne(): { inTurn: AccessModel['inTurn']; idle(): Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  return {
    inTurn(work) {
      const result = last.then(work);
      // Its own caller hears of the failure; the next one only waits for the end.
      last = result.catch(() => undefined);
      return result;
    },
    async idle() {
      await last;
    },
  };
}
