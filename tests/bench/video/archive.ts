import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { systemClock } from '../../../main/base/clock.ts';
import { openStorage, type Storage } from '../../../main/storage/database.ts';
import { writeArchivePlaylist } from '../../../main/video/archive-playlist.ts';
import { msnAt, writeLongIndex } from '../../support/five-day-index.ts';
import { type Client, signIn } from '../../support/hub-process.ts';
import { markedFootage } from '../../support/marked-footage.ts';
import { PASSWORD } from '../../support/small-hub.ts';
import { openVideoBench } from '../../support/video-bench.ts';
import { writeFootage } from '../../support/written-footage.ts';
import { percentile } from '../figures.ts';
import { type BenchHub, launchBrowser, openConsole, startBenchHub } from './bench-hub.ts';
import type { VideoOptions } from './options.ts';
import { type Row, spread } from './rows.ts';

const run = promisify(execFile);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** No setting names this disk: a start does not miss the files of its rows. */
const NO_DISK = 99;
/** Cameras whose five days stand in the index. */
const INDEXED = 100;
/** The camera whose playlists are asked for. */
const PLAYLISTS = 'cam-2';
/** Minutes of real footage that can be jumped to, spread over the five days. */
const REAL = 40;

/** The archive of five days: playlists, timelines, and jumps to footage that no cache holds. */
export async function archive({ times }: VideoOptions): Promise<Row[]> {
  const bench = await startBenchHub('archive');
  const browser = await launchBrowser();
  try {
    for (let i = 1; i <= INDEXED; i++)
      await bench.small.addDevice({
        id: `cam-${i}`,
        kind: 'camera',
        name: `Камера ${i}`,
        address: 'Арбат, 1',
      });
    const until = Math.floor(systemClock.now() / MINUTE) * MINUTE;
    const starts = Array.from({ length: REAL }, (_, i) => until - 5 * DAY + 2 * HOUR + i * 170 * MINUTE);
    let playlists: number[] = [];
    await bench.small.restart(async (dataDir) => {
      playlists = await writeArchive(dataDir, until, starts, times);
    });
    const storage = await openStorage(bench.small.hub.dataDir);
    await reach(storage.db, PLAYLISTS);
    await storage.stop();
    // It listens elsewhere now.
    bench.officer = await signIn(bench.small.hub.httpUrl, 'officer', PASSWORD);
    const { page } = await openConsole(browser, bench.small.hub.httpUrl, 'socket');
    return [
      spread(
        'playlist of 1 h from a five-day index, index to text',
        'ms',
        playlists,
        5,
        `the index holds five days of ${INDEXED} cameras`,
      ),
      ...(await answers(bench, until, times)),
      ...(await seeks(page, bench, starts, times)),
    ];
  } finally {
    await browser.close();
    await bench.stop();
  }
}

/** @returns how long the hub's own rooms take for the playlist of an hour, ms */
async function writeArchive(
  dataDir: string,
  until: number,
  starts: readonly number[],
  times: number,
): Promise<number[]> {
  const storage = await openStorage(dataDir);
  const cameras = await storage.db.selectFrom('device').select(['id', 'num']).execute();
  await writeLongIndex(storage.db, { cameras, until, disk: NO_DISK });
  // The minutes of real footage take the place of those that are only in the index.
  await storage.db
    .deleteFrom('recording_file')
    .where('camera_id', '=', 'cam-1')
    .where('start_ms', 'in', starts)
    .execute();
  await storage.stop();
  const mp4 = await markedFootage({ seconds: 60, fps: 20, gop: 40 });
  const camera = cameras.find(({ id }) => id === 'cam-1');
  if (!camera) throw new Error('the camera is not in the registry');
  const rooms = await openVideoBench([], { dataDir, recordings: join(dataDir, 'footage') });
  try {
    for (const startMs of starts) {
      const writer = rooms.recording.writer(camera, 'main');
      writeFootage(writer, mp4, startMs, msnAt(startMs), 'stream-lost');
      await writer.close();
    }
    await rooms.recording.flush();
    await reach(rooms.storage.db, PLAYLISTS);
    const values: number[] = [];
    for (let i = -3; i < times; i++) {
      const from = until - 4 * DAY + i * HOUR;
      const started = performance.now();
      writeArchivePlaylist('main', await rooms.recording.spans(PLAYLISTS, 'main', from, from + HOUR), from);
      if (i >= 0) values.push(performance.now() - started);
    }
    // A start would miss the files of rows that name a disk in use.
    await rooms.storage.db
      .updateTable('recording_file')
      .set({ disk: NO_DISK })
      .where('camera_id', '=', PLAYLISTS)
      .execute();
    return values;
  } finally {
    await rooms.close();
  }
}

/**
 * Puts the rows of a camera on the disk in use: footage on a disk that is away stands in no playlist, and at a start
 * without files it would be missed.
 */
async function reach(db: Storage['db'], cameraId: string): Promise<void> {
  const { disk } = await db
    .selectFrom('recording_file')
    .select('disk')
    .where('camera_id', '=', 'cam-1')
    .where('disk', '!=', NO_DISK)
    .limit(1)
    .executeTakeFirstOrThrow();
  await db.updateTable('recording_file').set({ disk }).where('camera_id', '=', cameraId).execute();
}

async function answers({ officer }: BenchHub, until: number, times: number): Promise<Row[]> {
  const health = await timed(officer, times, () => '/healthz');
  const baseline = `the same client's /healthz: p95 ${percentile(health, 0.95).toFixed(1)} ms`;
  const hours = await timed(officer, times, (i) => {
    const from = until - 4 * DAY + i * HOUR;
    return `/api/video/${PLAYLISTS}/archive-view.m3u8?from=${from}&to=${from + HOUR}`;
  });
  const timeline = (span: number) =>
    timed(officer, times, (i) => {
      const camera = `cam-${(i % INDEXED) + 1}`;
      return `/api/video/${camera}/timeline?from=${until - span}&to=${until}`;
    });
  return [
    spread('playlist of 1 h as a request: rights, record in the audit log, HTTP', 'ms', hours, 50, baseline),
    spread('timeline of a minute', 'ms', await timeline(MINUTE), 20, baseline),
    spread('timeline of a month', 'ms', await timeline(31 * DAY), 20, baseline),
  ];
}

async function timed(client: Client, times: number, path: (i: number) => string): Promise<number[]> {
  const values: number[] = [];
  // The first ones pay for what every later one finds ready.
  for (let i = -3; i < times; i++) {
    const started = performance.now();
    const answer = await client.get(path(i + 3));
    if (!answer.ok) throw new Error(`${path(i + 3)}: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
    if (i >= 0) values.push(performance.now() - started);
  }
  return values;
}

async function seeks(
  page: Page,
  { small }: BenchHub,
  starts: readonly number[],
  times: number,
): Promise<Row[]> {
  await page.goto(`${small.hub.httpUrl}/archive?camera=cam-1&at=${(starts[0] ?? 0) + 5_000}`);
  await page.locator('[data-testid=archive-player][data-current-utc]').waitFor();
  const folder = join(small.hub.dataDir, 'footage');
  const foreign = await foreignMs(folder);
  const baseline = `ffmpeg decoding the first picture of a cold file: p50 ${foreign.toFixed(0)} ms`;
  const fresh: number[] = [];
  const inside: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = starts[(i * 7 + 1) % starts.length] ?? 0;
    await forgetFiles(folder);
    fresh.push(await seek(page, start + 10_000 + ((i * 997) % 20_000)));
    await page.waitForTimeout(1_500);
    inside.push(await seek(page, start + 40_000 + ((i * 613) % 8_000)));
  }
  return [
    spread('archive seek to first frame, cold cache, fresh', 'ms', fresh, 400, baseline),
    spread('archive seek to first frame, inside the window', 'ms', inside, 150, baseline),
  ];
}

/** Takes the footage out of the page cache: the next reading comes from the disk. */
async function forgetFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true }))
    if (name.endsWith('.mp4'))
      await run('dd', [`if=${join(folder, name)}`, 'iflag=nocache', 'count=0', 'status=none']);
}

async function foreignMs(folder: string): Promise<number> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.mp4'));
  const values: number[] = [];
  for (const name of files.slice(0, 5)) {
    await forgetFiles(folder);
    const started = performance.now();
    await run('ffmpeg', [
      ...['-nostdin', '-loglevel', 'error', '-i', join(folder, name)],
      ...['-frames:v', '1', '-f', 'null', '-'],
    ]);
    values.push(performance.now() - started);
  }
  return percentile(values, 0.5);
}

/** From Enter in the time field to the first picture within a second of the time asked for, ms. */
async function seek(page: Page, utc: number): Promise<number> {
  await page.getByTestId('typed-time').fill(String(utc));
  const armed = await page.evaluateHandle((target) => {
    const result = new Promise<number>((resolve, reject) => {
      let pressed = 0;
      const onKey = (event: KeyboardEvent) => {
        if (event.key === 'Enter') pressed = event.timeStamp;
      };
      addEventListener('keydown', onKey, { capture: true, once: true });
      const limit = setTimeout(() => reject(new Error('no picture of that time in 20 s')), 20_000);
      const watch = () => {
        const player = document.querySelector<HTMLElement>('[data-testid=archive-player]');
        const at = Number(player?.dataset.currentUtc);
        if (pressed === 0 || !(Math.abs(at - target) < 1_000)) return requestAnimationFrame(watch);
        clearTimeout(limit);
        return resolve(performance.now() - pressed);
      };
      watch();
    });
    return { result };
  }, utc);
  await page.keyboard.press('Enter');
  return armed.evaluate(({ result }) => result);
}
