import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { cleanUp, type Desktop, launchDesktop, startAgain } from '../support/electron-app.ts';
import { startHubProcess } from '../support/hub-process.ts';

/** The window on the hub, in a real Electron: what it refuses, what it offers, how it begins and ends. */
let desktop: Desktop | undefined;

test.afterEach(async () => {
  await cleanUp(desktop);
  desktop = undefined;
});

const hubPage = /^http:\/\/127\.0\.0\.1:\d+\//;

async function signInPage(options: Parameters<typeof launchDesktop>[0] = {}): Promise<Desktop> {
  desktop = await launchDesktop(options);
  await desktop.page.waitForURL(hubPage);
  await expect(desktop.page.getByRole('button', { name: 'Войти' })).toBeVisible();
  return desktop;
}

test('the window comes up on the hub, dark from its first page, and quitting leaves no process', async () => {
  desktop = await launchDesktop();
  const { page, app } = desktop;
  await page.waitForURL(hubPage);
  await expect(page.getByRole('button', { name: 'Войти' })).toBeVisible();
  const window = await app.evaluate(({ BrowserWindow }) => {
    const [only, ...others] = BrowserWindow.getAllWindows();
    return { others: others.length, visible: only?.isVisible(), colour: only?.getBackgroundColor() };
  });
  expect(window).toEqual({ others: 0, visible: true, colour: '#0E141A' });
  expect(desktop.processes().some(({ command }) => command.includes('embedded.js'))).toBe(true);
  expect(await desktop.quit()).toBe(0);
  await expect.poll(desktop.processes).toEqual([]);
});

test('a page has the bridge and nothing else of Electron or Node', async () => {
  const { page } = await signInPage();
  const names = await page.evaluate<unknown>(`({
    require: typeof require, process: typeof process, module: typeof module, Buffer: typeof Buffer, global: typeof global,
    electron: typeof window.electron, shell: typeof window.kalanchaShell,
    bridge: Object.keys(window.kalanchaBridge).sort(),
  })`);
  expect(names).toEqual({
    require: 'undefined',
    process: 'undefined',
    module: 'undefined',
    Buffer: 'undefined',
    global: 'undefined',
    electron: 'undefined',
    shell: 'undefined',
    bridge: [
      'appVersion',
      'keepDisplayAwake',
      'notify',
      'onNoticeClicked',
      'openExternal',
      'openWall',
      'platform',
      'saveFile',
      'screens',
    ],
  });
  const answers = await page.evaluate<unknown>(`(async () => ({
    platform: await kalanchaBridge.platform({}),
    version: await kalanchaBridge.appVersion({}),
    awake: await kalanchaBridge.keepDisplayAwake({ on: true }),
    asleep: await kalanchaBridge.keepDisplayAwake({ on: false }),
    elsewhere: await kalanchaBridge.openExternal({ url: 'https://example.org/' }),
    wrong: await kalanchaBridge.saveFile({ name: '../x', type: 'text/csv', bytes: new Uint8Array(1) }).catch(String),
  }))()`);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(answers).toEqual({
    platform: { host: 'desktop', os: 'linux' },
    version: { desktop: version },
    awake: { awake: true },
    asleep: { awake: false },
    elsewhere: { opened: false },
    wrong: 'Error: saveFile: name: is not a bare file name',
  });
});

test('a file is saved where the person says, or not at all', async () => {
  const { page, app, home } = await signInPage();
  const target = join(home, 'журнал.csv');
  const answerDialog = (filePath: string) =>
    app.evaluate(({ dialog }, path) => {
      dialog.showSaveDialog = async () => ({ canceled: path === '', filePath: path });
    }, filePath);
  const save = () =>
    page.evaluate<unknown>(
      `kalanchaBridge.saveFile({ name: 'журнал.csv', type: 'text/csv', bytes: new TextEncoder().encode('а;б') }).catch(String)`,
    );
  await answerDialog('');
  expect(await save()).toEqual({ saved: false });
  await answerDialog(target);
  expect(await save()).toEqual({ saved: true });
  expect(readFileSync(target, 'utf8')).toBe('а;б');
  await answerDialog(join(home, 'no', 'such', 'folder.csv'));
  expect(await save()).toContain('ENOENT');
});

test('windows, foreign pages, frames and permissions are refused', async () => {
  // With a camera at hand, so that it is refused and not merely missing.
  const { page, app, log } = await signInPage({ args: ['--use-fake-device-for-media-stream'] });
  const here = page.url();
  expect(await page.evaluate<unknown>(`String(window.open('https://example.org/'))`)).toBe('null');
  expect(await page.evaluate<unknown>(`String(window.open(location.href))`)).toBe('null');
  await page.evaluate(`void (location.href = 'https://example.org/')`);
  await expect.poll(log).toContain('navigation refused: https://example.org/');
  await page.evaluate(`void (location.href = 'kalancha://shell/failed')`);
  await expect.poll(log).toContain('navigation refused: kalancha://shell/failed');
  await page.evaluate(`void (location.href = 'file:///etc/passwd')`);
  expect(page.url()).toBe(here);
  expect(app.windows()).toHaveLength(1);

  const states = await page.evaluate<unknown>(`(async () => {
    const state = (name) => navigator.permissions.query({ name }).then((answer) => answer.state);
    const media = await navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'granted', (error) => error.name);
    return { place: await state('geolocation'), notices: await state('notifications'), midi: await state('midi'), media };
  })()`);
  expect(states).toEqual({ place: 'denied', notices: 'denied', midi: 'denied', media: 'NotAllowedError' });
});

test('a wall opens in one window of its own, hardened as the first; nothing else does', async () => {
  const { page, app } = await signInPage();
  const { origin } = new URL(page.url());
  const { screens } = await page.evaluate<{ screens: { id: string; current: boolean }[] }>(
    'kalanchaBridge.screens({})',
  );
  expect(screens.filter(({ current }) => current)).toHaveLength(1);
  const open = (path: string) =>
    page.evaluate<unknown>(
      `kalanchaBridge.openWall({ path: ${JSON.stringify(path)}, screenId: null }).catch(String)`,
    );
  for (const path of ['https://example.org/wall/x', '//example.org/wall/x', '/wall/../../etc', '/map'])
    expect(await open(path)).toContain('is not the address of a wall');
  expect(app.windows()).toHaveLength(1);

  const coming = app.waitForEvent('window');
  expect(await open('/wall/new?screen')).toEqual({ opened: true });
  const wall = await coming;
  await wall.waitForURL((url) => url.origin === origin && url.pathname.startsWith('/wall'));
  expect(await wall.evaluate<unknown>(`[typeof require, typeof process, typeof kalanchaBridge]`)).toEqual([
    ...['undefined', 'undefined', 'object'],
  ]);
  expect(await wall.evaluate<unknown>(`String(window.open('https://example.org/'))`)).toBe('null');
  expect(await open('/wall/new?screen')).toEqual({ opened: true });
  expect(app.windows()).toHaveLength(2);
});

test('the hub serves this window and nobody else on the machine', async () => {
  const { page } = await signInPage();
  const { origin } = new URL(page.url());
  for (const path of ['/', '/api/public-info', '/api/devices', '/metrics']) {
    const outside = await fetch(`${origin}${path}`);
    expect([path, outside.status]).toEqual([path, 403]);
    expect(await outside.json()).toMatchObject({ code: 'wrong-window' });
  }
  const guessed = await fetch(`${origin}/`, { headers: { 'x-kalancha-launch': 'x'.repeat(43) } });
  expect(guessed.status).toBe(403);
  const inside = await page.evaluate<unknown>(`fetch('/').then((answer) => answer.status)`);
  expect(inside).toBe(200);
});

test('a hub that cannot start is explained, and starts when its reason is gone', async () => {
  const first = await startHubProcess();
  try {
    desktop = await launchDesktop({ env: { KALANCHA_DATA: first.dataDir } });
    const { page } = desktop;
    await expect(page.getByRole('alert')).toHaveText('Не удалось запустить сервер');
    await expect(page.getByText('Эту папку данных уже использует другая «Каланча»')).toBeVisible();
    await first.stop();
    await page.getByRole('button', { name: 'Повторить' }).click();
    await page.waitForURL(hubPage);
    await expect(page.getByRole('button', { name: 'Войти' })).toBeVisible();
  } finally {
    await first.kill();
  }
});

test('settings that are wrong are named, and the program ends from that page too', async () => {
  desktop = await launchDesktop({ env: { KALANCHA_MQTT_ULR: 'mqtt://127.0.0.1' } });
  const { page, exited, processes } = desktop;
  await expect(page.getByRole('alert')).toHaveText('Не удалось запустить сервер');
  await expect(page.getByText('KALANCHA_MQTT_ULR')).toBeVisible();
  expect(await page.evaluate<unknown>('typeof window.kalanchaBridge')).toBe('undefined');
  await page.getByRole('button', { name: 'Выйти' }).click();
  await exited;
  await expect.poll(processes).toEqual([]);
});

test('a hub that is killed comes back, and the window with it', async () => {
  const { page, processes } = await signInPage();
  const before = new URL(page.url()).origin;
  const hub = processes().find(({ command }) => command.includes('embedded.js'));
  if (!hub) throw new Error('the hub is not running');
  process.kill(hub.pid, 'SIGKILL');
  await page.waitForURL(/^kalancha:\/\/shell\/starting$/);
  await page.waitForURL(hubPage);
  await expect(page.getByRole('button', { name: 'Войти' })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(before);
});

test('SIGTERM ends the program, its hub included', async () => {
  const { app, exited, processes } = await signInPage();
  app.process().kill('SIGTERM');
  await exited;
  await expect.poll(processes).toEqual([]);
});

test('a second start only brings up the first window', async () => {
  const { app, home, page } = await signInPage();
  expect(await startAgain(home)).toBe(0);
  expect(app.windows()).toHaveLength(1);
  await expect(page.getByRole('button', { name: 'Войти' })).toBeVisible();
});

test('the window opens where it was closed, pages keep what they kept, and the log is its owner’s alone', async () => {
  const first = await signInPage();
  await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 100, y: 80, width: 900, height: 700 }),
  );
  await first.page.evaluate(`localStorage.setItem('kept', 'yes')`);
  await first.quit();
  const again = await signInPage({ home: first.home });
  const bounds = await again.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getNormalBounds(),
  );
  expect(bounds).toMatchObject({ width: 900, height: 700 });
  expect(await again.page.evaluate<unknown>(`localStorage.getItem('kept')`)).toBe('yes');
  const log = join(again.home, 'config', 'kalancha', 'logs', 'hub.log');
  expect(statSync(log).mode & 0o777).toBe(0o600);
});
