import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../../tests/support/eventually.ts';
import type { DeviceAccess, Grant, GrantPreview, Person, PersonAccess, Role } from '../../contract/access.ts';
import { codeOf, startTestHub, type TestHub } from './access-test-hub.ts';

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
const take = (cookie: string, id: string) => hub.call(cookie, 'DELETE', `/api/access/grants/${id}`);

test('a revocation holds at once, raises the version, is told, and stands on record with its change', async () => {
  const { person, grant, viewer } = await officer();
  const { gate } = hub.access;
  expect(gate.may(viewer, 'video.live', camera('camera-1'))).toEqual({ allowed: true });
  const version = gate.rightsVersion(viewer);
  hub.told.length = 0;
  const answer = await take(admin, grant.id);
  expect(answer).toMatchObject({ status: 200, body: { id: grant.id, endedBy: viewerOf(admin).personId } });
  expect(gate.may(viewer, 'video.live', camera('camera-1'))).toEqual({ allowed: false, reason: 'no-grant' });
  expect(gate.visible(viewer, 'video.live').size).toBe(0);
  expect(gate.rightsVersion(viewer)).toBeGreaterThan(version);
  expect(gate.alive(viewer)).toBe(true);
  expect(hub.told).toEqual([{ rights: { personIds: [person.id] } }]);
  expect((await hub.entries('grant.ended'))[0]).toMatchObject({ subject: person.id, data: { id: grant.id } });
  expect(codeOf(await take(admin, grant.id))).toBe('404 not-found');
});

test('a change whose entry cannot be stored is not made', async () => {
  const { grant, viewer } = await officer();
  await sql`create trigger full before insert on audit_entries begin select raise(abort, 'disk full'); end`.execute(
    hub.storage.db,
  );
  hub.told.length = 0;
  expect((await take(admin, grant.id)).status).toBe(500);
  expect(hub.told).toEqual([]);
  expect(hub.access.gate.may(viewer, 'video.live', camera('camera-1'))).toEqual({ allowed: true });
  await sql`drop trigger full`.execute(hub.storage.db);
  expect((await take(admin, grant.id)).status).toBe(200);
});

test('a grant ends by itself when its time is over, and whoever streams is told', async () => {
  const until = hub.clock.now() + HOUR;
  const { person, viewer } = await officer({ until });
  const { gate } = hub.access;
  const version = gate.rightsVersion(viewer);
  hub.clock.advance(HOUR - 1);
  expect(gate.may(viewer, 'video.live', camera('camera-1'))).toEqual({ allowed: true });
  expect(gate.rightsVersion(viewer)).toBe(version);
  hub.told.length = 0;
  hub.clock.advance(1);
  expect(gate.may(viewer, 'video.live', camera('camera-1'))).toEqual({ allowed: false, reason: 'no-grant' });
  expect(gate.rightsVersion(viewer)).toBeGreaterThan(version);
  await eventually(() => expect(hub.told).toEqual([{ rights: { personIds: [person.id] } }]));
});

test('the wall clock, set forth and back, ends and restores a dated grant; an ended one stays ended', async () => {
  const { grant, viewer } = await officer({ until: hub.clock.now() + HOUR });
  const { gate } = hub.access;
  const mayWatch = () => gate.may(viewer, 'video.live', camera('camera-1')).allowed;
  hub.clock.jump(2 * HOUR);
  expect(mayWatch()).toBe(false);
  hub.clock.jump(-2 * HOUR);
  expect(mayWatch()).toBe(true);
  await take(admin, grant.id);
  hub.clock.jump(-HOUR / 2);
  expect(mayWatch()).toBe(false);
});

test('weekly hours and the depth of the archive hold at the gate', async () => {
  // The clock starts on a Thursday at 12:00 in Moscow.
  const { viewer } = await officer({ weekly: [{ day: 4, fromMin: 720, toMin: 750 }], archiveHours: 24 });
  const { gate } = hub.access;
  const footage = (age: number) => gate.may(viewer, 'video.live', camera('camera-1'), hub.clock.now() - age);
  expect(footage(0)).toEqual({ allowed: true });
  expect(footage(24 * HOUR)).toEqual({ allowed: true });
  expect(footage(24 * HOUR + 1)).toEqual({ allowed: false, reason: 'archive-depth' });
  hub.clock.advance(HOUR / 2);
  expect(footage(0)).toEqual({ allowed: false, reason: 'out-of-hours' });
});

test('rights are the same after the hub was started anew', async () => {
  const { viewer, person } = await officer({ scope: { type: 'group', id: 'metro' }, archiveHours: 1 });
  const before = [...[1, 2, 3, 4].map((num) => hub.access.gate.visible(viewer, 'video.live').has(num))];
  await hub.restart();
  const cookie = await hub.signIn('ivanov');
  const after = viewerOf(cookie);
  expect([1, 2, 3, 4].map((num) => hub.access.gate.visible(after, 'video.live').has(num))).toEqual(before);
  expect(before).toEqual([true, false, true, false]);
  expect(hub.access.gate.may(after, 'video.archive', camera('camera-1'), hub.clock.now() - 2 * HOUR)).toEqual(
    {
      allowed: false,
      reason: 'archive-depth',
    },
  );
  expect(person.activeGrants).toBe(0);
});

test('a device that is moved out of a scope is out of it at once', async () => {
  const { viewer } = await officer({ scope: { type: 'okrug', id: 'cao' } });
  const { gate } = hub.access;
  expect(gate.visible(viewer, 'video.live').has(1)).toBe(true);
  const version = gate.rightsVersion(viewer);
  hub.devices.put({ ...camera('camera-1'), okrugId: 'sao', districtId: 'sokol' });
  hub.told.length = 0;
  hub.bus.emit('devices.changed', { deviceIds: ['camera-1'] });
  expect(gate.may(viewer, 'video.live', camera('camera-1')).allowed).toBe(false);
  expect(gate.visible(viewer, 'video.live').has(1)).toBe(false);
  expect(gate.rightsVersion(viewer)).toBeGreaterThan(version);
  expect(hub.told).toEqual([{ rights: { personIds: 'all' } }]);
  hub.bus.emit('devices.changed', { deviceIds: ['camera-1'] });
  expect(hub.told).toHaveLength(1);
});

test('rights as of a past moment: grants, ends and roles of then', async () => {
  const role = (await hub.call(admin, 'POST', '/api/access/roles', { name: 'R', actions: ['device.view'] }))
    .body as Role;
  const person = await hub.person(admin, 'ivanov');
  const before = hub.clock.now();
  hub.clock.advance(HOUR);
  const grant = await hub.grant(admin, person.id, role.id, { scope: { type: 'okrug', id: 'cao' } });
  const given = hub.clock.now();
  hub.clock.advance(HOUR);
  await hub.call(admin, 'PUT', `/api/access/roles/${role.id}`, { name: 'R', actions: ['video.live'] });
  const changed = hub.clock.now();
  hub.clock.advance(HOUR);
  await take(admin, grant.id);
  const url = `/api/access/people/${person.id}/effective`;
  const at = async (moment?: number | string) =>
    ((await hub.call(admin, 'GET', moment === undefined ? url : `${url}?at=${moment}`)).body as PersonAccess)
      .actions;
  expect(await at(before)).toEqual([]);
  const view = { action: 'device.view', devices: 3, cameras: 2, grantIds: [grant.id] };
  expect(await at(given)).toEqual([view]);
  expect(await at(new Date(given).toISOString())).toEqual([view]);
  expect(await at(changed)).toEqual([{ ...view, action: 'video.live' }]);
  expect(await at()).toEqual([]);
  const list = async (query: string) =>
    ((await hub.call(admin, 'GET', `/api/access/grants?personId=${person.id}&${query}`)).body as Grant[])
      .length;
  expect([await list(''), await list('active=true'), await list('active=false')]).toEqual([1, 0, 1]);
  expect([
    await list(`at=${before}`),
    await list(`at=${given}`),
    await list(`at=${hub.clock.now()}`),
  ]).toEqual([0, 1, 0]);
});

test('a grant in the table can be ended once and never be changed or removed', async () => {
  const { grant } = await officer();
  const { db } = hub.storage;
  await expect(db.updateTable('grants').set({ until_at: 1 }).execute()).rejects.toThrow(/only be ended/);
  await expect(db.deleteFrom('grants').execute()).rejects.toThrow(/only be ended/);
  await take(admin, grant.id);
  await expect(
    db.updateTable('grants').set({ ended_at: 1 }).where('id', '=', grant.id).execute(),
  ).rejects.toThrow(/only be ended/);
});

test('who may see this camera, and by which grant', async () => {
  const { person, grant } = await officer({ scope: { type: 'okrug', id: 'cao' } });
  hub.watching.push({ personId: person.id, cameraId: 'camera-1' });
  const who = async (id: string) =>
    ((await hub.call(admin, 'GET', `/api/access/devices/${id}`)).body as DeviceAccess).people.find(
      ({ personId }) => personId === person.id,
    );
  expect(await who('camera-1')).toMatchObject({
    login: 'ivanov',
    grantIds: [grant.id],
    watching: true,
    actions: ['device.view', 'video.live', 'video.archive', 'video.snapshot', 'video.ptz', 'incident.view'],
  });
  expect(await who('camera-2')).toMatchObject({ watching: false });
  expect(await who('camera-3')).toBeUndefined();
  await hub.grant(admin, person.id, 'agency-viewer', {
    effect: 'deny',
    scope: { type: 'device', id: 'camera-1' },
  });
  expect((await who('camera-1'))?.actions).toEqual(['video.archive', 'video.snapshot', 'video.ptz']);
  await hub.call(admin, 'PATCH', `/api/access/people/${person.id}`, { locked: true });
  expect(await who('camera-2')).toBeUndefined();
  expect((await hub.call(admin, 'GET', '/api/access/devices/none')).status).toBe(404);
});

test('what a change would do is told before it is made, and nothing is changed by asking', async () => {
  const { person, grant, viewer } = await officer({ scope: { type: 'okrug', id: 'cao' } });
  hub.watching.push(
    { personId: person.id, cameraId: 'camera-1' },
    { personId: 'other', cameraId: 'camera-1' },
  );
  const preview = async (body: object) =>
    (await hub.call(admin, 'POST', '/api/access/preview', body)).body as GrantPreview;
  expect(await preview({ endGrantId: grant.id })).toEqual({
    actions: ['device.view', 'video.live', 'video.archive', 'video.snapshot', 'video.ptz', 'incident.view'],
    ...{ devicesGained: 0, devicesLost: 3, camerasGained: 0, camerasLost: 2, watchingNow: 1 },
  });
  const input = {
    personId: person.id,
    roleId: 'police-officer',
    until: null,
    basis: 'x',
    scope: { type: 'city' },
  };
  expect(await preview(input)).toMatchObject({
    devicesGained: 1,
    camerasGained: 1,
    devicesLost: 0,
    watchingNow: 0,
  });
  expect(
    await preview({
      ...input,
      roleId: 'agency-viewer',
      effect: 'deny',
      scope: { type: 'district', id: 'arbat' },
    }),
  ).toEqual({
    actions: ['device.view', 'video.live', 'incident.view'],
    ...{ devicesGained: 0, devicesLost: 2, camerasGained: 0, camerasLost: 1, watchingNow: 1 },
  });
  expect(await preview({ ...input, scope: { type: 'okrug', id: 'cao' } })).toMatchObject({ actions: [] });
  expect(hub.access.gate.may(viewer, 'video.live', camera('camera-1')).allowed).toBe(true);
  expect(codeOf(await hub.call(admin, 'POST', '/api/access/preview', { endGrantId: 'x' }))).toBe(
    '404 not-found',
  );
});

test('the managing of rights opens no video', async () => {
  const viewer = viewerOf(admin);
  for (const action of ['video.live', 'video.archive', 'video.snapshot'] as const)
    expect(hub.access.gate.may(viewer, action, camera('camera-1'))).toEqual({
      allowed: false,
      reason: 'no-grant',
    });
});

test('people are listed with what they hold, and nothing secret', async () => {
  await officer();
  const answer = await hub.call(admin, 'GET', '/api/access/people');
  const people = answer.body as Person[];
  expect(people.map(({ login, activeGrants, demo }) => [login, activeGrants, demo])).toEqual([
    ['admin', 2, false],
    ['ivanov', 1, false],
  ]);
  expect(answer.text).not.toMatch(/argon2|password/i);
});
