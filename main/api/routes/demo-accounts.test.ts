import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../../../tests/support/eventually.ts';
import type { Grant, Person } from '../../contract/access.ts';
import { PASSWORD, startTestHub, type TestHub } from './access-test-hub.ts';

let hub: TestHub;
afterEach(() => hub.stop());

const passwordOf = (login: string) =>
  hub.access.demoAccounts().find((account) => account.login === login)?.password ?? '';
const signIn = (login: string) => hub.signIn(login, passwordOf(login));
const actionsOf = async (cookie: string) =>
  ((await hub.call(cookie, 'GET', '/api/session')).body as { actions: string[] }).actions;

test('the demonstration has an account for each role, and no other administrator', async () => {
  hub = await startTestHub({ demo: true });
  expect(hub.access.firstPassword).toBeNull();
  expect(existsSync(join(hub.dir, 'first-password.txt'))).toBe(false);
  const accounts = hub.access.demoAccounts();
  expect(accounts.map(({ login, roleId }) => [login, roleId])).toEqual([
    ['viewer', 'agency-viewer'],
    ['officer', 'police-officer'],
    ['supervisor', 'police-supervisor'],
    ['investigator', 'demo-investigator'],
    ['wifi', 'wifi-technician'],
    ['video', 'video-technician'],
    ['access', 'access-administrator'],
    ['auditor', 'auditor'],
    ['system', 'system-administrator'],
  ]);
  for (const { login, password } of accounts) await hub.signIn(login, password);
  expect(await actionsOf(await signIn('auditor'))).toEqual(['audit.read']);
  const investigator = await actionsOf(await signIn('investigator'));
  expect(investigator).toEqual(expect.arrayContaining(['video.audio', 'video.export-original']));
  expect(investigator).not.toContain('access.manage');
});

test('the viewer is limited to an okrug, the officer is not', async () => {
  hub = await startTestHub({ demo: true });
  const seen = async (login: string) => {
    const token = (await signIn(login)).split('=')[1] ?? '';
    const viewer = hub.access.gate.authenticate(token, '');
    if (!viewer) throw new Error('not signed in');
    const visible = hub.access.gate.visible(viewer, 'video.live');
    return [1, 2, 3].map((num) => visible.has(num));
  };
  expect(await seen('viewer')).toEqual([true, true, false]);
  expect(await seen('officer')).toEqual([true, true, true]);
});

test('nobody but the shown password gets in, and it is another one after each start', async () => {
  hub = await startTestHub({ demo: true });
  const before = passwordOf('officer');
  await expect(hub.signIn('officer', 'something else')).rejects.toThrow(/wrong-credentials/);
  await expect(hub.signIn('officer', '')).rejects.toThrow(/400/);
  const cookie = await hub.signIn('officer', before);
  await hub.restart();
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(200);
  expect(passwordOf('officer')).not.toBe(before);
  const change = await hub.call(cookie, 'PUT', '/api/session/password', { old: before, new: PASSWORD });
  expect(change).toMatchObject({ status: 409, body: { code: 'demo-account' } });
});

test('a real administrator closes the demonstration at once and for good', async () => {
  hub = await startTestHub({ demo: true });
  const access = await signIn('access');
  const officer = await signIn('officer');
  const person = await hub.person(access, 'ivanov');
  await hub.grant(access, person.id, 'police-officer');
  await hub.grant(access, person.id, 'access-administrator', { scope: { type: 'okrug', id: 'cao' } });
  expect(hub.access.demoAccounts()).toHaveLength(9);
  const shown = passwordOf('officer');
  await hub.grant(access, person.id, 'access-administrator');
  expect(hub.access.demoAccounts()).toEqual([]);
  for (const cookie of [access, officer])
    expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(401);
  await expect(hub.signIn('officer', shown)).rejects.toThrow(/demo-closed/);
  await eventually(() =>
    expect(hub.told.filter((told) => 'ended' in told && told.ended.reason === 'demo-closed').length).toBe(2),
  );
  const real = await hub.signIn('ivanov');
  await hub.restart();
  expect(hub.access.demoAccounts()).toEqual([]);
  const people = (await hub.call(real, 'GET', '/api/access/people')).body as Person[];
  const demo = people.filter((one) => one.demo);
  expect(demo.every(({ locked }) => locked)).toBe(true);
  const unlock = await hub.call(real, 'PATCH', `/api/access/people/${demo[0]?.id}`, { locked: false });
  expect(unlock).toMatchObject({ status: 409, body: { code: 'demo-closed' } });

  // Even when his right has ended again, by another one's hand, the demonstration stays closed.
  const other = await hub.person(real, 'petrov');
  await hub.grant(real, other.id, 'access-administrator');
  const next = await hub.signIn('petrov');
  const own = (await hub.call(next, 'GET', `/api/access/grants?personId=${person.id}&active=true`))
    .body as Grant[];
  for (const { id } of own) await hub.call(next, 'DELETE', `/api/access/grants/${id}`);
  await hub.restart();
  expect(hub.access.demoAccounts()).toEqual([]);
});

test('without the demonstration its accounts are refused and their sessions end; the first person is made', async () => {
  hub = await startTestHub({ demo: true });
  const cookie = await signIn('officer');
  const shown = passwordOf('officer');
  await hub.restart({ demo: false });
  expect((await hub.call(cookie, 'GET', '/api/session')).status).toBe(401);
  await expect(hub.signIn('officer', shown)).rejects.toThrow(/demo-closed/);
  await hub.admin();
});

test('a first person who never signed in does not keep the demonstration from opening; his sign-in ends it', async () => {
  hub = await startTestHub();
  await hub.restart({ demo: true });
  expect(hub.access.demoAccounts()).toHaveLength(9);
  const officer = await signIn('officer');
  await hub.admin();
  expect(hub.access.demoAccounts()).toEqual([]);
  expect((await hub.call(officer, 'GET', '/api/session')).status).toBe(401);
});
