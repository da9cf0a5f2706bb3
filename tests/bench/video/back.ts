import type { Page } from '@playwright/test';
import { startRtspServer } from '../../support/rtsp-server.ts';
import { launchBrowser, openConsole, startBenchHub, untilRunning } from './bench-hub.ts';
import type { VideoOptions } from './options.ts';
import { pause } from './proc.ts';
import { type Row, spread } from './rows.ts';
import { longFootage } from './source.ts';

/** How long the camera's server stays away, s: the longer, the longer are the waits between attempts. */
const AWAY_S = [1, 3, 6, 12, 25, 45];

/** From the moment at which the camera's server listens again to the next picture on the screen. */
export async function back({ times }: VideoOptions): Promise<Row[]> {
  const mounts = [{ path: '/street', file: await longFootage(30) }];
  let server = await startRtspServer({ mounts });
  const { port } = server;
  const bench = await startBenchHub('back');
  const browser = await launchBrowser();
  try {
    await bench.small.addCamera('cam-1', server.url('/street'));
    await untilRunning(bench.officer, 'cam-1');
    const { page } = await openConsole(browser, bench.small.hub.httpUrl, 'socket');
    await page.goto(`${bench.small.hub.httpUrl}/wall/new?cameras=cam-1`);
    const values: number[] = [];
    const each: string[] = [];
    for (let i = 0; i < Math.min(times, 2 * AWAY_S.length); i++) {
      await page.locator('[data-testid=live-player][data-player-state=live]').waitFor({ timeout: 60_000 });
      await page.waitForTimeout(3_000);
      const awayS = AWAY_S[i % AWAY_S.length] ?? 1;
      await server.kill();
      await pause(awayS * 1_000);
      const seen = nextPicture(page);
      server = await startRtspServer({ mounts, port });
      const returned = Date.now();
      const tookMs = (await seen) - returned;
      values.push(tookMs / 1000);
      each.push(`${awayS} s away: ${(tookMs / 1000).toFixed(1)}`);
    }
    return [
      {
        ...spread(
          "picture back on the screen after the camera's server returns",
          's',
          values,
          4,
          'the server sends a keyframe at once; ffmpeg alone needs 1.4-2.3 s to its first fragment',
        ),
        note: each.join(', '),
      },
    ];
  } finally {
    await browser.close();
    await bench.stop();
    await server.kill();
  }
}

/** When the next new picture is painted, UTC ms. */
async function nextPicture(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        // The tile may change its video on the way: whichever paints first counts.
        const watched = new WeakSet<Element>();
        const look = () => {
          for (const video of document.querySelectorAll<HTMLVideoElement>(
            '[data-testid=live-player] video',
          )) {
            if (watched.has(video)) continue;
            watched.add(video);
            video.requestVideoFrameCallback(() => resolve(Date.now()));
          }
          requestAnimationFrame(look);
        };
        look();
      }),
  );
}
