import { expect, test } from '@playwright/test';
import { HoldPage } from '../../main/contract/holds.ts';
import { Timeline } from '../../main/contract/video.ts';
import { endlessFootage } from '../support/footage.ts';
import { signIn, until } from '../support/hub-process.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { signInOnPage } from '../support/sign-in-page.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

test.use({ locale: 'ru-RU', timezoneId: 'Europe/Moscow' });
let small: SmallHub;
let rtsp: RtspServer;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  rtsp = await startRtspServer({ mounts: [{ path: '/vtest', file: await endlessFootage() }] });
  small = await startSmallHub('holds-page');
  await small.addCamera('cam-1', rtsp.url('/vtest'));
  await small.addPerson('officer', 'police-officer');
  await small.addPerson('chief', 'police-supervisor');
});
test.afterAll(async () => {
  await small?.stop();
  await rtsp?.kill();
});

test('an officer asks to keep a stretch and bookmarks it; a supervisor confirms, finds it, and ends it', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000);
  const { httpUrl } = small.hub;
  const chief = await signIn(httpUrl, 'chief', PASSWORD);
  const at = await until(
    'some seconds of footage',
    async () => {
      const now = Date.now();
      const path = `/api/video/cam-1/timeline?from=${now - 60_000}&to=${now}`;
      const span = Timeline.parse(await chief.json(path)).spans.find(({ from, to }) => to - from > 6_000);
      return span && span.from + 3_000;
    },
    60_000,
  );
  const held = async () => HoldPage.parse(await chief.json('/api/holds')).items;

  await signInOnPage(page, httpUrl, 'officer', PASSWORD);
  await page.goto(`${httpUrl}/archive?camera=cam-1&at=${at}`);
  await page.getByTestId('hold').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Потребуется подтверждение')).toBeVisible();
  await dialog.getByTestId('hold-submit').click();
  await expect(dialog.getByText('Укажите основание')).toBeVisible();
  await dialog.getByTestId('hold-basis').fill('КУСП 1147');
  await dialog.getByTestId('hold-submit').click();
  await expect(page.getByText(/Фрагмент защищён до/)).toBeVisible();
  await expect(dialog).toBeHidden();
  expect(await held()).toMatchObject([{ state: 'requested', basis: 'КУСП 1147', cameraIds: ['cam-1'] }]);

  await page.getByTestId('bookmark').click();
  await dialog.getByTestId('bookmark-title').fill('Белый фургон');
  await dialog.getByText('Все, кому доступен архив этой камеры').click();
  await dialog.getByTestId('bookmark-submit').click();
  await expect(dialog).toBeHidden();

  const context = await browser.newContext({ locale: 'ru-RU', timezoneId: 'Europe/Moscow' });
  const other = await context.newPage();
  await signInOnPage(other, httpUrl, 'chief', PASSWORD);
  await other.getByRole('navigation').getByRole('link', { name: 'Сохранено' }).click();
  await other.getByText('На подтверждение · 1').click();
  const hold = other.getByTestId('hold');
  await expect(hold).toContainText('КУСП 1147');
  await hold.getByTestId('hold-approve').click();
  await expect(other.getByText('Запросов на подтверждение нет')).toBeVisible();
  expect(await held()).toMatchObject([{ state: 'held', approvedBy: { name: 'Person chief' } }]);

  await other.getByText('Действующие').click();
  await hold.getByRole('link', { name: 'Открыть в архиве' }).click();
  await other.getByTestId('open-bookmarks').click();
  const bookmark = other.getByTestId('bookmark-row');
  await expect(bookmark).toContainText('Белый фургон');
  await expect(bookmark).toContainText('Person officer');
  await bookmark.getByText('Белый фургон').click();
  await expect(other.getByTestId('bookmark-list')).toBeHidden();

  await other.goto(`${httpUrl}/holds`);
  await hold.getByTestId('hold-end').click();
  await other.getByTestId('hold-end-confirm').click();
  await expect(other.getByText('Укажите причину')).toBeVisible();
  await other.getByTestId('hold-end-note').fill('Дело закрыто');
  await other.getByTestId('hold-end-confirm').click();
  await expect(other.getByText('Сохранённых записей нет')).toBeVisible();
  expect(await held()).toEqual([]);
  await context.close();
});
