import { join } from 'node:path';
import { timelineRoutes } from '../../main/api/routes/timelines.ts';
import { makeTestDesk } from '../../main/api/test-desk.ts';
import { createLogger } from '../../main/base/logging.ts';
import { makeTestCity, testDevice } from '../../main/devices/test-city.ts';
import { createTimelineEvents } from '../../main/health/timeline-events.ts';
import { createBookmarks } from '../../main/recording/bookmarks.ts';
import { createExtents } from '../../main/recording/extents.ts';
import { createHolds } from '../../main/recording/holds.ts';
import { createRecording } from '../../main/recording/recording.ts';
import type { Storage } from '../../main/storage/database.ts';
import { atMost, type Figure, percentile } from './figures.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const GOAL_MS = 20;
const BASELINE = 'a minute or a month within 20 ms';
const SCREEN_PX = 1600;
const CAMERAS = 9;
const RUNS = 100;
/** Every so many files one is missing: some 5,600 gaps a month. */
const FRAGMENTED = 8;

/** A month of a camera in files of a minute, of two-second segments. */
async function month(db: Storage['db'], disk: number, cameraId: string, end: number, gapEvery: number) {
  const segments = Buffer.alloc(30 * 20, 1);
  const indexes = Array.from({ length: 31 * 1440 }, (_, index) => index).filter((i) => i % gapEvery !== 0);
  await db.transaction().execute(async (trx) => {
    for (let at = 0; at < indexes.length; at += 500)
      await trx
        .insertInto('recording_file')
        .values(
          indexes.slice(at, at + 500).map((index) => ({
            ...{ camera_id: cameraId, track: 'main' as const, path: `${cameraId}/${index}.mp4`, disk },
            ...{ first_msn: index * 30, segment_count: 30, bytes: 7_500_000, init_hash: 'x', segments },
            ...{ start_ms: end - 31 * DAY + index * MINUTE, end_ms: end - 31 * DAY + (index + 1) * MINUTE },
            ...{ state: 'closed' as const, break_before: index % gapEvery === 1 ? 'stream-lost' : null },
          })),
        )
        .execute();
  });
}

/** How long the hub takes to answer for a timeline, over an index of nine cameras, a month each. */
export async function timeline(): Promise<Figure[]> {
  const city = await makeTestCity();
  const { clock, bus } = city;
  const { db } = city.storage;
  const log = createLogger('silent');
  const desk = await makeTestDesk(city);
  const recording = createRecording({
    ...{ db, clock, log, bus, defaultDays: 31, ownDays: async () => new Map(), cameraIdOf: () => undefined },
    disks: [{ folder: join(city.dir, 'footage'), maxBytes: null, minFreeBytes: 0 }],
  });
  const holds = createHolds({
    ...{ db, clock, log, roomBytes: async () => 1e15, onEnded: async () => undefined },
    limits: { defaultDays: 30, maxDays: 365, maxShare: 1, hoursPerPerson: 1e6 },
  });
  const bookmarks = createBookmarks({ db, clock });
  try {
    await recording.start();
    await holds.start();
    const end = clock.now();
    const cameras = Array.from({ length: CAMERAS }, (_, index) => `cam-${index}`);
    await city.devices.seed(
      [],
      [],
      cameras.map((id) => testDevice({ id })),
    );
    const { num: disk } = await db.selectFrom('recording_disk').select('num').executeTakeFirstOrThrow();
    for (const id of cameras) await month(db, disk, id, end, id === 'cam-1' ? FRAGMENTED : 50_000);
    for (let i = 0; i < 1000; i++)
      await db
        .insertInto('status_changes')
        .values({ num: 1, at: end - i * 40 * MINUTE, status: i % 2 ? 'offline' : 'online', reason: 'will' })
        .execute();
    const who = { id: 'p', name: 'p' };
    for (let i = 0; i < 50; i++) {
      const from = end - (i + 1) * 12 * HOUR;
      const input = { cameraIds: ['cam-0'], from, to: from + HOUR, basis: 'x' };
      await holds.add(who, input, 'held', async () => undefined);
      const mark = { cameraId: 'cam-0', at: from, to: null, title: `${i}`, shared: true };
      await db.transaction().execute((trx) => bookmarks.add(trx, who, mark));
    }
    timelineRoutes(desk.app, {
      ...{ gate: desk.gate, devices: city.devices, holds, bookmarks },
      video: { timeline: (id, from, to) => recording.timeline(id, 'main', from, to) },
      timelineEvents: createTimelineEvents(db),
    });
    desk.allow('p', (action) => action === 'video.archive');

    const ask = (url: string, span: number, before: number) => {
      const resolutionMs = Math.floor(span / SCREEN_PX);
      const query = `from=${end - before - span}&to=${end - before}&resolutionMs=${resolutionMs}`;
      return desk.as('p', { url: `${url}${url.includes('?') ? '&' : '?'}${query}` });
    };
    const measure = async (runs: number, url: string, span: number, before = () => 0) => {
      const took: number[] = [];
      for (let run = 0; run < runs; run++) {
        const started = performance.now();
        const answer = await ask(url, span, before());
        took.push(performance.now() - started);
        if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
      }
      return took;
    };
    const one = (id: string) => `/api/video/${id}/timeline`;
    const many = `/api/video/timelines?ids=${cameras.join(',')}`;
    const anywhere = () => Math.floor(Math.random() * 30 * DAY);
    const figures: Figure[] = [];
    const add = (name: string, took: readonly number[], limit = GOAL_MS) => {
      for (const [label, p] of [
        ['p50', 0.5],
        ['p95', 0.95],
      ] as const)
        figures.push(atMost(`${name}, ${label}`, percentile(took, p), 'ms', limit, BASELINE));
    };
    await measure(10, one('cam-2'), HOUR);
    // The first look after an upgrade: no day is packed yet.
    add('month, nothing packed', await measure(5, one('cam-3'), 31 * DAY), 100);
    const packing = createExtents({ db, clock, log });
    await packing.pack();
    await packing.stop();
    add('minute anywhere', await measure(RUNS, one('cam-0'), MINUTE, anywhere));
    add('five days', await measure(RUNS, one('cam-0'), 5 * DAY));
    add('month, 50 holds and bookmarks', await measure(RUNS, one('cam-0'), 31 * DAY));
    add('month, 5,600 gaps, 1,000 status changes', await measure(RUNS, one('cam-1'), 31 * DAY));
    add('nine cameras, five days', await measure(RUNS, many, 5 * DAY), 50);
    return figures;
  } finally {
    await desk.app.close();
    await holds.stop();
    await recording.stop();
    await city.stop();
  }
}
