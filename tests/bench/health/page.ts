/// <reference lib="dom" />

import type { Browser, Page } from '@playwright/test';
import { signInOnPage } from '../../support/sign-in-page.ts';
import { PASSWORD } from '../../support/small-hub.ts';
import { launchBrowser } from '../video/bench-hub.ts';
import type { CityHub } from './hub.ts';

export interface BenchPage {
  page: Page;
  stop(): Promise<void>;
}

/** A real Chromium in which somebody who may see everything is signed in. */
export async function openPage(hub: CityHub): Promise<BenchPage> {
  await hub.person('duty');
  const browser: Browser = await launchBrowser();
  try {
    const context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await signInOnPage(page, hub.hub.httpUrl, 'duty', PASSWORD);
    return { page, stop: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
