/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { type CommandDevice, commandDevice, obedient } from '../support/command-device.ts';
import { signInOnPage } from '../support/sign-in-page.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

/** The technician's desk: the table, commands that real devices at the hub's own broker carry out, coverage. */
test.describe.configure({ mode: 'serial' });

let small: SmallHub;
const devices: CommandDevice[] = [];
let stubborn = false;
/** Whether a change of channel takes a point off the network. */
let deaf = false;

const NAMES = { 'ap-1': 'Точка у метро', 'ap-2': 'Точка у театра', 'ap-3': 'Точка на складе' };

test.beforeAll(async () => {
  test.setTimeout(240_000);
  small = await startSmallHub('wifi-desk');
  for (const [id, name] of Object.entries(NAMES)) await small.addDevice({ id, kind: 'ap', name });
  await small.addPerson('technician', 'wifi-technician');
  await small.addPerson('officer', 'police-officer');
  for (const id of ['ap-1', 'ap-2']) {
    const device = commandDevice({
      // On a slow machine a test lasts longer than a point may be silent.
      ...{ city: 'moscow', kind: 'ap', id, everyMs: 10_000 },
      obey: async (own, command, again) => {
        if (deaf && command.kind === 'radio') {
          await own.answer(command.requestId, 'accepted');
          await own.vanish();
        } else if (stubborn) await own.answer(command.requestId, 'rejected', { reason: 'locked on site' });
        else await obedient(own, command, again);
      },
    });
    device.state = {
      firmware: '4.2.1',
      locating: false,
      radios: [{ band: '2.4', channel: 6, widthMHz: 20, txPowerDbm: 20 }],
      ssids: [{ ssid: 'Gorod', bssid: '02:00:00:00:00:01', enabled: true, clients: 3, rxB: 0, txB: 0 }],
      clients: [{ mac: '02:00:00:00:00:02' }, { mac: '02:00:00:00:00:03' }, { mac: '02:00:00:00:00:04' }],
    };
    devices.push(device);
    await device.connect(small.hub.mqttUrl);
  }
});

test.afterAll(async () => {
  for (const device of devices) await device.stop();
  await small?.stop();
});

async function signedIn(browser: Browser, login: string, phone = false): Promise<Page> {
  const page = await (
    await browser.newContext({
      ...{ locale: 'ru-RU', timezoneId: 'Europe/Moscow' },
      viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    })
  ).newPage();
  await signInOnPage(page, small.hub.httpUrl, login, PASSWORD);
  return page;
}

test('on a ladder, a technician lets a point blink and sees it confirmed; a refusal is told in its words', async ({
  browser,
}) => {
  const page = await signedIn(browser, 'technician', true);
  await page.goto(`${small.hub.httpUrl}/wifi/ap-1`);
  const locate = page.getByTestId('command-locate');
  const size = await locate.boundingBox();
  expect(size?.height).toBeGreaterThanOrEqual(60);
  await locate.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByTestId('command-preview')).toHaveAttribute('data-will-run', '1');
  await expect(dialog).toContainText('Никто из клиентов не потеряет связь');
  await dialog.getByTestId('command-do').click();
  await expect(dialog.getByTestId('command-steps')).toHaveAttribute('data-state', 'confirmed');
  await expect(dialog).toContainText('не мигает → мигает');
  expect(devices[0]?.heard.map(({ command }) => [command.kind, command.args])).toEqual([
    ['locate', { on: true, forS: 900 }],
  ]);
  await dialog.getByRole('button', { name: 'Закрыть' }).last().click();
  const line = page.getByTestId('command-line');
  await expect(line).toHaveAttribute('data-state', 'confirmed');
  await expect(line).toContainText('Person technician');

  stubborn = true;
  await page.getByTestId('command-reboot').click();
  await expect(page.getByRole('dialog')).toContainText('Потеряют связь 3 человека');
  await page.getByTestId('command-do').click();
  await expect(page.getByTestId('command-steps')).toHaveAttribute('data-state', 'rejected');
  await expect(page.getByTestId('command-steps')).toContainText('«locked on site»');
  stubborn = false;
  await page.context().close();
});

test('a run to several goes by stages, waits to be told to go on, and outlives a reload', async ({
  browser,
}) => {
  const page = await signedIn(browser, 'technician');
  await page.goto(`${small.hub.httpUrl}/wifi`);
  await page.getByTestId('select-all').click();
  await expect(page.getByTestId('ap-selected')).toHaveText('Выбрано 3 точки');
  await page.getByTestId('command-menu').click();
  await page.getByRole('menuitem', { name: 'Перезагрузить' }).click();
  await expect(page.getByTestId('command-preview')).toHaveAttribute('data-will-run', '2');
  await expect(page.getByTestId('command-skipped')).toContainText(
    `ещё не выходило на связь: 1 (${NAMES['ap-3']})`,
  );
  await page.getByLabel('После каждого этапа ждать моего решения').check();
  await page.getByTestId('command-do').click();
  const run = page.getByTestId('command-run');
  await expect(run).toHaveAttribute('data-state', 'paused');
  await expect(run).toContainText('этап закончен');

  await page.reload();
  await page.getByTestId('command-runs').click();
  await page.getByTestId('command-run-line').first().click();
  await expect(page).toHaveURL(/\/wifi\/runs\//);
  await run.getByRole('button', { name: 'Продолжить' }).click();
  await expect(run).toHaveAttribute('data-state', 'done');
  await expect(page.getByTestId('command-counts')).toHaveText('подтверждены: 2 · не выполнялись: 1');
  expect(devices.map(({ done }) => done.size)).toEqual([2, 1]);
  await page.context().close();
});

test('a channel on which the point gets lost is taken back: expected silence, no incident, and said as it is', async ({
  browser,
}) => {
  const [point] = devices;
  if (!point) throw new Error('there is no point');
  const page = await signedIn(browser, 'technician');
  await page.goto(`${small.hub.httpUrl}/wifi/ap-1`);
  await page.getByTestId('command-radio').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Канал' }).click();
  await page.getByRole('option', { name: '11', exact: true }).click();
  await expect(dialog).toContainText('она сама возьмёт прежние настройки');
  await expect(dialog.getByTestId('command-preview')).toContainText('канал 6, 20 МГц');
  deaf = true;
  await dialog.getByTestId('command-do').click();
  const steps = dialog.getByTestId('command-steps');
  await expect(steps).toHaveAttribute('data-state', 'accepted');
  await expect(page.getByTestId('expected-silence')).toContainText('Меняет настройки радио по команде');
  deaf = false;
  const asked = point.heard.at(-1)?.command;
  expect(asked).toMatchObject({ kind: 'radio', args: { band: '2.4', channel: 11, widthMHz: 20 } });
  await point.restart();
  await point.answer(asked?.requestId ?? '', 'reverted', { reason: 'no broker for 60 s' });
  await point.report();
  await expect(steps).toHaveAttribute('data-state', 'reverted');
  await expect(steps).toContainText('точка вернула прежние настройки');
  await expect(steps).toContainText('«no broker for 60 s»');
  await dialog.getByRole('button', { name: 'Закрыть' }).last().click();
  await expect(page.getByTestId('expected-silence')).toHaveCount(0);
  await expect(page.getByTestId('ap-incidents')).toContainText('Инцидентов с этой точкой не было.');
  await page.context().close();
});

test('switching a network off says what it costs, and the point shows it off once it is', async ({
  browser,
}) => {
  const page = await signedIn(browser, 'technician');
  await page.goto(`${small.hub.httpUrl}/wifi/ap-1`);
  await page.getByTestId('command-ssid').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('combobox', { name: 'Имя сети' })).toHaveValue('Gorod');
  await expect(dialog).toContainText('Потеряют связь 3 человека');
  await expect(dialog).toContainText('Это последняя включённая сеть');
  await dialog.getByTestId('command-do').click();
  await expect(dialog.getByTestId('command-steps')).toHaveAttribute('data-state', 'confirmed');
  await expect(dialog).toContainText('включена → выключена');
  await dialog.getByRole('button', { name: 'Закрыть' }).last().click();
  await expect(page.getByTestId('ap-ssids')).toContainText('выключена');
  await expect(page.getByTestId('exceeded')).toContainText('Все сети точки выключены');
  await page.context().close();
});

test('who may not command sees no command', async ({ browser }) => {
  const page = await signedIn(browser, 'officer');
  await page.goto(`${small.hub.httpUrl}/map?device=ap-1`);
  await expect(page.getByText(NAMES['ap-1']).first()).toBeVisible();
  await expect(page.getByTestId('command-reboot')).toHaveCount(0);
  await expect(page.getByTestId('command-runs')).toHaveCount(0);
  await page.context().close();
});

test('the table keeps its columns and saves what is selected; coverage is drawn and called an estimate', async ({
  browser,
}) => {
  const page = await signedIn(browser, 'technician');
  await page.goto(`${small.hub.httpUrl}/wifi`);
  await page.getByRole('button', { name: 'Столбцы' }).click();
  await page.getByLabel('Прошивка').check();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'Прошивка' })).toBeVisible();
  await page.getByTestId('ap-search').fill('театр');
  await expect(page.getByTestId('ap-row')).toHaveCount(1);
  await page.getByTestId('ap-select').check();
  const download = page.waitForEvent('download');
  await page.getByRole('toolbar').getByRole('button', { name: 'Выгрузить CSV' }).click();
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(NAMES['ap-2']);
  expect(lines[1]).toContain('4.2.1');
  expect(lines[1]).toContain('ap-2');

  await page.goto(`${small.hub.httpUrl}/map?coverage=2.4&device=ap-1`);
  const legend = page.getByTestId('coverage');
  await expect(legend).toContainText('Это расчёт, а не измерение');
  await expect(legend).toContainText('до 60 м');
  await expect(legend).toContainText('до 305 м');
  const painted = () =>
    page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.leaflet-coverage-pane canvas');
      const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return data.some((value, at) => at % 4 === 3 && value > 0);
    });
  await expect.poll(painted).toBe(true);
  await legend.getByText('6 ГГц').click();
  await expect(legend).toContainText('нет точек, сообщивших мощность');
  await expect.poll(painted).toBe(false);
  await page.context().close();
});

test('a point that dies is heard at a wall in a window of its own', async ({ browser }) => {
  const page = await signedIn(browser, 'officer');
  await page.addInitScript(() => {
    const start = AudioScheduledSourceNode.prototype.start;
    AudioScheduledSourceNode.prototype.start = function (when) {
      document.documentElement.dataset.tones = String(
        Number(document.documentElement.dataset.tones ?? 0) + 1,
      );
      start.call(this, when);
    };
  });
  const listed = page.waitForResponse((answer) => answer.url().endsWith('/api/incidents'));
  await page.goto(`${small.hub.httpUrl}/wall/new?screen=1`);
  await listed;
  await devices[0]?.vanish();
  // A warning is one tone.
  await expect(page.locator('html')).toHaveAttribute('data-tones', '1', { timeout: 90_000 });
  await page.context().close();
});
