import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Grant, Role } from '../../contract/access.ts';
import { codeOf, PASSWORD, startTestHub, type TestHub } from './access-test-hub.ts';

const HOUR = 3_600_000;
let hub: TestHub;
let admin: string;
beforeEach(async () => {
  hub = await startTestHub();
  admin = await hub.admin();
});
afterEach(() => hub.stop());

const viewerOf = (cookie: string) => hub.viewer(cookie);
const camera = (id: string) => hub.camera(id);
const officer = (extra: object = {}) => hub.officer(admin, extra);
const give = (cookie: string, personId: string, roleId: string, extra: object = {}) =>
  hub.call(cookie, 'POST', '/api/access/grants', {
    ...{ personId, roleId, scope: { type: 'city' }, until: null, basis: 'order 7' },
    ...extra,
  });
const take = (cookie: string, id: string) => hub.call(cookie, 'DELETE', `/api/access/grants/${id}`);

test('nobody gives himself rights, and no right beyond what he manages; each refusal is on record', async () => {
  const okrugAdmin = await hub.person(admin, 'petrov');
  await hub.grant(admin, okrugAdmin.id, 'access-administrator', { scope: { type: 'okrug', id: 'cao' } });
  const person = await hub.person(admin, 'ivanov');
  const cookie = await hub.signIn('petrov');
  const inOkrug = (id: string) => ({ scope: { type: 'okrug', id } });
  expect(codeOf(await give(cookie, okrugAdmin.id, 'police-officer', inOkrug('cao')))).toBe(
    '403 no-self-grant',
  );
  expect(codeOf(await give(cookie, person.id, 'police-officer'))).toBe('403 may-not-give');
  expect(codeOf(await give(cookie, person.id, 'police-officer', inOkrug('sao')))).toBe('403 may-not-give');
  expect(codeOf(await give(cookie, person.id, 'access-administrator', inOkrug('cao')))).toBe(
    '403 may-not-give',
  );
  expect(codeOf(await give(cookie, person.id, 'auditor', inOkrug('cao')))).toBe('403 may-not-give');
  const group = { scope: { type: 'group', id: 'metro' } };
  expect(codeOf(await give(cookie, person.id, 'police-officer', group))).toBe('403 may-not-give');
  for (const scope of [
    { type: 'okrug', id: 'cao' },
    { type: 'district', id: 'arbat' },
    { type: 'device', id: 'camera-1' },
  ])
    expect((await give(cookie, person.id, 'police-officer', { scope })).status).toBe(201);
  const refused = await hub.entries('access.refused');
  expect(refused.map(({ personName, data }) => [personName, data.reason])).toEqual([
    ...Array<unknown>(5).fill(['petrov', 'may-not-give']),
    ['petrov', 'no-self-grant'],
  ]);
  const cityWide = await hub.grant(admin, person.id, 'police-officer');
  expect(codeOf(await take(cookie, cityWide.id))).toBe('403 may-not-give');
  expect(
    codeOf(await hub.call(cookie, 'POST', '/api/access/roles', { name: 'X', actions: ['device.view'] })),
  ).toBe('403 not-city-administrator');
});

test('a denial in part of a scope takes the managing of that part away', async () => {
  const manager = await hub.person(admin, 'petrov');
  const person = await hub.person(admin, 'ivanov');
  await hub.grant(admin, manager.id, 'access-administrator');
  await hub.grant(admin, manager.id, 'access-administrator', {
    effect: 'deny',
    scope: { type: 'district', id: 'arbat' },
  });
  const cookie = await hub.signIn('petrov');
  const at = (type: string, id: string) => give(cookie, person.id, 'police-officer', { scope: { type, id } });
  expect(codeOf(await at('okrug', 'cao'))).toBe('403 may-not-give');
  expect(codeOf(await at('device', 'camera-1'))).toBe('403 may-not-give');
  expect((await at('district', 'tver')).status).toBe(201);
  expect((await at('okrug', 'sao')).status).toBe(201);
});

test('an account with greater rights cannot be taken over or locked', async () => {
  const okrugAdmin = await hub.person(admin, 'petrov');
  await hub.grant(admin, okrugAdmin.id, 'access-administrator', { scope: { type: 'okrug', id: 'cao' } });
  const person = await hub.person(admin, 'ivanov');
  await hub.grant(admin, person.id, 'agency-viewer', { scope: { type: 'district', id: 'arbat' } });
  const cookie = await hub.signIn('petrov');
  const adminId = viewerOf(admin).personId;
  const patch = (id: string, body: object) => hub.call(cookie, 'PATCH', `/api/access/people/${id}`, body);
  expect(codeOf(await patch(adminId, { password: PASSWORD }))).toBe('403 may-not-manage-person');
  expect(codeOf(await patch(adminId, { locked: true }))).toBe('403 may-not-manage-person');
  expect(codeOf(await patch(okrugAdmin.id, { password: PASSWORD }))).toBe('409 not-yourself');
  expect((await patch(person.id, { password: 'another-Pa55word' })).status).toBe(200);
  await hub.signIn('ivanov', 'another-Pa55word');
  expect(codeOf(await patch('nobody', { name: 'x' }))).toBe('404 not-found');
});

test('the last one who manages the city can neither be locked nor lose that right', async () => {
  const second = await hub.person(admin, 'petrov');
  const grant = await hub.grant(admin, second.id, 'access-administrator');
  const cookie = await hub.signIn('petrov');
  const adminId = viewerOf(admin).personId;
  const own = (await hub.call(cookie, 'GET', `/api/access/grants?personId=${adminId}`)).body as Grant[];
  const first = own.find(({ roleId }) => roleId === 'access-administrator');
  expect((await take(cookie, first?.id ?? '')).status).toBe(200);
  expect(codeOf(await take(cookie, grant.id))).toBe('409 last-administrator');
  expect((await hub.call(admin, 'GET', '/api/access/people')).status).toBe(403);
  await hub.grant(cookie, adminId, 'access-administrator');
  expect((await hub.call(cookie, 'PATCH', `/api/access/people/${adminId}`, { locked: true })).status).toBe(
    200,
  );
  const third = await hub.person(cookie, 'sidorov');
  await hub.grant(cookie, third.id, 'access-administrator', { until: hub.clock.now() + HOUR });
  const dated = await hub.signIn('sidorov');
  hub.clock.advance(HOUR);
  expect((await hub.call(dated, 'GET', '/api/access/people')).status).toBe(403);
});

test('what is not understood is refused with a reason', async () => {
  const person = await hub.person(admin, 'ivanov');
  const codes = [
    await give(admin, 'nobody', 'auditor'),
    await give(admin, person.id, 'emperor'),
    await give(admin, person.id, 'auditor', { scope: { type: 'okrug', id: 'arbat' } }),
    await give(admin, person.id, 'auditor', { until: hub.clock.now() }),
    await give(admin, person.id, 'police-officer', { effect: 'deny', archiveHours: 24 }),
    await give(admin, person.id, 'police-officer', { weekly: [{ day: 1, fromMin: 600, toMin: 600 }] }),
    await give(admin, person.id, 'police-officer', { basis: ' ' }),
    await hub.call(admin, 'POST', '/api/access/people', { login: 'IVANOV', name: 'x', password: PASSWORD }),
    await hub.call(admin, 'POST', '/api/access/people', { login: 'x1', name: 'x', password: 'aaaaaaaaaaaa' }),
  ].map(codeOf);
  expect(codes).toEqual([
    '404 not-found',
    '400 role-unknown',
    '400 scope-unknown',
    '400 until-past',
    '400 denial-has-no-depth',
    '400 bad-request',
    '400 bad-request',
    '409 login-taken',
    '400 password-weak',
  ]);
});

test('who has no such right gets nothing here', async () => {
  const { cookie } = await officer();
  for (const [method, url] of [
    ['GET', '/api/access/people'],
    ['GET', '/api/access/grants'],
    ['GET', '/api/access/roles'],
    ['GET', '/api/access/devices/camera-1'],
    ['GET', '/api/audit'],
    ['GET', '/api/audit/export'],
  ] as const)
    expect(codeOf(await hub.call(cookie, method, url))).toBe('403 no-right');
  expect(codeOf(await hub.call(null, 'GET', '/api/access/people'))).toBe('401 sign-in-first');
  expect(await hub.entries('access.refused')).toHaveLength(6);
});

test('a role of one’s own: a change reaches everybody who holds it', async () => {
  const made = await hub.call(admin, 'POST', '/api/access/roles', {
    name: 'Дежурный',
    actions: ['video.live', 'device.view'],
  });
  const role = made.body as Role;
  expect(role).toMatchObject({ builtIn: false, actions: ['device.view', 'video.live'] });
  const person = await hub.person(admin, 'ivanov');
  await hub.grant(admin, person.id, role.id);
  const viewer = viewerOf(await hub.signIn('ivanov'));
  const put = (id: string, body: object) => hub.call(admin, 'PUT', `/api/access/roles/${id}`, body);
  hub.told.length = 0;
  expect((await put(role.id, { name: 'Дежурный', actions: ['device.view'] })).status).toBe(200);
  expect(hub.told).toEqual([{ rights: { personIds: [person.id] } }]);
  expect(hub.access.gate.may(viewer, 'video.live', camera('camera-1')).allowed).toBe(false);
  expect(codeOf(await put('auditor', { name: 'x', actions: ['device.view'] }))).toBe('409 role-built-in');
  expect(codeOf(await put(role.id, { name: 'auditor', actions: ['device.view'] }))).toBe('409 role-exists');
  expect(codeOf(await put('none', { name: 'x', actions: ['device.view'] }))).toBe('404 not-found');
  await hub.restart();
  const roles = (await hub.call(await hub.admin(), 'GET', '/api/access/roles')).body as Role[];
  expect(roles.find(({ id }) => id === role.id)?.actions).toEqual(['device.view']);
  expect(roles).toHaveLength(9);
});

test('nobody widens a role that he holds', async () => {
  const role = (await hub.call(admin, 'POST', '/api/access/roles', { name: 'R', actions: ['access.manage'] }))
    .body as Role;
  const second = await hub.person(admin, 'petrov');
  await hub.grant(admin, second.id, role.id);
  const cookie = await hub.signIn('petrov');
  const answer = await hub.call(cookie, 'PUT', `/api/access/roles/${role.id}`, {
    name: 'R',
    actions: ['access.manage', 'video.live'],
  });
  expect(codeOf(answer)).toBe('403 no-self-grant');
});
