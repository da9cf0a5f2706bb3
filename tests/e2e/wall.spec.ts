/// <reference lib="dom" />
import AxeBuilder from '@axe-core/playwright';
import { type Browser, expect, type Locator, type Page, type Response, test } from '@playwright/test';
import { endlessFootage } from '../support/footage.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { signInOnPage } from '../support/sign-in-page.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';
import { advancingFrames } from '../support/video-page.ts';

/** One city with a few real cameras, an officer who builds walls, and a colleague with fewer rights. */
test.describe.configure({ mode: 'serial' });

let small: SmallHub;
let rtsp: RtspServer;
let page: Page;
const CAMERAS = ['cam-1', 'cam-2', 'cam-3', 'cam-4', 'cam-5'];

test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000);
  rtsp = await startRtspServer({ mounts: [{ path: '/vtest', file: await endlessFootage() }] });
  small = await startSmallHub('wall');
  for (const [i, id] of CAMERAS.entries())
    await small.addCamera(id, rtsp.url('/vtest'), {
      ...{ name: `Площадь ${i + 1}`, recorded: false, lon: 37.6 + i * 0.002 },
    });
  await small.addPerson('officer', 'police-officer');
  const mate = await small.addPerson('mate', 'police-officer');
  await small.admin.send('POST', '/api/access/grants', {
    ...{ personId: mate.personId, roleId: 'police-officer', scope: { type: 'device', id: 'cam-1' } },
    ...{ effect: 'deny', until: null, basis: 'Order 2' },
  });
  page = await signedIn(browser, 'officer');
});

test.afterAll(async () => {
  await page?.context().close();
  await small?.stop();
  await rtsp?.kill();
});

async function signedIn(browser: Browser, login: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'ru-RU', timezoneId: 'Europe/Moscow' });
  const made = await context.newPage();
  made.on('pageerror', (error) => {
    throw error;
  });
  await signInOnPage(made, small.hub.httpUrl, login, PASSWORD);
  return made;
}

const tile = (at: number, of: Page = page): Locator =>
  of.getByTestId('wall-page').locator(`[data-testid=wall-tile][data-at="${at}"]`);
const listed = (id: string) => page.getByRole('complementary').locator(`button[data-camera="${id}"]`);
/** Cameras of the page that is shown, in the order of their places. */
const shown = async () =>
  page
    .getByTestId('wall-page')
    .getByTestId('wall-tile')
    .evaluateAll((tiles) => tiles.map((element) => element.getAttribute('data-camera')));
const live = (at: number) =>
  expect(tile(at).getByTestId('live-player')).toHaveAttribute('data-player-state', 'live');

test('cameras come on the wall by dragging, by clicks and by keys, and change places', async () => {
  await page.goto(`${small.hub.httpUrl}/wall`);
  await listed('cam-1').dragTo(tile(3));
  await expect.poll(shown).toEqual([null, null, null, 'cam-1']);
  await listed('cam-2').click();
  await expect.poll(shown).toEqual(['cam-2', null, null, 'cam-1']);
  // Pick a place, then a camera: nothing is dragged.
  await tile(2).focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowRight');
  await expect(tile(1)).toBeFocused();
  await listed('cam-3').press('Enter');
  await expect.poll(shown).toEqual(['cam-2', 'cam-3', null, 'cam-1']);
  await tile(0).dragTo(tile(2));
  await expect.poll(shown).toEqual([null, 'cam-3', 'cam-2', 'cam-1']);
  await tile(1).focus();
  await page.keyboard.press('Delete');
  await expect.poll(shown).toEqual([null, null, 'cam-2', 'cam-1']);
  await live(2);
  await live(3);
});

test('layouts keep every camera; what does not fit is on further pages', async () => {
  await page.getByRole('button', { name: 'Камеры' }).focus();
  await page.keyboard.press('Digit3');
  await expect.poll(async () => (await shown()).length).toBe(9);
  for (const id of ['cam-3', 'cam-4', 'cam-5']) await listed(id).click();
  await page.keyboard.press('Digit1');
  await expect(page.getByText('1 из', { exact: false })).toBeVisible();
  await page.keyboard.press('Digit0');
  await expect(page.getByTestId('wall-page')).toHaveAttribute('data-layout', 'free');
  await expect.poll(async () => (await shown()).filter((id) => id !== null).sort()).toEqual(CAMERAS);
  await page.keyboard.press('Digit2');
  await expect(page.getByText('1 из 2')).toBeVisible();
});

test('a tile of the free layout is resized by the hand and by keys, never over another', async () => {
  await page.keyboard.press('Digit0');
  const area = () => tile(0).evaluate((element) => (element as HTMLElement).style.gridArea);
  const box = async () => {
    const found = await tile(0).boundingBox();
    if (!found) throw new Error('the tile is not shown');
    return found;
  };
  const first = await area();
  await tile(1).focus();
  await page.keyboard.press('Delete');
  await page.keyboard.press('Delete');
  const before = await box();
  await tile(0).focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(area).not.toBe(first);
  await expect.poll(async () => (await box()).width).toBeGreaterThan(before.width);
  const wide = await area();
  const corner = await tile(0).getByTestId('wall-resize').boundingBox();
  if (!corner) throw new Error('no corner to pull');
  await page.mouse.move(corner.x + 6, corner.y + 6);
  await page.mouse.down();
  await page.mouse.move(corner.x + 6, corner.y + 2000, { steps: 4 });
  await page.mouse.up();
  // Below lies another tile.
  expect(await area()).toBe(wide);
  await page.keyboard.press('Digit2');
});

test('one camera fills the wall with its picture running, and goes back', async () => {
  await expect.poll(async () => (await shown()).length).toBe(4);
  const names = await shown();
  const at = names.findIndex((id) => id !== null);
  await live(at);
  await tile(at).dblclick();
  await expect(tile(at)).toHaveAttribute('data-full', 'true');
  await expect(
    page.getByTestId('wall-page').getByTestId('live-player').filter({ visible: true }),
  ).toHaveCount(1);
  const video = `[data-testid=wall-tile][data-at="${at}"] video`;
  expect(await advancingFrames(page, video, 5)).toBe(5);
  await page.keyboard.press('Escape');
  await expect(tile(at)).not.toHaveAttribute('data-full', 'true');
});

test('in full screen the strip that tells of blindness stays in sight', async () => {
  await page.keyboard.press('f');
  const fullElement = page.locator(':fullscreen');
  await expect(fullElement.getByTestId('wall-stage')).toBeVisible();
  await expect(fullElement.getByRole('region', { name: 'Видит ли система город' })).toBeInViewport();
  await page.keyboard.press('f');
  await expect(fullElement).toHaveCount(0);
});

test('a wall is saved, shared with the unit, and opened again from the palette', async () => {
  await page.goto(`${small.hub.httpUrl}/wall/new?cameras=cam-1,cam-2,cam-3`);
  await expect.poll(shown).toEqual(['cam-1', 'cam-2', 'cam-3', null]);
  await page.getByRole('button', { name: 'Сохранить' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Название').fill('Три площади');
  await dialog.getByRole('switch', { name: 'Показывать моему подразделению' }).click();
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page).toHaveURL(/\/wall\/[0-9a-f-]{36}$/);

  await page.goto(`${small.hub.httpUrl}/map`);
  await expect(page.getByRole('application')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').fill('три площ');
  await page.getByText('Три площади').first().click();
  await expect.poll(shown).toEqual(['cam-1', 'cam-2', 'cam-3', null]);
  await live(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)).toEqual([]);
});

test('a colleague sees it without the camera that is not his to see, not even its name', async ({
  browser,
}) => {
  const other = await signedIn(browser, 'mate');
  const bodies: Promise<string>[] = [];
  const keep = (answer: Response) => {
    if (answer.url().includes('/api/walls')) bodies.push(answer.text());
  };
  other.on('response', keep);
  await other.goto(page.url());
  await expect(tile(0, other).getByTestId('wall-tile-hidden')).toBeVisible();
  await expect(tile(1, other)).toHaveAttribute('data-camera', 'cam-2');
  await expect.poll(() => bodies.length).toBeGreaterThan(1);
  other.off('response', keep);
  expect((await Promise.all(bodies)).join()).not.toContain('cam-1');
  expect(await other.getByTestId('wall-stage').innerText()).not.toContain('Площадь 1');
  await other.context().close();
});

test('a tour turns the pages, tells the time that is left, and waits when it is told to', async () => {
  await page.keyboard.press('Digit1');
  await page.getByRole('button', { name: 'Обход' }).click();
  await page.getByRole('switch', { name: 'Менять страницы по времени' }).click();
  await page.getByLabel('Показывать каждую').fill('8');
  await page.keyboard.press('Escape');
  await expect.poll(shown).toEqual(['cam-2']);
  await expect.poll(shown).toEqual(['cam-3']);
  await expect(page.getByTestId('tour-left')).toHaveAttribute('data-seconds', /^[1-8]$/);
  // Wherever it has come to meanwhile.
  await page.getByTestId('wall-page').getByTestId('wall-tile').first().focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Продолжить обход' })).toBeVisible();
  const stops = ['cam-1', 'cam-2', 'cam-3'];
  const [stopped = ''] = await shown();
  await page.keyboard.press('PageUp');
  await expect.poll(shown).toEqual([stops.at(stops.indexOf(stopped ?? '') - 1)]);
  await page.keyboard.press('Space');
  await expect.poll(shown).toEqual([stopped]);
});

test('it opens in a window of its own, with nothing around it', async () => {
  const coming = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Открыть в отдельном окне' }).click();
  const window = await coming;
  await expect(window.getByTestId('wall-stage')).toBeVisible();
  await expect(window.getByRole('navigation')).toHaveCount(0);
  await expect(window.getByTestId('tour-left')).toBeVisible();
  await window.close();
});

test('a rectangle on the map takes its cameras to a wall, or to the archive', async () => {
  await page.goto(`${small.hub.httpUrl}/map`);
  const map = page.getByRole('application');
  await expect(page.getByText('5 устройств')).toBeAttached();
  const box = await map.boundingBox();
  if (!box) throw new Error('there is no map');
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 20, box.y + 90);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 80, box.y + box.height - 60, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  const choice = page.getByTestId('area-choice');
  await expect(choice).toContainText('5 камер');
  await expect(choice.getByRole('link', { name: 'В архив: 5' })).toHaveAttribute('href', /cameras=cam-/);
  await choice.getByRole('link', { name: 'На стену: 5' }).click();
  await expect.poll(async () => (await shown()).filter((id) => id !== null).sort()).toEqual(CAMERAS);
  await expect(page).toHaveURL(/\/wall\/new$/);
});
