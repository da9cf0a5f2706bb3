import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bookmark, BookmarkPage } from '../../contract/bookmarks.ts';
import { makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import { type Bookmarks, createBookmarks } from '../../recording/bookmarks.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { bookmarkRoutes } from './bookmarks.ts';

const NOON = Date.UTC(2026, 0, 15, 12);
let city: TestCity;
let desk: TestDesk;
let bookmarks: Bookmarks;
/** The oldest footage that each person may see. */
let depth: Map<string, number>;

beforeEach(async () => {
  city = await makeTestCity();
  await city.devices.seed(
    [],
    [],
    ['cam-1', 'cam-2'].map((id) => testDevice({ id })),
  );
  desk = await makeTestDesk(city);
  bookmarks = createBookmarks({ db: city.storage.db, clock: city.clock });
  depth = new Map();
  const gate: typeof desk.gate = {
    ...desk.gate,
    may: (viewer, action, device, footageTime) =>
      footageTime !== undefined && footageTime < (depth.get(viewer.personId) ?? 0)
        ? { allowed: false, reason: 'archive-depth' }
        : desk.gate.may(viewer, action, device),
  };
  const { devices } = city;
  bookmarkRoutes(desk.app, { db: city.storage.db, bookmarks, gate, devices, audit: desk.audit });
  for (const person of ['anna', 'boris']) desk.allow(person, (action) => action === 'video.archive');
  desk.allow('vera', (action, device) => action === 'video.archive' && device?.id === 'cam-2');
});
afterEach(async () => {
  await desk.app.close();
  await city.stop();
});

async function mark(person: string, more: object = {}): Promise<Bookmark> {
  const payload = { cameraId: 'cam-1', at: NOON, title: 'Белый фургон', ...more };
  const answer = await desk.as(person, { method: 'POST', url: '/api/bookmarks', payload });
  expect(answer.statusCode, answer.body).toBe(201);
  return Bookmark.parse(answer.json());
}
const page = async (person: string, query = '') =>
  BookmarkPage.parse((await desk.as(person, { url: `/api/bookmarks${query}` })).json());
const titles = async (person: string, query = '') =>
  (await page(person, query)).items.map((one) => one.title);
const change = (person: string, id: string, payload: object) =>
  desk.as(person, { method: 'PATCH', url: `/api/bookmarks/${id}`, payload });

test('a private one is its owner’s alone; a shared one everybody’s who may see that camera', async () => {
  await mark('anna', { title: 'моя' });
  await mark('anna', { title: 'общая', shared: true });
  expect(await titles('anna')).toEqual(expect.arrayContaining(['моя', 'общая']));
  expect(await titles('boris')).toEqual(['общая']);
  expect((await page('boris')).items).toMatchObject([{ mine: false, by: { id: 'anna' } }]);
  expect(await titles('vera')).toEqual([]);
  expect((await desk.recorded()).map(({ kind }) => kind)).toEqual(['bookmark.added']);
});

test('nothing of footage older than one may see, one’s own included', async () => {
  await mark('anna', { title: 'старая', at: NOON - 86_400_000 });
  await mark('anna', { title: 'новая' });
  depth.set('anna', NOON - 3_600_000);
  expect(await titles('anna')).toEqual(['новая']);
  const payload = { cameraId: 'cam-1', at: NOON - 86_400_000, title: 'x' };
  const refused = await desk.as('anna', { method: 'POST', url: '/api/bookmarks', payload });
  expect(refused.json().code).toBe('no-right');
});

test('search finds beginnings of words in any case, ё as е, in Latin letters; marks of LIKE mean nothing', async () => {
  await mark('anna', { title: 'Чёрный Ford, 100% он' });
  await mark('anna', { title: 'Белый фургон' });
  const found = (q: string) => titles('anna', `?q=${encodeURIComponent(q)}`);
  expect(await found('ЧЕРНЫЙ')).toEqual(['Чёрный Ford, 100% он']);
  expect(await found('furgon')).toEqual(['Белый фургон']);
  expect(await found('ford черный')).toEqual(['Чёрный Ford, 100% он']);
  expect(await found('%')).toHaveLength(2);
  expect(await found('фурго_')).toEqual(['Белый фургон']);
  expect(await found('ургон')).toEqual([]);
});

test('lists by camera, person and time, newest footage first, in pages', async () => {
  for (let hour = 0; hour < 5; hour++) await mark('anna', { title: `${hour}`, at: NOON + hour * 3_600_000 });
  await mark('boris', { title: 'b', shared: true, cameraId: 'cam-2' });
  expect(await titles('anna', '?camera=cam-2')).toEqual(['b']);
  expect(await titles('anna', '?mine=no')).toEqual(['b']);
  const range = `?from=${NOON + 3_600_000}&to=${NOON + 3 * 3_600_000}`;
  expect(await titles('anna', range)).toEqual(['2', '1']);
  const first = await page('anna', '?mine=yes&limit=3');
  expect(first.items.map((one) => one.title)).toEqual(['4', '3', '2']);
  expect(await titles('anna', `?mine=yes&limit=3&cursor=${first.nextCursor}`)).toEqual(['1', '0']);
  expect((await desk.as('anna', { url: '/api/bookmarks?cursor=x' })).json().code).toBe('bad-cursor');
});

test('a stretch is found by any moment of it', async () => {
  await mark('anna', { to: NOON + 600_000 });
  const near = (from: number, to: number) => bookmarks.of('anna', 'cam-1', from, to, 10);
  expect(await near(NOON + 300_000, NOON + 400_000)).toHaveLength(1);
  expect(await near(NOON + 600_000, NOON + 700_000)).toHaveLength(0);
  const payload = { cameraId: 'cam-1', at: NOON, to: NOON, title: 'x' };
  const empty = await desk.as('anna', { method: 'POST', url: '/api/bookmarks', payload });
  expect(empty.json().code).toBe('bad-range');
});

test('only its owner changes or deletes it; what others saw of it stays on record', async () => {
  const shared = await mark('anna', { shared: true });
  const own = await mark('anna', { title: 'моя' });
  expect((await change('boris', shared.id, { title: 'x' })).json().code).toBe('bookmark-not-yours');
  expect((await change('boris', own.id, { title: 'x' })).json().code).toBe('not-found');
  expect((await change('vera', shared.id, { title: 'x' })).json().code).toBe('not-found');
  const changed = await change('anna', shared.id, { title: 'Синий фургон', shared: false });
  expect(changed.json()).toMatchObject({ title: 'Синий фургон', shared: false, at: NOON });
  expect(await titles('boris')).toEqual([]);
  for (const { id } of [shared, own])
    expect((await desk.as('anna', { method: 'DELETE', url: `/api/bookmarks/${id}` })).statusCode).toBe(204);
  expect(await titles('anna')).toEqual([]);
  expect((await desk.recorded()).map(({ kind, data }) => [kind, data.title])).toEqual([
    ['bookmark.added', 'Белый фургон'],
    ['bookmark.changed', 'Синий фургон'],
  ]);
});
