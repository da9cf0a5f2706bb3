import { type Browser, expect, type Page, test } from '@playwright/test';
import { shardOf } from '../../main/mqtt/topics.ts';
import { endlessFootage } from '../support/footage.ts';
import { signIn, until } from '../support/hub-process.ts';
import { mosquittoTools } from '../support/mosquitto.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { signInOnPage } from '../support/sign-in-page.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';
import { advancingFrames } from '../support/video-page.ts';

/** One city, one real camera, one access point, and the people of the main job, in a browser. */
test.describe.configure({ mode: 'serial' });

let small: SmallHub;
let rtsp: RtspServer;
let officerGrant: string;

const serverOptions = (file: string, port?: number) => ({
  mounts: [{ path: '/vtest', file }],
  user: 'admin',
  password: 'p@ss:w0rd',
  ...(port === undefined ? {} : { port }),
});

test.beforeAll(async () => {
  test.setTimeout(240_000);
  rtsp = await startRtspServer(serverOptions(await endlessFootage()));
  small = await startSmallHub('main-job');
  await small.addCamera('cam-1', rtsp.url('/vtest'), {
    streamUser: 'admin',
    streamPassword: 'p@ss:w0rd',
    name: 'Перекрёсток у театра',
  });
  await small.addDevice({ id: 'ap-1', kind: 'ap', name: 'Точка у метро', address: 'Театральная площадь, 2' });
  officerGrant = (await small.addPerson('officer', 'police-officer')).grantId;
  await small.addPerson('technician', 'wifi-technician');
});

test.afterAll(async () => {
  await small?.stop();
  await rtsp?.kill();
});

async function signedIn(browser: Browser, login: string, locale = 'ru-RU'): Promise<Page> {
  const page = await (await browser.newContext({ locale, timezoneId: 'Europe/Moscow' })).newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await signInOnPage(page, small.hub.httpUrl, login, PASSWORD, locale.startsWith('ru') ? 'ru' : 'en');
  expect(problems).toEqual([]);
  return page;
}

test('an officer finds a camera by address and watches it live', async ({ browser }) => {
  const page = await signedIn(browser, 'officer');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').fill('театр перекресток');
  await page.keyboard.press('Enter');
  const player = page.getByTestId('live-player');
  await expect(player).toHaveAttribute('data-player-state', 'live');
  expect(await advancingFrames(page, '[data-testid=live-player] video', 10)).toBe(10);
  await expect(player.getByTestId('watermark')).toContainText('Person officer');
  await page.context().close();
});

test('he goes back in the archive, and the picture there moves too', async ({ browser }) => {
  const page = await signedIn(browser, 'officer');
  const officer = await signIn(small.hub.httpUrl, 'officer', PASSWORD);
  const timeline = await until(
    'some seconds of footage',
    async () => {
      const { oldest, newest } = await officer.json<{ oldest: number | null; newest: number | null }>(
        `/api/video/cam-1/timeline?from=${Date.now() - 600_000}&to=${Date.now()}`,
      );
      return oldest && newest && newest - oldest > 20_000 ? { oldest, newest } : undefined;
    },
    60_000,
  );
  const asked = timeline.oldest + 8_000;
  await page.goto(`${small.hub.httpUrl}/archive?camera=cam-1&at=${asked}`);
  const player = page.getByTestId('archive-player');
  await expect(player).toHaveAttribute('data-current-utc', /\d/);
  const shown = Number(await player.getAttribute('data-current-utc'));
  expect(shown).toBeGreaterThan(asked - 500);
  expect(shown).toBeLessThan(asked + 15_000);
  expect(await advancingFrames(page, '[data-testid=archive-player] video', 10)).toBe(10);
  await page.context().close();
});

test('the camera dies: the picture says so, comes back by itself, and the archive plays across the gap', async ({
  browser,
}) => {
  const page = await signedIn(browser, 'officer');
  await page.goto(`${small.hub.httpUrl}/map?device=cam-1`);
  const player = page.getByTestId('live-player');
  await expect(player).toHaveAttribute('data-player-state', 'live');
  const diedAt = Date.now();
  await rtsp.kill();
  await expect(player).not.toHaveAttribute('data-player-state', 'live');
  await page.waitForTimeout(3_000);
  rtsp = await startRtspServer(serverOptions(await endlessFootage(), rtsp.port));
  await expect(player).toHaveAttribute('data-player-state', 'live');
  const backAt = Date.now();
  expect(await advancingFrames(page, '[data-testid=live-player] video', 10)).toBe(10);

  const officer = await signIn(small.hub.httpUrl, 'officer', PASSWORD);
  // Over before the picture was live again; the timeline may tell of it a little later.
  const gap = await until('the gap on the timeline', async () => {
    const { gaps } = await officer.json<{ gaps: { from: number; to: number; reason: string }[] }>(
      `/api/video/cam-1/timeline?from=${diedAt - 20_000}&to=${Date.now()}`,
    );
    return gaps.find(({ reason, to }) => reason === 'stream-lost' && to > diedAt && to < backAt);
  });
  await page.goto(`${small.hub.httpUrl}/archive?camera=cam-1&at=${gap.from - 3_000}`);
  const archive = page.getByTestId('archive-player');
  await expect(archive).toHaveAttribute('data-current-utc', /\d/);
  await expect
    .poll(async () => Number(await archive.getAttribute('data-current-utc')))
    .toBeGreaterThan(gap.to);
  await page.context().close();
});

test('a technician sees an access point fail, and come back', async ({ browser }) => {
  const page = await signedIn(browser, 'technician');
  await page.goto(`${small.hub.httpUrl}/wifi`);
  const row = page.getByTestId('ap-row').filter({ hasText: 'Точка у метро' });
  await expect(row).toContainText('Не выходило на связь');
  const tools = mosquittoTools(small.hub.mqttPort);
  const topic = `kalancha/v1/moscow/${shardOf('ap-1')}/ap/ap-1/status`;
  const status = (online: boolean, session: number) =>
    JSON.stringify({ v: 1, id: 'ap-1', online, session, ts: Date.now(), heartbeatS: 60 });
  await tools.publish(topic, status(true, 1), ['-q', '1', '-r']);
  await expect(row).toContainText('На связи');
  await tools.publish(topic, status(false, 1), ['-q', '1', '-r']);
  await expect(row).toContainText('Проверяется');
  await expect(row).toContainText('Нет связи');
  await tools.publish(topic, status(true, 2), ['-q', '1', '-r']);
  await expect(row).toContainText('На связи');
  // Its page keeps up with it, and the way back leads to the table as it was.
  await page.getByTestId('ap-search').fill('метро');
  await expect(page).toHaveURL(/q=/);
  await row.click();
  const point = page.getByTestId('ap-page');
  await expect(point.getByRole('heading', { level: 1 })).toHaveText('Точка у метро');
  await tools.publish(topic, status(false, 2), ['-q', '1', '-r']);
  await expect(point).toContainText('Проверяется');
  await tools.publish(topic, status(true, 3), ['-q', '1', '-r']);
  await expect(point).toContainText('На связи');
  await point.getByRole('link', { name: 'Все точки' }).click();
  await expect(page.getByTestId('ap-search')).toHaveValue('метро');
  await page.context().close();
});

test('an administrator takes the right away, and the running picture ends and says why', async ({
  browser,
}) => {
  const page = await signedIn(browser, 'officer');
  await page.goto(`${small.hub.httpUrl}/map?device=cam-1`);
  const player = page.getByTestId('live-player');
  await expect(player).toHaveAttribute('data-player-state', 'live');
  const ended = await small.admin.send('DELETE', `/api/access/grants/${officerGrant}`);
  expect(ended.ok).toBe(true);
  await expect(player).not.toHaveAttribute('data-player-state', 'live');
  await expect(page.locator('[data-testid=live-player] video')).not.toBeVisible();
  await page.context().close();
});
