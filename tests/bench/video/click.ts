import type { Browser, Page } from '@playwright/test';
import { clickToFirstFrame } from '../../support/glass.ts';
import { startScenesProcess } from '../../support/scenes-process.ts';
import { percentile } from '../figures.ts';
import { type BenchHub, launchBrowser, openConsole, run, startBenchHub, untilRunning } from './bench-hub.ts';
import type { VideoOptions } from './options.ts';
import { type Row, spread } from './rows.ts';
import { CAMERA, startCameras } from './source.ts';

const VIDEO = '[data-testid=live-player] video';
const LIMIT_MS = { socket: 200, hls: 500 };

/** From the click on a camera in a wall's list to its first picture on the screen; the camera is being recorded. */
export async function click({ times }: VideoOptions): Promise<Row[]> {
  const scenes = await startScenesProcess();
  const bench = await startBenchHub('click');
  const browser = await launchBrowser();
  try {
    const url = `${scenes.url}/camera/1.ts`;
    await bench.small.addCamera('cam-1', url);
    await untilRunning(bench.officer, 'cam-1');
    const baseline = `ffmpeg to the first frame of the camera itself: p50 ${(await ffmpegMs(url)).toFixed(0)} ms`;
    const rows: Row[] = [];
    for (const way of ['socket', 'hls'] as const)
      rows.push(
        spread(
          `click to first frame, camera running, ${way === 'socket' ? 'WebSocket' : 'LL-HLS'}`,
          'ms',
          await clicks(
            browser,
            bench,
            way,
            Array.from({ length: times }, () => 'cam-1'),
          ),
          LIMIT_MS[way],
          baseline,
        ),
      );
    return rows;
  } finally {
    await browser.close();
    await bench.stop();
    await scenes.stop();
  }
}

/** The same for cameras that nobody recorded or looked at before: each is clicked once. */
export async function demand({ times }: VideoOptions): Promise<Row[]> {
  const source = await startCameras(5);
  const bench = await startBenchHub('demand');
  const browser = await launchBrowser();
  try {
    const ids = Array.from({ length: times }, (_, index) => `cam-${index + 1}`);
    for (const id of ids) await bench.small.addCamera(id, source.url, { recorded: false });
    const limitMs = 3_000 + CAMERA.gopS * 1_000;
    const baseline = `ffmpeg to the first frame of the camera itself: p50 ${(await ffmpegMs(source.url)).toFixed(0)} ms`;
    return [
      spread(
        'click to first frame, camera not yet pulled',
        'ms',
        await clicks(browser, bench, 'socket', ids),
        limitMs,
        baseline,
      ),
    ];
  } finally {
    await browser.close();
    await bench.stop();
    await source.server.kill();
  }
}

async function clicks(
  browser: Browser,
  { small }: BenchHub,
  way: 'socket' | 'hls',
  ids: readonly string[],
): Promise<number[]> {
  const { page, context } = await openConsole(browser, small.hub.httpUrl, way);
  try {
    const values: number[] = [];
    for (const id of ids) {
      const camera = await emptyWall(page, small.hub.httpUrl, id);
      values.push(await clickToFirstFrame(page, VIDEO, () => camera.click()));
    }
    return values;
  } finally {
    await context.close();
  }
}

/** An empty wall with its list of cameras, at rest. */
async function emptyWall(page: Page, httpUrl: string, cameraId: string) {
  await page.goto(`${httpUrl}/map`);
  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  await page.goto(`${httpUrl}/wall/new`);
  const list = page.getByRole('complementary');
  await list.getByRole('textbox').fill(cameraId);
  const camera = list.locator(`button[data-camera="${cameraId}"]`);
  await camera.waitFor();
  // Loading is over. The tile connection is asked for by the first tile: made or refused, that is part of the click.
  await page.waitForTimeout(1_000);
  return camera;
}

async function ffmpegMs(url: string): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    await run('ffmpeg', ['-nostdin', '-loglevel', 'error', '-i', url, '-frames:v', '1', '-f', 'null', '-']);
    values.push(performance.now() - started);
  }
  return percentile(values, 0.5);
}
