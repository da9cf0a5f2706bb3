import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../contract/access.ts';
import { HIDDEN_CAMERA, type Wall, type WallSummary } from '../../contract/wall.ts';
import { createWalls, WALLS_A_PERSON } from '../../walls/walls.ts';
import { PASSWORD, startTestHub, type TestHub } from './access-test-hub.ts';
import { wallRoutes } from './walls.ts';

let hub: TestHub;
let admin: string;
let told: number;

beforeEach(async () => {
  hub = await startTestHub();
  told = 0;
  hub.bus.on('walls.changed', () => {
    told += 1;
  });
  const { devices, bus, clock, audit } = hub;
  wallRoutes(hub.app, {
    ...{ db: hub.storage.db, bus, audit, gate: hub.access.gate },
    walls: createWalls({ db: hub.storage.db, clock }),
    devices: {
      get: devices.get,
      summaries: async (nums) =>
        nums.flatMap((num) => {
          const device = devices.byNum(num);
          return device ? [{ ...device, name: `Камера ${num}`, address: '', status: 'online' as const }] : [];
        }),
    },
    health: { statusOf: () => ({ status: 'online', since: null }) },
    video: { status: () => undefined },
  });
  admin = await hub.admin();
});
afterEach(() => hub.stop());

/** An officer of a unit, with his rights in one okrug or all the city. */
async function officer(login: string, unit: string, okrug?: string): Promise<string> {
  const made = await hub.call(admin, 'POST', '/api/access/people', {
    ...{ login, name: login, unit, password: PASSWORD },
  });
  const { id } = made.body as Person;
  await hub.grant(admin, id, 'police-officer', okrug ? { scope: { type: 'okrug', id: okrug } } : {});
  return hub.signIn(login);
}

const content = { layout: 'grid', size: 4, cells: ['camera-1', null, 'camera-3'] } as const;

async function added(cookie: string, body: object): Promise<Wall> {
  const answer = await hub.call(cookie, 'POST', '/api/walls', { name: 'Площадь', content, ...body });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return answer.body as Wall;
}
const names = async (cookie: string) =>
  ((await hub.call(cookie, 'GET', '/api/walls')).body as WallSummary[]).map(({ name }) => name);

describe('saved walls', () => {
  it('are private unless shared, and shared with the unit only', async () => {
    const owner = await officer('owner', 'Отдел  «Щёлково»');
    const mate = await officer('mate', 'отдел «щелково»');
    const stranger = await officer('stranger', 'Другой отдел');
    const nobody = await officer('nobody', '');
    const secret = await added(owner, { name: 'Моя' });
    const shared = await added(owner, { name: 'Наша', shared: true });

    expect(await names(owner)).toEqual(['Моя', 'Наша']);
    expect(await names(mate)).toEqual(['Наша']);
    expect(await names(stranger)).toEqual([]);
    expect(await names(nobody)).toEqual([]);
    expect((await hub.call(mate, 'GET', `/api/walls/${shared.id}`)).body).toMatchObject({
      ...{ name: 'Наша', mine: false, ownerName: 'owner', unit: 'Отдел  «Щёлково»' },
    });
    for (const [cookie, id] of [
      [mate, secret.id],
      [stranger, shared.id],
      [nobody, shared.id],
    ] as const)
      expect((await hub.call(cookie, 'GET', `/api/walls/${id}`)).status).toBe(404);
    expect(told).toBe(2);
  });

  it('are changed by their owner alone, and never over a newer version', async () => {
    const owner = await officer('owner', 'Отдел');
    const mate = await officer('mate', 'Отдел');
    const wall = await added(owner, { shared: true });
    const change = { name: 'Иначе', shared: true, content, tour: null, version: 1 };
    const url = `/api/walls/${wall.id}`;

    expect(await hub.call(mate, 'PUT', url, change)).toMatchObject({
      ...{ status: 403, body: { code: 'wall-not-yours' } },
    });
    expect((await hub.call(mate, 'DELETE', url)).status).toBe(403);
    expect((await hub.call(owner, 'PUT', url, change)).body).toMatchObject({ name: 'Иначе', version: 2 });
    expect(await hub.call(owner, 'PUT', url, change)).toMatchObject({
      ...{ status: 409, body: { code: 'wall-changed' } },
    });
    expect((await hub.call(owner, 'DELETE', url)).status).toBe(204);
    expect((await hub.call(owner, 'GET', url)).status).toBe(404);
  });

  it('put on record what others see, and nothing of private ones', async () => {
    const owner = await officer('owner', 'Отдел');
    const wall = await added(owner, {});
    const url = `/api/walls/${wall.id}`;
    const change = { name: 'Площадь', content, tour: null };
    await hub.call(owner, 'PUT', url, { ...change, shared: false, version: 1 });
    expect(await hub.entries('wall.changed')).toEqual([]);
    await hub.call(owner, 'PUT', url, { ...change, shared: true, version: 2 });
    await hub.call(owner, 'PUT', url, { ...change, name: 'Рынок', shared: true, version: 3 });
    await hub.call(owner, 'PUT', url, { ...change, shared: false, version: 4 });
    const entries = await hub.entries('wall.changed');
    expect(entries.map(({ data }) => [data.change, data.name, data.unit]).reverse()).toEqual([
      ['shared', 'Площадь', 'Отдел'],
      ['changed', 'Рынок', 'Отдел'],
      ['unshared', 'Рынок', 'Отдел'],
    ]);
    expect(entries[0]?.data.cameras).toEqual(['camera-1', 'camera-3']);
  });

  it('hide from each viewer the cameras that he may not see, and forget none of the owner', async () => {
    const owner = await officer('owner', 'Отдел');
    const mate = await officer('mate', 'Отдел', 'sao');
    const wall = await added(owner, { shared: true });
    const seen = await hub.call(mate, 'GET', `/api/walls/${wall.id}`);
    expect((seen.body as Wall).content).toEqual({ ...content, cells: [HIDDEN_CAMERA, null, 'camera-3'] });
    expect(seen.text).not.toContain('camera-1');
    hub.devices.drop('camera-1');
    expect(((await hub.call(owner, 'GET', `/api/walls/${wall.id}`)).body as Wall).content).toEqual(content);
  });

  it('name only cameras that the person may see', async () => {
    const mate = await officer('mate', 'Отдел', 'sao');
    const ids = ['camera-1', 'camera-3', 'ap-4', 'no-such'];
    const answer = await hub.call(mate, 'POST', '/api/walls/cameras', { ids });
    expect(answer.body).toEqual([{ id: 'camera-3', name: 'Камера 3', recording: false }]);
  });

  it('refuse what is too much, no camera, out of the grid or over another', async () => {
    const owner = await officer('owner', '');
    const refused = async (body: object) =>
      (await hub.call(owner, 'POST', '/api/walls', { name: 'x', content, ...body })).status;
    const tile = { x: 0, y: 0, w: 6, h: 6, cameraId: 'camera-1' };
    expect(await refused({ content: { ...content, cells: new Array(101).fill(null) } })).toBe(400);
    expect(await refused({ content: { ...content, cells: [HIDDEN_CAMERA] } })).toBe(400);
    expect(await refused({ content: { layout: 'free', tiles: [{ ...tile, x: 7 }] } })).toBe(400);
    expect(await refused({ content: { layout: 'free', tiles: [tile, { ...tile, x: 5, y: 5 }] } })).toBe(400);
    expect(await refused({ tour: { everyS: 1, wallIds: [] } })).toBe(400);
    expect(await refused({ name: ' ' })).toBe(400);
    expect(await hub.call(owner, 'POST', '/api/walls', { name: 'x', content, shared: true })).toMatchObject({
      ...{ status: 409, body: { code: 'wall-unit-missing' } },
    });
    for (let made = 0; made < WALLS_A_PERSON; made++) await added(owner, { name: `Стена ${made}` });
    expect(await hub.call(owner, 'POST', '/api/walls', { name: 'x', content })).toMatchObject({
      ...{ status: 409, body: { code: 'walls-full' } },
    });
  });

  it('are nothing for whoever sees no live video anywhere', async () => {
    const person = await hub.person(admin, 'auditor');
    await hub.grant(admin, person.id, 'auditor');
    expect((await hub.call(await hub.signIn('auditor'), 'GET', '/api/walls')).status).toBe(403);
  });
});
