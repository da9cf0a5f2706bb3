/// <reference lib="dom" />

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { connectAsync } from 'mqtt';
import { shardOf } from '../../main/mqtt/topics.ts';
import { signIn, startHubProcess, until } from '../support/hub-process.ts';
import { startScenesProcess } from '../support/scenes-process.ts';
import { signInOnPage } from '../support/sign-in-page.ts';
import { PASSWORD, startSmallHub } from '../support/small-hub.ts';
import { atMost, type Figure, percentile } from './figures.ts';

const run = promisify(execFile);
const TIMES = 10;

/** Wall time of `work`, ms. */
async function took(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The first impression: start, first picture, a message's way to the map, a jump in the archive. */
export async function smoke(): Promise<Figure[]> {
  const figures = await startToReady();
  const scenes = await startScenesProcess();
  const small = await startSmallHub('bench-smoke');
  const browser = await chromium.launch({
    executablePath: process.env.KALANCHA_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
  });
  try {
    await small.addCamera('cam-1', `${scenes.url}/camera/1.ts`);
    await small.addDevice({ id: 'ap-1', kind: 'ap', name: 'Точка 1' });
    await small.addPerson('officer', 'police-officer');
    const officer = await signIn(small.hub.httpUrl, 'officer', PASSWORD);
    await until(
      'footage',
      async () => {
        const { oldest, newest } = await officer.json<{ oldest: number | null; newest: number | null }>(
          `/api/video/cam-1/timeline?from=${Date.now() - 600_000}&to=${Date.now()}`,
        );
        return oldest && newest && newest - oldest > 40_000 ? true : undefined;
      },
      90_000,
    );
    const page = await openPage(browser, small.hub.httpUrl);
    const foreign = await took(() =>
      run('ffmpeg', [
        '-nostdin',
        '-loglevel',
        'error',
        '-i',
        `${scenes.url}/camera/1.ts`,
        '-frames:v',
        '1',
        '-f',
        'null',
        '-',
      ]),
    );
    const first = await clickToFirstFrame(page, small.hub.httpUrl);
    figures.push(
      atMost(
        'click to first frame, p50',
        percentile(first, 0.5),
        'ms',
        1_000,
        `ffmpeg to the first frame of the same camera: ${foreign.toFixed(0)} ms`,
      ),
      atMost('click to first frame, p95', percentile(first, 0.95), 'ms', 1_000, 'the same'),
    );
    const { direct, shown } = await publishToMap(page, small.hub.httpUrl, small.hub.mqttUrl);
    figures.push(
      atMost(
        'publish to the card on the map, p95',
        percentile(shown, 0.95),
        'ms',
        1_000,
        `to another MQTT client of the same broker: ${percentile(direct, 0.95).toFixed(1)} ms`,
      ),
    );
    const seeks = await seekToFrame(page, small.hub.httpUrl);
    figures.push(
      atMost(
        'seek inside the archive to its frame, p50',
        percentile(seeks, 0.5),
        'ms',
        400,
        'goal of the design for a fresh seek',
      ),
      atMost('seek inside the archive to its frame, p95', percentile(seeks, 0.95), 'ms', 1_000, 'the same'),
    );
  } finally {
    await browser.close();
    await small.stop();
    await scenes.stop();
  }
  return figures;
}

/** An empty hub, and one whose registry holds the demonstration city already. */
async function startToReady(): Promise<Figure[]> {
  const node = await took(() => run(process.execPath, ['-e', '0']));
  const baseline = `node -e 0: ${node.toFixed(0)} ms`;
  const figures: Figure[] = [];
  for (const [name, args, limit] of [
    ['empty hub', [], 3_000],
    ['demonstration city', ['--demo'], 10_000],
  ] as const) {
    const dataDir = mkdtempSync(join(tmpdir(), 'kalancha-bench-'));
    for (const start of ['first start', 'second start']) {
      let stop: () => Promise<unknown> = async () => undefined;
      const ms = await took(async () => {
        const hub = await startHubProcess({ dataDir, args: [...args], readyMs: 120_000 });
        stop = hub.stop;
      });
      await stop();
      const first = start === 'first start' && args.length > 0;
      figures.push(atMost(`${start} to ready, ${name}`, ms, 'ms', first ? 60_000 : limit, baseline));
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
  return figures;
}

async function openPage(browser: Browser, httpUrl: string): Promise<Page> {
  const page = await (
    await browser.newContext({ locale: 'ru-RU', viewport: { width: 1440, height: 900 } })
  ).newPage();
  await signInOnPage(page, httpUrl, 'officer', PASSWORD);
  return page;
}

/** From the click on a search result to the first frame that the browser put on the screen. */
async function clickToFirstFrame(page: Page, httpUrl: string): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    await page.goto(`${httpUrl}/map`);
    await page.getByRole('navigation').first().waitFor();
    await page.waitForTimeout(500);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill('cam-1');
    const result = page.getByRole('dialog').getByText('Камера cam-1').first();
    await result.waitFor();
    const measured = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let clicked = 0;
          addEventListener(
            'click',
            () => {
              clicked ||= performance.now();
            },
            { capture: true, once: true },
          );
          const watch = () => {
            const video = document.querySelector('video');
            if (!video || clicked === 0) return requestAnimationFrame(watch);
            return video.requestVideoFrameCallback((now) => resolve(now - clicked));
          };
          watch();
        }),
    );
    await result.click();
    values.push(await measured);
  }
  return values;
}

/** From a device's publication to the word on the screen; and to another client of the broker. */
async function publishToMap(page: Page, httpUrl: string, mqttUrl: string) {
  const topic = `kalancha/v1/moscow/${shardOf('ap-1')}/ap/ap-1/status`;
  const device = await connectAsync(mqttUrl);
  const listener = await connectAsync(mqttUrl);
  await listener.subscribeAsync(topic, { qos: 1 });
  let heard: (at: number) => void = () => undefined;
  listener.on('message', () => heard(performance.now()));
  await page.goto(`${httpUrl}/map?device=ap-1`);
  const card = page
    .getByRole('complementary')
    .or(page.getByRole('region'))
    .filter({ hasText: 'Точка 1' })
    .first();
  await card.waitFor();
  const direct: number[] = [];
  const shown: number[] = [];
  for (let session = 1; session <= TIMES; session++) {
    const online = session % 2 === 1;
    const words = online ? 'На связи' : 'Проверяется';
    const seen = page.evaluate(
      (text) =>
        new Promise<number>((resolve) => {
          const watch = () =>
            document.body.innerText.includes(text) ? resolve(Date.now()) : requestAnimationFrame(watch);
          watch();
        }),
      words,
    );
    const heardAt = new Promise<number>((resolve) => {
      heard = resolve;
    });
    const published = Date.now();
    const steady = performance.now();
    await device.publishAsync(
      topic,
      JSON.stringify({
        v: 1,
        id: 'ap-1',
        online,
        session: Math.ceil(session / 2),
        ts: published,
        heartbeatS: 60,
      }),
      { qos: 1 },
    );
    direct.push((await heardAt) - steady);
    shown.push((await seen) - published);
  }
  await device.endAsync();
  await listener.endAsync();
  return { direct, shown };
}

/** From Enter in the time field to the first frame within a second of the time asked. */
async function seekToFrame(page: Page, httpUrl: string): Promise<number[]> {
  const start = Date.now() - 35_000;
  await page.goto(`${httpUrl}/archive?camera=cam-1&at=${start}`);
  await page.locator('[data-testid=archive-player][data-current-utc]').waitFor();
  const values: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const asked = start + ((i * 7_919) % 25_000);
    await page.getByTestId('typed-time').fill(String(asked));
    // Armed first and awaited afterwards: the key must not come before the listener.
    await page.evaluate((target) => {
      const measured = new Promise<number>((resolve, reject) => {
        let pressed = 0;
        const onKey = () => {
          pressed = performance.now();
        };
        addEventListener('keydown', onKey, { capture: true, once: true });
        const limit = setTimeout(() => reject(new Error('no frame in 15 s')), 15_000);
        // The player names the time of each frame as it reaches the screen.
        const watch = () => {
          const player = document.querySelector<HTMLElement>('[data-testid=archive-player]');
          const at = Number(player?.dataset.currentUtc);
          if (pressed === 0 || !(Math.abs(at - target) < 1_000)) return requestAnimationFrame(watch);
          clearTimeout(limit);
          return resolve(performance.now() - pressed);
        };
        watch();
      });
      Reflect.set(globalThis, 'measuredSeek', measured);
    }, asked);
    await page.keyboard.press('Enter');
    values.push(await page.evaluate(() => Reflect.get(globalThis, 'measuredSeek') as Promise<number>));
  }
  return values;
}
