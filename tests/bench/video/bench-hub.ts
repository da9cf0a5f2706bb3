import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { type Client, signIn, until } from '../../support/hub-process.ts';
import { signInOnPage } from '../../support/sign-in-page.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../../support/small-hub.ts';

export const run = promisify(execFile);

export interface BenchHub {
  small: SmallHub;
  officer: Client;
  stop(): Promise<void>;
}

/** A hub of its own with a police officer who may look at everything. */
export async function startBenchHub(name: string, env: Record<string, string> = {}): Promise<BenchHub> {
  const small = await startSmallHub(`bench-${name}`, env);
  await small.addPerson('officer', 'police-officer');
  return {
    small,
    officer: await signIn(small.hub.httpUrl, 'officer', PASSWORD),
    stop: () => small.stop(),
  };
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.KALANCHA_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
      // A window that nobody sees must paint as one that somebody does.
      ...['--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding'],
    ],
  });

/** A window with the officer signed in. `way` `hls` keeps the socket of live tiles closed, so that LL-HLS is used. */
export async function openConsole(
  browser: Browser,
  httpUrl: string,
  way: 'socket' | 'hls',
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 1600, height: 900 } });
  const page = await context.newPage();
  if (way === 'hls') await page.routeWebSocket(/\/api\/tiles/, (socket) => socket.close());
  await signInOnPage(page, httpUrl, 'officer', PASSWORD);
  return { page, context };
}

interface Status {
  state: string;
  recording: boolean;
  restarts: number;
}

export const statusOf = (client: Client, id: string): Promise<Status> =>
  client.json<Status>(`/api/video/${id}/status`);

export const untilRunning = (client: Client, id: string, limitMs = 30_000): Promise<Status> =>
  until(
    `camera ${id}`,
    async () => {
      const status = await statusOf(client, id);
      return status.state === 'running' ? status : undefined;
    },
    limitMs,
  );
