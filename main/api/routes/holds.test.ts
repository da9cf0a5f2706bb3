import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Action } from '../../contract/access.ts';
import { type Hold, HoldPage, HoldPreview, Hold as HoldSchema } from '../../contract/holds.ts';
import { makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import { createHolds, type Holds } from '../../recording/holds.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { holdRoutes } from './holds.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MB = 1_000_000;

let city: TestCity;
let desk: TestDesk;
let holds: Holds;
let start: number;
let room: number;

beforeEach(async () => {
  city = await makeTestCity();
  await city.devices.seed(
    [],
    [],
    ['cam-1', 'cam-2', 'cam-3'].map((id) => testDevice({ id })),
  );
  desk = await makeTestDesk(city);
  start = city.clock.now();
  room = 1000 * MB;
  holds = makeHolds();
  await holds.start();
  holdRoutes(desk.app, {
    holds,
    gate: desk.gate,
    devices: city.devices,
    audit: desk.audit,
    now: city.clock.now,
  });
  desk.allow('inspector', can('video.archive', 'video.hold', 'device.view'));
  desk.allow('officer', can('video.archive', 'device.view'));
  desk.allow('sysadmin', can('system.configure', 'device.view'));
  // An hour of each camera, 1 MB a minute.
  for (const id of ['cam-1', 'cam-2', 'cam-3']) await footage(id, start - HOUR, 60);
});
afterEach(async () => {
  await holds.stop();
  await desk.app.close();
  await city.stop();
});

const makeHolds = () =>
  createHolds({
    db: city.storage.db,
    clock: city.clock,
    log: city.log,
    limits: { defaultDays: 30, maxDays: 90, maxShare: 0.5, hoursPerPerson: 3 },
    roomBytes: async () => room,
    onEnded: (trx, hold) =>
      desk.audit.append(trx, {
        kind: 'hold.ended',
        person: null,
        from: '',
        subject: hold.id,
        data: { reason: hold.endReason },
      }),
  });
const can =
  (...actions: Action[]) =>
  (action: Action) =>
    actions.includes(action);

async function footage(cameraId: string, from: number, minutes: number): Promise<void> {
  await city.storage.db
    .insertInto('recording_file')
    .values(
      Array.from({ length: minutes }, (_, index) => ({
        ...{ camera_id: cameraId, track: 'main' as const, path: `${cameraId}/${from + index * 60_000}.mp4` },
        ...{ first_msn: Math.floor((from + index * 60_000) / 2000), segment_count: 30 },
        ...{ start_ms: from + index * 60_000, end_ms: from + (index + 1) * 60_000, bytes: MB },
        ...{ init_hash: 'x', state: 'closed' as const, break_before: null, segments: Buffer.alloc(0) },
      })),
    )
    .execute();
}
const post = (person: string, url: string, payload?: object) =>
  desk.as(person, { method: 'POST', url, ...(payload ? { payload } : {}) });
const book = (person: string, more: object = {}) =>
  post(person, '/api/holds', {
    cameraIds: ['cam-1'],
    from: start - HOUR,
    to: start - HOUR + 10 * 60_000,
    basis: 'КУСП 1147',
    ...more,
  });
async function booked(person: string, more: object = {}): Promise<Hold> {
  const answer = await book(person, more);
  expect(answer.statusCode, answer.body).toBe(201);
  return HoldSchema.parse(answer.json());
}
async function listed(person: string, query = ''): Promise<Hold[]> {
  return HoldPage.parse((await desk.as(person, { method: 'GET', url: `/api/holds${query}` })).json()).items;
}
const kinds = async () => (await desk.recorded()).map((event) => event.kind);

test('who may keep footage keeps it for thirty days, with its bytes, on record', async () => {
  const hold = await booked('inspector');
  expect(hold).toMatchObject({ state: 'held', bytes: 10 * MB, mine: true, mayEnd: true, mayApprove: false });
  expect(hold.until).toBe(start + 30 * DAY);
  expect(await holds.held(city.storage.db)).toEqual([
    { cameraId: 'cam-1', fromMs: start - HOUR, toMs: start - HOUR + 10 * 60_000 },
  ]);
  expect((await desk.recorded()).at(-1)).toMatchObject({
    kind: 'hold.added',
    subject: hold.id,
    person: { id: 'inspector' },
    data: { cameraIds: ['cam-1'], basis: 'КУСП 1147', until: hold.until },
  });
});

test('who may only see the archive asks: kept for a day, until somebody else with the right confirms', async () => {
  const request = await booked('officer');
  expect(request).toMatchObject({ state: 'requested', keptUntil: start + DAY, mayApprove: false });
  expect(await holds.held(city.storage.db)).toHaveLength(1);
  const own = await post('officer', `/api/holds/${request.id}/approve`);
  expect([own.statusCode, own.json().code]).toEqual([403, 'no-right']);
  expect((await listed('inspector', '?filter=to-approve')).map(({ id }) => id)).toEqual([request.id]);
  const approved = HoldSchema.parse((await post('inspector', `/api/holds/${request.id}/approve`)).json());
  expect(approved).toMatchObject({
    state: 'held',
    keptUntil: request.until,
    approvedBy: { id: 'inspector' },
  });
  const again = await post('inspector', `/api/holds/${request.id}/approve`);
  expect(again.json().code).toBe('hold-not-requested');
  expect(await kinds()).toEqual(['hold.requested', 'video.refused', 'hold.approved']);
});

test('nobody confirms his own request, even when he has been given the right since', async () => {
  const request = await booked('officer');
  desk.allow('officer', can('video.archive', 'video.hold', 'device.view'));
  const answer = await post('officer', `/api/holds/${request.id}/approve`);
  expect([answer.statusCode, answer.json().code]).toEqual([403, 'hold-own-request']);
});

test('without the archive nothing is kept, and what one may not see is not there', async () => {
  desk.allow('viewer', can('video.live', 'device.view'));
  expect((await book('viewer')).json().code).toBe('no-right');
  const hold = await booked('inspector');
  expect(await listed('viewer')).toEqual([]);
  const end = await post('viewer', `/api/holds/${hold.id}/end`, { note: 'x' });
  expect(end.statusCode).toBe(404);
});

test('one camera of several without the right makes it a request; others’ cameras are only counted', async () => {
  desk.allow('local', (action, device) =>
    action === 'video.archive' ? true : action === 'video.hold' && device?.id === 'cam-1',
  );
  const hold = await booked('local', { cameraIds: ['cam-2', 'cam-1', 'cam-2'] });
  expect(hold).toMatchObject({ state: 'requested', cameraIds: ['cam-1', 'cam-2'], bytes: 20 * MB });
  desk.allow('neighbour', (action, device) => action !== 'system.configure' && device?.id === 'cam-2');
  const [seen] = await listed('neighbour');
  expect(seen).toMatchObject({ cameraIds: ['cam-2'], hiddenCameras: 1, mayApprove: false, mayEnd: false });
  const refused = await post('neighbour', `/api/holds/${hold.id}/end`, { note: 'x' });
  expect(refused.json().code).toBe('no-right');
});

test('prolonging only makes it longer, up to the most there is; an early end says why and frees at once', async () => {
  const hold = await booked('inspector');
  const patch = (until: number) =>
    desk.as('inspector', { method: 'PATCH', url: `/api/holds/${hold.id}`, payload: { until } });
  expect((await patch(hold.until - 1)).json().code).toBe('hold-not-longer');
  expect((await patch(start + 91 * DAY)).json().code).toBe('hold-until');
  expect((await patch(start + 60 * DAY)).json()).toMatchObject({ keptUntil: start + 60 * DAY });
  expect((await post('inspector', `/api/holds/${hold.id}/end`, { note: ' ' })).statusCode).toBe(400);
  const ended = await post('inspector', `/api/holds/${hold.id}/end`, { note: 'Дело закрыто' });
  expect(ended.json()).toMatchObject({
    state: 'ended',
    endReason: 'ended',
    endNote: 'Дело закрыто',
    bytes: 0,
  });
  expect(await holds.held(city.storage.db)).toEqual([]);
  expect(await listed('inspector')).toEqual([]);
  expect((await listed('inspector', '?filter=ended')).map(({ id }) => id)).toEqual([hold.id]);
  expect((await patch(start + 80 * DAY)).json().code).toBe('hold-ended');
  expect(await kinds()).toEqual(['hold.added', 'hold.prolonged', 'hold.ended']);
});

test('who asked may withdraw a request, but not end what was confirmed', async () => {
  const request = await booked('officer');
  expect((await post('officer', `/api/holds/${request.id}/end`, { note: 'ошибка' })).statusCode).toBe(200);
  const other = await booked('officer');
  await post('inspector', `/api/holds/${other.id}/approve`);
  expect((await post('officer', `/api/holds/${other.id}/end`, { note: 'x' })).json().code).toBe('no-right');
});

test('a person’s share is full at three camera-hours; overlapping stretches count once', async () => {
  await booked('inspector', { cameraIds: ['cam-1', 'cam-2'], to: start });
  await booked('inspector', { to: start - 30 * 60_000 });
  const refused = await book('inspector', { cameraIds: ['cam-3'], to: start + 6 * 60_000 });
  expect(refused.statusCode).toBe(409);
  expect(refused.json()).toMatchObject({ code: 'hold-quota-person', params: { left: 1, limit: 3 } });
  await booked('inspector', { cameraIds: ['cam-3'], to: start });
  await booked('officer');
});

test('the hub’s share counts footage to come by the camera’s own rate', async () => {
  room = 200 * MB;
  // 100 MB in all; a minute is 1 MB: 60 recorded and 41 to come are one too many.
  const refused = await book('inspector', { to: start + 41 * 60_000 });
  expect(refused.json()).toMatchObject({
    code: 'hold-quota',
    params: { asked: 0.101, left: 0.1, limit: 0.1 },
  });
  const preview = HoldPreview.parse(
    (
      await post('inspector', '/api/holds/preview', {
        cameraIds: ['cam-1'],
        from: start - 2 * HOUR,
        to: start + 40 * 60_000,
      })
    ).json(),
  );
  expect(preview).toMatchObject({
    ...{ as: 'held', bytes: 60 * MB, futureBytes: 40 * MB, recordedMs: HOUR, futureMs: 40 * 60_000 },
    quota: { hub: { usedBytes: 0, limitBytes: 100 * MB }, person: { usedMs: 0, limitMs: 3 * HOUR } },
  });
  await booked('inspector', { to: start + 40 * 60_000 });
});

test('where there is no footage there is nothing to keep; a range is a range; the future has an end', async () => {
  const code = async (more: object) => (await book('inspector', more)).json().code;
  expect(await code({ from: start - 10 * DAY, to: start - 9 * DAY })).toBe('hold-nothing');
  expect(await code({ to: start - 2 * HOUR })).toBe('bad-range');
  expect(await code({ to: start + 8 * DAY })).toBe('hold-too-far');
  expect(await code({ until: start - 1 })).toBe('hold-until');
  expect(await code({ cameraIds: ['nothing'] })).toBe('not-found');
  expect(await kinds()).toEqual([]);
});

test('a change that cannot be put on record does not happen', async () => {
  const broken = holds.add(
    { id: 'inspector', name: 'x' },
    { cameraIds: ['cam-1'], from: start - HOUR, to: start, basis: 'x' },
    'held',
    () => Promise.reject(new Error('the log is full')),
  );
  await expect(broken).rejects.toThrow('the log is full');
  expect(await holds.held(city.storage.db)).toEqual([]);
  expect(holds.open()).toEqual([]);
});

test('whoever answers for the disks sees all holds and decides over none', async () => {
  await booked('inspector');
  expect(await listed('sysadmin')).toMatchObject([{ mayEnd: false, mayProlong: false, basis: 'КУСП 1147' }]);
});

test('after a restart holds are as they were', async () => {
  const hold = await booked('inspector');
  await holds.stop();
  const again = makeHolds();
  await again.start();
  expect(again.of('cam-1', start - HOUR, start).map(({ id }) => id)).toEqual([hold.id]);
  expect(again.of('cam-1', start, start + HOUR)).toEqual([]);
  await again.stop();
});

test('lists are read in pages', async () => {
  for (let minutes = 1; minutes <= 5; minutes++) {
    city.clock.advance(1);
    await booked('inspector', { to: start - HOUR + minutes * 60_000 });
  }
  const first = HoldPage.parse((await desk.as('inspector', { url: '/api/holds?limit=2' })).json());
  const second = HoldPage.parse(
    (await desk.as('inspector', { url: `/api/holds?limit=2&cursor=${first.nextCursor}` })).json(),
  );
  const seen = [...first.items, ...second.items].map(({ to }) => (to - start + HOUR) / 60_000);
  expect(seen).toEqual([5, 4, 3, 2]);
});
