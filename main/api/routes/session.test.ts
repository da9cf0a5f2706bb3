import { existsSync, readFileSync, statSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../../../tests/support/eventually.ts';
import { COOKIE, PASSWORD, startTestHub, type TestHub } from './access-test-hub.ts';

const HOUR = 3_600_000;
let hub: TestHub;
afterEach(() => hub.stop());

const wrong = { login: 'admin', password: 'not the password' };

test('the first start makes one person with both administrator roles; the password is in a private file', async () => {
  hub = await startTestHub();
  const first = hub.access.firstPassword;
  if (!first) throw new Error('no first person');
  expect(statSync(first.file).mode & 0o777).toBe(0o600);
  expect(readFileSync(first.file, 'utf8')).toBe(`admin\n${first.password}\n`);
  const answer = await hub.call(null, 'POST', '/api/session', { login: ' Admin ', password: first.password });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    person: { login: 'admin' },
    roles: [{ id: 'access-administrator' }, { id: 'system-administrator' }],
    actions: ['device.view', 'device.edit', 'access.manage', 'system.configure'],
    city: { id: 'moscow' },
    liveWindowMs: 60_000,
  });
  expect(answer.headers['set-cookie']).toMatch(
    new RegExp(`^${COOKIE}=[\\w-]{43}; Path=/; Expires=.*; HttpOnly; SameSite=Strict$`),
  );
  expect(hub.access.demoAccounts()).toEqual([]);
  await hub.restart();
  expect(hub.access.firstPassword).toBeNull();
});

test('by TLS the cookie never goes without it', async () => {
  hub = await startTestHub({ secure: true });
  const password = hub.access.firstPassword?.password;
  const answer = await hub.call(null, 'POST', '/api/session', { login: 'admin', password });
  expect(answer.headers['set-cookie']).toContain('; Secure');
});

test('passwords are stored as argon2id by the parameters of OWASP, tokens as their hash only', async () => {
  hub = await startTestHub();
  const cookie = await hub.admin();
  const { password_hash } = await hub.storage.db
    .selectFrom('people')
    .select('password_hash')
    .executeTakeFirstOrThrow();
  expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const sessions = await hub.storage.db.selectFrom('sessions').selectAll().execute();
  expect(sessions).toHaveLength(1);
  expect(JSON.stringify(sessions)).not.toContain(cookie.split('=')[1]);
});

test('a wrong password and an unknown login are refused alike and on record, without what was typed', async () => {
  hub = await startTestHub();
  const known = await hub.call(null, 'POST', '/api/session', wrong);
  const unknown = await hub.call(null, 'POST', '/api/session', {
    login: 'my-secret-password',
    password: 'x',
  });
  expect([known.status, unknown.status]).toEqual([401, 401]);
  expect(known.body).toEqual(unknown.body);
  const entries = await hub.entries('session.refused');
  expect(entries.map(({ data }) => data.login)).toEqual(['my…', 'admin']);
  expect(JSON.stringify(entries)).not.toContain('not the password');
  expect((await hub.call(null, 'GET', '/api/session')).status).toBe(401);
  expect((await hub.call(`${COOKIE}=${'x'.repeat(5000)}`, 'GET', '/api/session')).status).toBe(401);
  const malformed = await hub.call(null, 'POST', '/api/session', { login: 'admin' });
  expect(malformed).toMatchObject({ status: 400, body: { code: 'bad-request' } });
});

test('guessing is slowed down from where it comes, and every refusal is counted on record', async () => {
  hub = await startTestHub();
  const ask = (body: object, from: string) => hub.call(null, 'POST', '/api/session', body, from);
  for (let i = 0; i < 3; i += 1) expect((await ask(wrong, '10.6.6.6')).status).toBe(401);
  const refused = await ask(wrong, '10.6.6.6');
  expect(refused).toMatchObject({
    status: 429,
    body: { code: 'too-many-attempts', params: { retryAfterS: 1 } },
  });
  expect(refused.headers['retry-after']).toBe('1');
  const right = { login: 'admin', password: hub.access.firstPassword?.password };
  expect((await ask(right, '10.6.6.6')).status).toBe(429);
  expect((await ask(right, '10.0.0.7')).status).toBe(200);
  hub.clock.advance(1000);
  expect((await ask(right, '10.6.6.6')).status).toBe(200);
  await hub.access.signIn.tellRefusals();
  const told = (await hub.entries('session.refused')).filter(
    ({ data }) => data.reason === 'too-many-attempts',
  );
  expect(told.length).toBeGreaterThan(0);
  for (const entry of told) expect(entry).toMatchObject({ from: '10.6.6.6', data: { logins: ['admin'] } });
  // On a slow machine the service may have told of the first by itself before.
  expect(told.reduce((sum, { data }) => sum + Number(data.count), 0)).toBe(2);
});

test('many guesses at the same moment gain nothing', async () => {
  hub = await startTestHub();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => hub.call(null, 'POST', '/api/session', wrong)),
  );
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(3);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(17);
});

test('signing out ends the session at once', async () => {
  hub = await startTestHub();
  const cookie = await hub.admin();
  const viewer = hub.access.gate.authenticate(cookie.split('=')[1] ?? '', '10.0.0.1');
  if (!viewer) throw new Error('signed in');
  const answer = await hub.call(cookie, 'DELETE', '/api/session');
  expect(answer.status).toBe(204);
  expect(answer.headers['set-cookie']).toContain(`${COOKIE}=; `);
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(401);
  expect(hub.access.gate.alive(viewer)).toBe(false);
  expect(hub.access.gate.may(viewer, 'access.manage', null)).toEqual({
    allowed: false,
    reason: 'session-ended',
  });
  expect(hub.access.gate.visible(viewer, 'device.view').size).toBe(0);
  expect(hub.access.gate.rightsVersion(viewer)).toBe(Number.MAX_SAFE_INTEGER);
  expect(hub.told.at(-1)).toMatchObject({ ended: { sessionId: viewer.sessionId, reason: 'signed-out' } });
  expect(await hub.entries('session.sign-out')).toHaveLength(1);
  expect(await hub.storage.db.selectFrom('sessions').selectAll().execute()).toEqual([]);
});

test('signing in anew ends the session that the browser still had', async () => {
  hub = await startTestHub();
  const before = await hub.admin();
  const password = hub.access.firstPassword?.password;
  const answer = await hub.call(before, 'POST', '/api/session', { login: 'admin', password });
  const after = String(answer.headers['set-cookie']).split(';')[0] ?? '';
  expect((await hub.call(before, 'GET', '/api/session')).status).toBe(401);
  expect((await hub.call(after, 'GET', '/api/session')).status).toBe(200);
});

test('a person has at most twenty sessions; the oldest goes', async () => {
  hub = await startTestHub();
  const cookies: string[] = [];
  for (let i = 0; i < 21; i += 1) cookies.push(await hub.admin());
  const states = await Promise.all(cookies.map((cookie) => hub.call(cookie, 'GET', '/api/session')));
  expect(states.map(({ status }) => status)).toEqual([401, ...Array<number>(20).fill(200)]);
});

test('sessions survive a restart of the hub; a clock that was set neither ends nor prolongs them', async () => {
  hub = await startTestHub();
  const cookie = await hub.admin();
  hub.clock.jump(30 * 24 * HOUR);
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(200);
  hub.clock.jump(-60 * 24 * HOUR);
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(200);
  await hub.restart();
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(200);
  hub.clock.advance(8 * HOUR);
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(401);
});

test('a session ends a day after sign-in however much it is used, and when it was not used for a shift', async () => {
  hub = await startTestHub();
  const cookie = await hub.admin();
  for (let hours = 0; hours < 21; hours += 7) {
    hub.clock.advance(7 * HOUR);
    expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(200);
  }
  hub.clock.advance(3 * HOUR);
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(401);
  await eventually(async () => expect(await hub.entries('session.ended')).toHaveLength(1));
  expect(hub.told.at(-1)).toMatchObject({ ended: { reason: 'expired' } });

  const idle = await hub.admin();
  hub.clock.advance(4 * HOUR);
  await hub.restart();
  hub.clock.advance(4 * HOUR);
  expect((await hub.call(idle, 'GET', '/api/session')).status).toBe(401);
});

test('a session that ran out while the hub was down is cleared at its start', async () => {
  hub = await startTestHub();
  const cookie = await hub.admin();
  hub.clock.advance(25 * HOUR);
  await hub.restart();
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(401);
  expect(await hub.storage.db.selectFrom('sessions').selectAll().execute()).toEqual([]);
});

test("one's own password changes with the old one; other sessions end and the first-password file goes", async () => {
  hub = await startTestHub();
  const cookie = await hub.admin();
  const other = await hub.admin();
  const first = hub.access.firstPassword;
  if (!first) throw new Error('no first person');
  const change = (old: string, next: string) =>
    hub.call(cookie, 'PUT', '/api/session/password', { old, new: next });
  expect((await change('not the old one', PASSWORD)).body).toMatchObject({ code: 'wrong-credentials' });
  expect((await change(first.password, 'admin-12345')).body).toMatchObject({ code: 'password-weak' });
  expect((await change(first.password, 'short')).status).toBe(400);
  expect((await change(first.password, PASSWORD)).status).toBe(204);
  expect(existsSync(first.file)).toBe(false);
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(200);
  expect((await hub.call(other, 'GET', '/api/session')).status).toBe(401);
  await expect(hub.signIn('admin', first.password)).rejects.toThrow(/wrong-credentials/);
  await hub.signIn('admin', PASSWORD);
  expect((await hub.entries('person.changed'))[0]?.data).toEqual({ changed: ['password'] });
});

test('locking ends sessions at once; the right password of a locked account says why, a wrong one does not', async () => {
  hub = await startTestHub();
  const admin = await hub.admin();
  const person = await hub.person(admin, 'ivanov');
  const cookie = await hub.signIn('ivanov');
  const lock = await hub.call(admin, 'PATCH', `/api/access/people/${person.id}`, { locked: true });
  expect(lock).toMatchObject({ status: 200, body: { locked: true } });
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(401);
  expect(hub.told).toContainEqual({
    ended: { sessionId: expect.any(String), personId: person.id, reason: 'locked' },
  });
  await expect(hub.signIn('ivanov')).rejects.toThrow(/account-locked/);
  await expect(hub.signIn('ivanov', 'not the password')).rejects.toThrow(/wrong-credentials/);
  await hub.restart();
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(401);
  const again = await hub.admin();
  await hub.call(again, 'PATCH', `/api/access/people/${person.id}`, { locked: false });
  await hub.signIn('ivanov');
});

test('a full disk is told as such, and what was refused is not there', async () => {
  hub = await startTestHub();
  const cookie = await hub.admin();
  const { db } = hub.storage;
  const pages = await sql<{ page_count: number }>`pragma page_count`.execute(db);
  await sql`pragma max_page_count = ${sql.lit(pages.rows[0]?.page_count ?? 0)}`.execute(db);
  const add = (count: number) =>
    hub.call(cookie, 'POST', '/api/access/people', {
      login: `p${count}`,
      name: 'x'.repeat(200),
      password: PASSWORD,
    });
  let count = 1;
  let answer = await add(count);
  while (answer.status === 201 && count < 40) {
    count += 1;
    answer = await add(count);
  }
  expect(answer).toMatchObject({ status: 507, body: { code: 'hub-disk-full' } });
  await sql`pragma max_page_count = 1000000`.execute(db);
  expect((await add(count)).status).toBe(201);
});
