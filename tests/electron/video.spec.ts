import { expect, test } from '@playwright/test';
import { cleanUp, type Desktop, launchDesktop } from '../support/electron-app.ts';
import { endlessFootage } from '../support/footage.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';
import { advancingFrames } from '../support/video-page.ts';

/** Real footage from a real RTSP server, live and from the archive, in the desktop window. */
let rtsp: RtspServer | undefined;
let small: SmallHub | undefined;
let desktop: Desktop | undefined;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  rtsp = await startRtspServer({ mounts: [{ path: '/vtest', file: await endlessFootage() }] });
  // The people and the camera are made from outside; the desktop program then takes the data folder over.
  small = await startSmallHub('desktop-video');
  await small.addCamera('cam-1', rtsp.url('/vtest'), { name: 'Перекрёсток у театра' });
  await small.addPerson('officer', 'police-officer');
  await small.hub.stop();
});

test.afterAll(async () => {
  await cleanUp(desktop);
  await small?.stop();
  await rtsp?.kill();
});

test('an officer signs in, watches a camera live and goes back in its archive; quitting leaves no ffmpeg', async () => {
  if (!small) throw new Error('there is no data to start on');
  desktop = await launchDesktop({ env: { KALANCHA_DATA: small.hub.dataDir } });
  const { page, processes } = desktop;
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\//);
  await page.getByLabel('Логин').fill('officer');
  await page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation')).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').fill('театр перекресток');
  await page.getByText('Перекрёсток у театра').first().click();
  const live = page.getByTestId('live-player');
  await expect(live).toHaveAttribute('data-player-state', 'live');
  expect(await advancingFrames(page, '[data-testid=live-player] video', 10)).toBe(10);
  expect(processes().filter(({ command }) => command.startsWith('ffmpeg'))).not.toEqual([]);

  const recorded = (): Promise<number> =>
    page.evaluate<number>(`(async () => {
      const answer = await fetch('/api/video/cam-1/timeline?from=' + (Date.now() - 600_000) + '&to=' + Date.now());
      const { oldest, newest } = await answer.json();
      return oldest === null || newest === null ? 0 : newest - oldest;
    })()`);
  await expect.poll(recorded, { timeout: 60_000 }).toBeGreaterThan(15_000);
  const oldest = await page.evaluate<number>(
    `fetch('/api/video/cam-1/timeline?from=' + (Date.now() - 600_000) + '&to=' + Date.now()).then((answer) => answer.json()).then((timeline) => timeline.oldest)`,
  );
  const asked = oldest + 5_000;
  await page.goto(new URL(`/archive?camera=cam-1&at=${asked}`, page.url()).href);
  const archive = page.getByTestId('archive-player');
  await expect(archive).toHaveAttribute('data-current-utc', /\d/);
  const shown = Number(await archive.getAttribute('data-current-utc'));
  expect(shown).toBeGreaterThan(asked - 500);
  expect(shown).toBeLessThan(asked + 15_000);
  expect(await advancingFrames(page, '[data-testid=archive-player] video', 10)).toBe(10);

  expect(await desktop.quit()).toBe(0);
  await expect.poll(processes).toEqual([]);
});
