import { afterEach, beforeEach, expect, test } from 'vitest';
import { MarkedTimeline, Timelines } from '../../contract/timeline.ts';
import type { Timeline } from '../../contract/video.ts';
import { makeTestCity, type TestCity, testDevice } from '../../devices/test-city.ts';
import type { BookmarkRecord } from '../../recording/bookmarks.ts';
import type { HoldRecord } from '../../recording/holds.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { timelineRoutes } from './timelines.ts';

const HOUR = 3_600_000;
let city: TestCity;
let desk: TestDesk;
let now: number;
let asked: { events: [number, number][]; marks: [number, number][] };

const ago = (hours: number) => now - hours * HOUR;
const who = (id: string) => ({ id, name: id });

beforeEach(async () => {
  city = await makeTestCity();
  await city.devices.seed(
    [],
    [],
    [
      ...Array.from({ length: 11 }, (_, i) => testDevice({ id: `cam-${i}` })),
      testDevice({ id: 'ap-1', kind: 'ap' }),
    ],
  );
  desk = await makeTestDesk(city);
  now = city.clock.now();
  asked = { events: [], marks: [] };
  const hold: HoldRecord = {
    ...{ id: 'h-1', cameraIds: ['cam-1'], from: ago(10), to: ago(4), until: now, keptUntil: now },
    ...{ basis: 'дело 7', state: 'held', by: who('boris'), at: ago(1), approvedBy: null, approvedAt: null },
    ...{ endedAt: null, endedBy: null, endReason: null, endNote: null },
  };
  const mark = (id: string, at: number, to: number | null): BookmarkRecord => ({
    ...{
      id,
      cameraId: 'cam-1',
      at,
      to,
      title: id,
      shared: true,
      by: who('anna'),
      createdAt: 0,
      updatedAt: 0,
    },
  });
  timelineRoutes(desk.app, {
    gate: {
      ...desk.gate,
      may: (viewer, action, device, footageTime) =>
        viewer.personId === 'shallow' && footageTime !== undefined && footageTime < ago(5)
          ? { allowed: false, reason: 'archive-depth' }
          : desk.gate.may(viewer, action, device),
    },
    devices: city.devices,
    video: {
      timeline: async (cameraId, from, to): Promise<Timeline> => ({
        ...{ cameraId, from, to, oldest: ago(24), newest: now },
        spans: [
          { from: ago(24), to: ago(8) },
          { from: ago(8) + 5000, to: now },
        ],
        gaps: [{ from: ago(8), to: ago(8) + 5000, reason: 'stream-lost' }],
      }),
    },
    holds: { of: (_camera, from, to) => (hold.from < to && hold.to > from ? [hold] : []) },
    bookmarks: {
      async of(_person, _camera, from, to) {
        asked.marks.push([from, to]);
        return [mark('deep', ago(6), ago(3)), mark('near', ago(2), null)];
      },
    },
    async timelineEvents(_num, from, to) {
      asked.events.push([from, to]);
      return {
        events: [{ kind: 'status', at: to - 1, status: 'offline', reason: 'will', count: 1 }],
        more: true,
      };
    },
  });
  for (const person of ['anna', 'shallow']) desk.allow(person, (action) => action === 'video.archive');
  desk.allow('local', (action, device) => action === 'video.archive' && device?.id === 'cam-1');
});
afterEach(async () => {
  await desk.app.close();
  await city.stop();
});

async function timeline(person: string, query = '', camera = 'cam-1'): Promise<MarkedTimeline> {
  const url = `/api/video/${camera}/timeline?from=${ago(24)}&to=${now}${query}`;
  return MarkedTimeline.parse((await desk.as(person, { url })).json());
}

test('one answer tells of footage, events, kept stretches and bookmarks', async () => {
  const answer = await timeline('anna');
  expect(answer.spans).toHaveLength(2);
  expect(answer.events).toMatchObject([{ status: 'offline' }]);
  expect(answer.moreEvents).toBe(true);
  expect(answer.holds).toEqual([
    { id: 'h-1', from: ago(10), to: ago(4), keptUntil: now, state: 'held', mine: false },
  ]);
  expect(answer.bookmarks.map(({ id, mine }) => [id, mine])).toEqual([
    ['deep', true],
    ['near', true],
  ]);
});

test('nothing is older than the person may look back, whatever it is', async () => {
  const answer = await timeline('shallow');
  const since = ago(5);
  const oldest = [
    answer.oldest ?? 0,
    ...answer.spans.map(({ from }) => from),
    ...answer.holds.map(({ from }) => from),
  ];
  for (const time of oldest) expect(time).toBeGreaterThanOrEqual(since);
  expect(Math.min(...oldest)).toBeLessThan(since + 1001);
  expect(answer.gaps).toEqual([]);
  expect(answer.bookmarks.map(({ id }) => id)).toEqual(['near']);
  expect(asked.events[0]?.[0]).toBeGreaterThanOrEqual(since);
  expect(asked.marks[0]?.[0]).toBeGreaterThanOrEqual(since);
});

test('at the screen’s resolution short holes close', async () => {
  const { spans, gaps } = await timeline('anna', '&resolutionMs=60000');
  expect(spans).toEqual([{ from: ago(24), to: now, recordedMs: 24 * HOUR - 5000 }]);
  expect(gaps).toEqual([]);
});

test('up to nine cameras at once; those not to be seen are named and put on record', async () => {
  const many = (person: string, ids: string) =>
    desk.as(person, { url: `/api/video/timelines?ids=${ids}&from=${ago(1)}&to=${now}` });
  const answer = Timelines.parse((await many('local', 'cam-2,cam-1')).json());
  expect(answer.timelines.map(({ cameraId }) => cameraId)).toEqual(['cam-1']);
  expect(answer.refused).toEqual(['cam-2']);
  expect(await desk.recorded()).toMatchObject([{ kind: 'video.refused', subject: 'cam-2' }]);
  const ten = Array.from({ length: 10 }, (_, i) => `cam-${i}`);
  expect((await many('anna', ten.join(','))).statusCode).toBe(400);
  expect((await many('anna', ten.slice(1).join(','))).json().timelines).toHaveLength(9);
  expect((await many('anna', 'cam-1,ap-1')).json().code).toBe('not-found');
});

test('without the archive there is no timeline', async () => {
  desk.allow('viewer', (action) => action === 'video.live');
  const answer = await desk.as('viewer', { url: `/api/video/cam-1/timeline?from=0&to=${now}` });
  expect([answer.statusCode, answer.json().code]).toEqual([403, 'no-right']);
});
