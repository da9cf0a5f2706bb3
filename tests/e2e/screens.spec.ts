/// <reference lib="dom" />
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { type HubProcess, signIn, startHubProcess, temporaryFolder, until } from '../support/hub-process.ts';

/** Every screen of the demonstration: in Russian and dark, in English and light, and on a phone. */
const folder = temporaryFolder('screens');
let hub: HubProcess;
let accounts: { login: string; password: string; roleId: string }[];

test.beforeAll(async () => {
  test.setTimeout(240_000);
  hub = await startHubProcess({
    dataDir: folder.dir,
    args: ['--demo'],
    env: { KALANCHA_DEMO_CAMERAS: '3000', KALANCHA_DEMO_ACCESS_POINTS: '300', KALANCHA_DEMO_RATE: '200' },
    readyMs: 90_000,
  });
  accounts = ((await (await fetch(`${hub.httpUrl}/api/public`)).json()) as { demoAccounts: typeof accounts })
    .demoAccounts;
  // A camera that was never seen has no last picture, which a browser's console calls an error.
  const officer = accounts.find(({ roleId }) => roleId === 'police-officer');
  const client = await signIn(hub.httpUrl, officer?.login ?? '', officer?.password ?? '');
  await until('a picture of the first camera', async () => {
    const path = `/api/video/cam-000001/timeline?from=${Date.now() - 600_000}&to=${Date.now()}`;
    const { newest } = await client.json<{ newest: number | null }>(path);
    const picture = newest === null ? undefined : await client.get('/api/video/cam-000001/snapshot');
    return picture?.ok ? true : undefined;
  });
});

test.afterAll(async () => {
  await hub?.stop();
  folder.remove();
});

/** Screens by the role that uses them. */
const SCREENS = [
  ['police-officer', '/map'],
  ['police-officer', '/map?device=cam-000001'],
  ['police-officer', '/wall/new?cameras=cam-000001'],
  ['police-officer', '/archive?camera=cam-000001'],
  ['wifi-technician', '/wifi'],
  ['wifi-technician', '/wifi?view=channels'],
  ['wifi-technician', '/wifi?view=fleet'],
  ['wifi-technician', '/wifi/ap-0001'],
  ['police-supervisor', '/holds'],
  ['wifi-technician', '/incidents'],
  ['wifi-technician', '/reports'],
  ['wifi-technician', '/map?device=ap-0001&coverage=5'],
  ['access-administrator', '/access'],
  ['auditor', '/audit'],
  ['system-administrator', '/settings'],
] as const;

async function pageFor(browser: Browser, roleId: string, locale: string, phone: boolean): Promise<Page> {
  const account = accounts.find((one) => one.roleId === roleId);
  if (!account) throw new Error(`no demonstration account for ${roleId}`);
  const context = await browser.newContext({
    locale,
    timezoneId: 'Europe/Moscow',
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    hasTouch: phone,
    // Nothing is measured on its way to where it will be.
    reducedMotion: 'reduce',
  });
  if (locale === 'en-GB')
    await context.addInitScript(() => window.localStorage.setItem('kalancha.theme', 'light'));
  const answer = await context.request.post(`${hub.httpUrl}/api/session`, {
    data: { login: account.login, password: account.password },
  });
  expect(answer.ok()).toBe(true);
  return context.newPage();
}

/** What is to be touched and is lower than 44 px. Boxes and words of a table stand in rows that are touched whole. */
const smallForThumbs = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, [role="radio"] + label, header a, nav a, input')].flatMap(
      (element) => {
        const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
        const seen =
          width > 1 && height > 1 && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
        if (!seen || height >= 43.5 || element.closest('table, label, .mantine-Checkbox-root')) return [];
        const name = element.getAttribute('aria-label') ?? element.textContent;
        return [`${element.tagName} ${name.slice(0, 40)}: ${Math.round(width)} × ${Math.round(height)}`];
      },
    ),
  );

/** What looks like the name of a translation instead of its words. */
const RAW_KEY =
  /\b(common|commands|errors|map|devices|settings|archive|player|wifi|wall|access|audit|charts|reports|thresholds|incidents|holds|keys)[:.][a-z-]+(\.[a-z-]+)*\b/;

for (const [locale, phone] of [
  ['ru-RU', false],
  ['en-GB', false],
  ['ru-RU', true],
] as const) {
  for (const [roleId, path] of SCREENS) {
    test(`${path} as ${roleId}, ${locale}${phone ? ', phone' : ''}`, async ({ browser }, info) => {
      const page = await pageFor(browser, roleId, locale, phone);
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      await page.goto(`${hub.httpUrl}${path}`);
      await expect(page.getByRole('navigation').first()).toBeVisible();
      await page.waitForTimeout(2_500);
      await info.attach('screen', { body: await page.screenshot(), contentType: 'image/png' });

      expect(problems).toEqual([]);
      expect(await page.locator('body').innerText()).not.toMatch(RAW_KEY);
      const labels = await page.evaluate(() =>
        [...document.querySelectorAll('[aria-label],[title],[placeholder]')].flatMap((element) =>
          ['aria-label', 'title', 'placeholder'].flatMap((name) => element.getAttribute(name) ?? []),
        ),
      );
      expect(labels.filter((label) => /^[a-z-]+([.:][a-z-]+)+$/.test(label))).toEqual([]);
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wider, 'the page scrolls sideways').toBeLessThanOrEqual(0);
      if (!phone && path === '/wifi')
        expect(
          await page.getByTestId('ap-table').evaluate((table) => table.scrollWidth - table.clientWidth),
          'the table of access points scrolls sideways',
        ).toBeLessThanOrEqual(0);
      if (phone) expect(await smallForThumbs(page)).toEqual([]);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)).toEqual([]);
      await page.context().close();
    });
  }
}

test('enlarged to 200 %: picture and timeline are seen together, the map beside the card, all by keys', async ({
  browser,
}) => {
  const page = await pageFor(browser, 'police-officer', 'ru-RU', false);
  await page.setViewportSize({ width: 720, height: 450 });
  await page.goto(`${hub.httpUrl}/archive?camera=cam-000001`);
  const timeline = page.getByRole('slider', { name: 'Шкала времени' });
  await expect(timeline).toBeInViewport({ ratio: 1 });
  await expect(page.getByTestId('archive-player')).toBeInViewport({ ratio: 1 });
  for (let keys = 0; keys < 60; keys++) {
    if (await timeline.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(timeline).toBeFocused();
  await page.goto(`${hub.httpUrl}/map?device=cam-000001`);
  await expect(page.getByRole('button', { name: 'Закрыть' })).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('button', { name: 'Крупнее' })).toBeInViewport({ ratio: 1 });
  await page.context().close();
});

test('the sign-in page offers an account of each role, and one click lets in', async ({ browser }) => {
  const page = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  await page.goto(hub.httpUrl);
  await page.getByRole('button', { name: /Сотрудник полиции/ }).click();
  await expect(page.getByRole('navigation')).toBeVisible();
  await page.context().close();
});
