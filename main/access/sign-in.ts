import { timingSafeEqual } from 'node:crypto';
import { AppError } from '../base/errors.ts';
import type { PasswordChange, SignInInput } from '../contract/access.ts';
import { type AccessModel, actorOf, endSessions } from './model.ts';
import type { Passwords } from './passwords.ts';
import type { PersonRecord } from './people.ts';
import { assertPasswordFits } from './people-service.ts';
import { addressKey, type Throttle } from './throttle.ts';
import type { Viewer } from './types.ts';

const MOST_SESSIONS = 20;
const MOST_ADDRESSES_TOLD = 1000;

export interface SignInService {
  /**
   * Opens a session; one that the same browser still has (`replaces`, its token) is ended.
   * @throws AppError `too-many-attempts` (429, `retryAfterS`), `wrong-credentials`, `account-locked`, `demo-closed`, `busy`
   */
  signIn(
    input: SignInInput,
    from: string,
    replaces: string | undefined,
  ): Promise<{ token: string; viewer: Viewer; expiresAt: number }>;
  signOut(viewer: Viewer): Promise<void>;
  /** Ends the person's other sessions. @throws AppError `wrong-credentials`, `too-many-attempts`, `password-weak`, `demo-account` */
  changePassword(viewer: Viewer, change: PasswordChange): Promise<void>;
  /** Puts on record what was refused without a look at the password: one entry an address. */
  tellRefusals(): Promise<void>;
}

export function createSignIn(
  model: AccessModel,
  {
    passwords,
    throttle,
    demoPassword,
    onPasswordChanged,
  }: {
    passwords: Passwords;
    throttle: Throttle;
    /** Of a demonstration account, while the demonstration is open. */
    demoPassword: (login: string) => string | undefined;
    onPasswordChanged: (person: PersonRecord) => Promise<void>;
  },
): SignInService {
  const { db, clock, people, sessions, audit } = model;
  let refusals = new Map<string, { count: number; logins: Set<string> }>();

  /** Somebody may have typed a password for a login: of a login that nobody has, only its beginning is kept. */
  const tellable = (login: string) => (people.byLogin(login) ? login : `${login.slice(0, 2)}…`);

  function admit(login: string, from: string): { succeeded(): void } {
    const attempt = throttle.attempt(login, from);
    if (attempt.admitted) return attempt;
    const address = addressKey(from);
    const told = refusals.get(address) ?? { count: 0, logins: new Set<string>() };
    told.count += 1;
    if (told.logins.size < 5) told.logins.add(tellable(login));
    if (refusals.size < MOST_ADDRESSES_TOLD || refusals.has(address)) refusals.set(address, told);
    throw new AppError(
      'too-many-attempts',
      429,
      `Too many failed attempts. Try again in ${attempt.retryAfterS} s.`,
      { retryAfterS: attempt.retryAfterS },
    );
  }

  async function passwordFits(person: PersonRecord | undefined, password: string): Promise<boolean> {
    if (!person?.demo) return passwords.verify(person?.passwordHash, password);
    const open = demoPassword(person.login);
    return open !== undefined && sameText(open, password);
  }

  async function refuse(login: string, from: string, person: PersonRecord | undefined, reason: string) {
    await audit.record({
      kind: 'session.refused',
      person: null,
      from,
      subject: person?.id ?? '',
      data: { login: tellable(login), reason },
    });
  }

  const wrongCredentials = () =>
    new AppError(
      'wrong-credentials',
      401,
      'Login or password is wrong. Check both, and the keyboard layout.',
    );

  return {
    async signIn(input, from, replaces) {
      const login = input.login.trim().toLowerCase();
      const attempt = admit(login, from);
      const person = people.byLogin(login);
      const fits = await passwordFits(person, input.password);
      if (person?.demo && demoPassword(login) === undefined) {
        await refuse(login, from, person, 'demo-closed');
        throw new AppError('demo-closed', 403, 'The demonstration is over: its accounts are closed.');
      }
      if (!person || !fits) {
        await refuse(login, from, person, 'wrong-credentials');
        throw wrongCredentials();
      }
      attempt.succeeded();
      const newHash =
        person.passwordHash && passwords.outdated(person.passwordHash)
          ? await passwords.hash(input.password)
          : null;
      return model.inTurn(async () => {
        const current = people.get(person.id) ?? person;
        if (!model.usable(current)) {
          await refuse(login, from, current, current.locked ? 'account-locked' : 'demo-closed');
          throw current.locked && !current.demo
            ? new AppError('account-locked', 403, 'This account is locked. Ask your access administrator.')
            : new AppError('demo-closed', 403, 'The demonstration is over: its accounts are closed.');
        }
        // While the hash was being checked the password may have become another one.
        if (current.passwordHash !== person.passwordHash) throw wrongCredentials();
        const signedIn: PersonRecord = {
          ...current,
          lastSignInAt: clock.now(),
          passwordHash: newHash ?? current.passwordHash,
        };
        const { token, session } = sessions.make(person.id, from);
        await db.transaction().execute(async (trx) => {
          await people.update(trx, signedIn);
          await sessions.insert(trx, session);
          await audit.append(trx, {
            kind: 'session.sign-in',
            person: { id: person.id, name: current.name },
            from,
            subject: person.id,
            data: { session: session.id },
          });
        });
        people.put(signedIn);
        sessions.add(session);
        const replaced = replaces === undefined ? undefined : sessions.use(replaces);
        const over = new Set(sessions.of(person.id).slice(0, -MOST_SESSIONS));
        if (replaced) over.add(replaced);
        await endSessions(model, [...over], 'signed-out');
        for (const listener of model.onChange) listener();
        const viewer: Viewer = {
          sessionId: session.id,
          personId: person.id,
          name: current.name,
          login: current.login,
          from,
        };
        return { token, viewer, expiresAt: session.expiresAt };
      });
    },
    async signOut(viewer) {
      const session = sessions.get(viewer.sessionId);
      if (session) await endSessions(model, [session], 'signed-out');
    },
    async changePassword(viewer, change) {
      const attempt = admit(viewer.login, viewer.from);
      const person = people.get(viewer.personId);
      if (person?.demo)
        throw new AppError('demo-account', 409, 'The password of a demonstration account cannot be changed.');
      if (!person || !(await passwords.verify(person.passwordHash, change.old))) {
        await refuse(viewer.login, viewer.from, person, 'wrong-old-password');
        throw wrongCredentials();
      }
      attempt.succeeded();
      assertPasswordFits(change.new, person.login);
      const passwordHash = await passwords.hash(change.new);
      await model.inTurn(async () => {
        const current = people.get(person.id) ?? person;
        if (current.passwordHash !== person.passwordHash) throw wrongCredentials();
        const changed: PersonRecord = { ...current, passwordHash };
        await db.transaction().execute(async (trx) => {
          await people.update(trx, changed);
          await audit.append(trx, {
            kind: 'person.changed',
            person: actorOf(viewer),
            from: viewer.from,
            subject: person.id,
            data: { changed: ['password'] },
          });
        });
        people.put(changed);
        const others = sessions.of(person.id).filter(({ id }) => id !== viewer.sessionId);
        await endSessions(model, others, 'signed-out', viewer);
      });
      await onPasswordChanged(person);
    },
    async tellRefusals() {
      const telling = refusals;
      refusals = new Map();
      for (const [from, { count, logins }] of telling)
        await audit.record({
          kind: 'session.refused',
          person: null,
          from,
          subject: '',
          data: { reason: 'too-many-attempts', count, logins: [...logins] },
        });
    },
  };
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
