import { type ChildProcess, spawn } from 'node:child_process';
import type { Browser } from '@playwright/test';
import { HEIGHT, WIDTH } from '../../../fixtures/scenes/camera-picture.ts';
import { readFrameMark } from '../../../fixtures/scenes/frame-mark.ts';
import { type Glass, watchGlass } from '../../support/glass.ts';
import { until } from '../../support/hub-process.ts';
import { startScenesProcess } from '../../support/scenes-process.ts';
import { percentile } from '../figures.ts';
import { type BenchHub, launchBrowser, openConsole, startBenchHub, untilRunning } from './bench-hub.ts';
import type { VideoOptions } from './options.ts';
import { type Row, spread } from './rows.ts';

const VIDEO = '[data-testid=live-player] video';
const LIMIT_S = { socket: 0.4, hls: 1 };

/** Glass to glass by both ways, from the clock in the picture; beside it what ffmpeg alone needs to decode the camera. */
export async function glass({ minutes }: VideoOptions): Promise<Row[]> {
  const scenes = await startScenesProcess();
  const bench = await startBenchHub('glass');
  const browser = await launchBrowser();
  try {
    const url = `${scenes.url}/camera/1.ts`;
    await bench.small.addCamera('cam-1', url);
    await untilRunning(bench.officer, 'cam-1');
    const decoded = await agesByFfmpeg(url, 15_000);
    const baseline = `ffmpeg decoding the camera itself: p95 ${(percentile(decoded, 0.95) / 1000).toFixed(3)} s`;
    const rows: Row[] = [];
    for (const way of ['socket', 'hls'] as const) {
      const seen = await watchWay(browser, bench, way, minutes * 60_000);
      const ages = seen.agesMs.map((ms) => ms / 1000);
      rows.push({
        ...spread(
          `glass to glass, ${way === 'socket' ? 'console tile' : 'LL-HLS with hls.js'}, ${minutes} min`,
          's',
          ages,
          LIMIT_S[way],
          baseline,
        ),
        note: `${seen.painted} pictures, ${seen.unreadable} unreadable, longest gap ${(seen.longestGapMs / 1000).toFixed(2)} s`,
      });
    }
    return rows;
  } finally {
    await browser.close();
    await bench.stop();
    await scenes.stop();
  }
}

async function watchWay(
  browser: Browser,
  { small }: BenchHub,
  way: 'socket' | 'hls',
  ms: number,
): Promise<Glass> {
  const { page, context } = await openConsole(browser, small.hub.httpUrl, way);
  try {
    await page.goto(`${small.hub.httpUrl}/wall/new?cameras=cam-1`);
    const player = page.locator(`[data-testid=live-player][data-transport=${way}][data-player-state=live]`);
    await player.waitFor({ timeout: 60_000 });
    // The first seconds are the joining, measured as the click; this is the watching.
    await page.waitForTimeout(5_000);
    const [seen] = await watchGlass(page, VIDEO, ms);
    if (!seen || seen.agesMs.length === 0) throw new Error(`no clock could be read by ${way}`);
    const wayAtEnd = await page.getByTestId('live-player').getAttribute('data-transport');
    if (wayAtEnd !== way) throw new Error(`the tile left ${way} for ${wayAtEnd}`);
    return seen;
  } finally {
    await context.close();
  }
}

/** Ages of the clock when ffmpeg has decoded it, ms. */
async function agesByFfmpeg(url: string, ms: number): Promise<number[]> {
  const ages: number[] = [];
  const frameBytes = WIDTH * HEIGHT * 4;
  const child: ChildProcess = spawn(
    'ffmpeg',
    [
      ...['-nostdin', '-loglevel', 'error', '-fflags', 'nobuffer', '-flags', 'low_delay'],
      ...['-probesize', '200000', '-analyzeduration', '500000', '-i', url],
      ...['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgba', 'pipe:1'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let rest = Buffer.alloc(0);
  child.stdout?.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= frameBytes) {
      const mark = readFrameMark(rest.subarray(0, frameBytes), WIDTH, HEIGHT);
      if (mark) ages.push(Date.now() - mark.utcMs);
      rest = rest.subarray(frameBytes);
    }
  });
  try {
    const started = Date.now();
    await until(
      'frames from ffmpeg',
      () => (Date.now() - started > ms && ages.length > 20) || undefined,
      ms * 4,
    );
  } finally {
    child.kill('SIGKILL');
  }
  // The burst with which it begins is older than what follows.
  return ages.slice(Math.floor(ages.length / 3));
}
