import { expect, test } from '@playwright/test';
import { cleanUp, type Desktop, launchDesktop } from '../support/electron-app.ts';
import { copyProgramForTestElectron, type ProgramCopy } from '../support/electron-program.ts';

/** The hub in Electron's own utility process, as it is shipped. */
let program: ProgramCopy | undefined;
let desktop: Desktop | undefined;

test.beforeAll(async () => {
  program = await copyProgramForTestElectron();
});

test.afterEach(async () => {
  await cleanUp(desktop);
  desktop = undefined;
});

test.afterAll(() => program?.remove());

async function launch(args: string[] = [], env: Record<string, string> = {}): Promise<Desktop> {
  if (!program) throw new Error('there is no program to start');
  desktop = await launchDesktop({
    program: program.folder,
    args,
    hubUnderNode: false,
    env: { KALANCHA_SQLITE_BINDING: program.nativeBinding, ...env },
  });
  return desktop;
}

/** Names of the utility processes that run. */
const services = ({ app }: Desktop): Promise<string[]> =>
  app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().flatMap((metric) => metric.name ?? metric.serviceName ?? []),
  );

test('the hub runs in a utility process, serves the window, and ends with it', async () => {
  const running = await launch([], { SECRET_OF_A_STRANGER: 'not for the hub' });
  const { page, processes } = running;
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\//);
  await expect(page.getByRole('button', { name: 'Войти' })).toBeVisible();
  const health = await fetch(new URL('/healthz', page.url()));
  expect(health.status).toBe(200);
  expect(await services(running)).toContain('Kalancha hub');
  expect(processes().filter(({ command }) => command.includes('embedded.js'))).toEqual([]);
  expect(await running.quit()).toBe(0);
  await expect.poll(processes).toEqual([]);
});

const demonstration = (): Promise<Desktop> =>
  launch(['--demo'], {
    KALANCHA_DEMO_CAMERAS: '60',
    KALANCHA_DEMO_ACCESS_POINTS: '5',
    KALANCHA_DEMO_RATE: '5',
  });

/** The hub's own ffmpegs, as against those that draw the scenes. */
const pulling = ({ processes }: Desktop) =>
  processes().filter(({ command }) => command.includes('ffmpeg') && command.includes('pipe:1'));

test('the demonstration runs in one too, its pictures reach the hub, and all of it ends with the window', async () => {
  const running = await demonstration();
  await running.page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\//);
  await expect.poll(() => services(running)).toContain('Kalancha demonstration');
  await expect.poll(() => pulling(running).length).toBeGreaterThan(0);
  expect(await running.quit()).toBe(0);
  await expect.poll(running.processes).toEqual([]);
});

test('a program that is killed takes hub, demonstration and every ffmpeg with it', async () => {
  const running = await demonstration();
  await running.page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\//);
  await expect.poll(() => pulling(running).length).toBeGreaterThan(0);
  running.app.process().kill('SIGKILL');
  await running.exited;
  await expect.poll(running.processes).toEqual([]);
});
