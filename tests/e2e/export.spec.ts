import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { ExportPublicKey } from '../../main/contract/export.ts';
import { Timeline } from '../../main/contract/video.ts';
import { endlessFootage } from '../support/footage.ts';
import { signIn, temporaryFolder, until } from '../support/hub-process.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { signInOnPage } from '../support/sign-in-page.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../../dist/main/cli.js', import.meta.url));
test.use({ locale: 'ru-RU', timezoneId: 'Europe/Moscow' });
const folder = temporaryFolder('export-page');
let small: SmallHub;
let rtsp: RtspServer;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  rtsp = await startRtspServer({ mounts: [{ path: '/vtest', file: await endlessFootage() }] });
  small = await startSmallHub('export-page');
  await small.addCamera('cam-1', rtsp.url('/vtest'));
  await small.addPerson('chief', 'police-supervisor');
});
test.afterAll(async () => {
  await small?.stop();
  await rtsp?.kill();
  folder.remove();
});

test('a supervisor marks a range, exports it, finds it in the tasks and hands over what proves itself', async ({
  page,
}) => {
  // Exports give way to everything else on the machine.
  test.setTimeout(480_000);
  const { httpUrl } = small.hub;
  const client = await signIn(httpUrl, 'chief', PASSWORD);
  const at = await until(
    'some seconds of footage',
    async () => {
      const now = Date.now();
      const path = `/api/video/cam-1/timeline?from=${now - 60_000}&to=${now}`;
      const span = Timeline.parse(await client.json(path)).spans.find(({ from, to }) => to - from > 6_000);
      return span && span.from + 3_000;
    },
    60_000,
  );
  await signInOnPage(page, httpUrl, 'chief', PASSWORD);
  await page.goto(`${httpUrl}/archive?cameras=cam-1&at=${at}`);
  await page.getByTestId('export').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByTestId('export-start').click();
  await expect(dialog.getByText(/Укажите основание/)).toBeVisible();
  await dialog.getByTestId('export-basis').fill('КУСП № 7');
  await dialog.getByTestId('export-start').click();
  await expect(dialog.locator('[data-testid=export][data-state]')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.getByTestId('jobs').click();
  const ready = page.getByTestId('jobs-list').locator('[data-testid=export][data-state=done]');
  await expect(ready).toBeVisible({ timeout: 300_000 });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    ready.getByTestId('export-download').click(),
  ]);
  const zip = join(folder.dir, download.suggestedFilename());
  await download.saveAs(zip);
  const key = ExportPublicKey.parse(await (await fetch(`${httpUrl}/api/exports/public-key`)).json());
  const { stdout } = await run(process.execPath, [
    cli,
    'verify-export',
    zip,
    '--fingerprint',
    key.fingerprint,
  ]);
  expect(stdout).toContain('genuine');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('jobs-list')).toBeHidden();
});
