/// <reference lib="dom" />

import type { Page } from '@playwright/test';
import { connectAsync } from 'mqtt';
import { atMost, type Figure, shown } from '../figures.ts';
import { pause } from '../video/proc.ts';
import type { BenchCity, CityDevice } from './city.ts';
import { type Felt, felt, inWords, jumpAbout, scrollOn, together } from './frames.ts';
import { startLoadedHub } from './load.ts';
import { statusOf } from './messages.ts';
import type { HealthOptions } from './options.ts';
import { openPage } from './page.ts';

const TABLE = '[data-testid="ap-table"]';
/** Longer than the console waits before it fetches all points anew. */
const IDLE_MS = 25_000;
/** The search waits a moment for the next letter. */
const SETTLED_MS = 500;
/** Points that lose their connection for a moment, and how many statuses of them change a second. */
const UNSTEADY = 300;
const CHANGES_A_SECOND = 20;
const BACK_AFTER_MS = 3_000;
/** Stands in most addresses. */
const SEARCHED = 'улиц';
/** A technician's laptop of some years ago. */
const SLOWER = 4;

/** Points whose connections break and come back before anybody is told: rows change in all parts of the table. */
async function startUnsteady(url: string, points: readonly CityDevice[]) {
  const client = await connectAsync(url);
  const session = Date.now();
  const say = (point: CityDevice, online: boolean) => {
    const { topic, payload } = statusOf(point, session, online);
    return client.publishAsync(topic, payload, { qos: 0 });
  };
  for (const point of points) await say(point, true);
  const back = new Set<NodeJS.Timeout>();
  let turn = 0;
  let failure: unknown;
  const failed = (error: unknown) => {
    failure = error;
  };
  const timer = setInterval(() => {
    const point = points[turn++ % points.length];
    if (!point) return;
    say(point, false).catch(failed);
    const later = setTimeout(() => {
      back.delete(later);
      say(point, true).catch(failed);
    }, BACK_AFTER_MS);
    back.add(later);
  }, 2_000 / CHANGES_A_SECOND);
  return async () => {
    clearInterval(timer);
    for (const later of back) clearTimeout(later);
    await client.endAsync(true);
    if (failure !== undefined) throw failure;
  };
}

interface Scrolled {
  wheel: Felt;
  fast: Felt;
  jumps: Felt;
}

async function scrolled(page: Page, selector: string): Promise<Scrolled> {
  const top = () => scrollOn(page, selector, -10_000_000, 1);
  await top();
  const wheel = await felt(page, () => scrollOn(page, selector, 120, 300));
  await top();
  const fast = await felt(page, () => scrollOn(page, selector, 900, 110));
  const jumps = await felt(page, () => jumpAbout(page, selector, 60, 100));
  await top();
  return { wheel, fast, jumps };
}

const whole = ({ wheel, fast, jumps }: Scrolled): Felt => together([wheel, fast, jumps]);

/** Sorts by each column both ways. */
async function sorted(page: Page): Promise<Felt> {
  const buttons = page.locator(`${TABLE} thead button`);
  const parts: Felt[] = [];
  for (let i = 0; i < (await buttons.count()); i++)
    for (let way = 0; way < 2; way++)
      parts.push(
        await felt(page, async () => {
          await buttons.nth(i).click();
          await page.waitForTimeout(SETTLED_MS);
        }),
      );
  return together(parts);
}

/** Types what nearly all rows hold, letter by letter, and takes it back. */
const searched = (page: Page): Promise<Felt> =>
  felt(page, async () => {
    const box = page.getByTestId('ap-search');
    for (const letter of SEARCHED) {
      await box.pressSequentially(letter);
      await page.waitForTimeout(SETTLED_MS);
    }
    for (const _ of SEARCHED) {
      await box.press('Backspace');
      await page.waitForTimeout(SETTLED_MS);
    }
  });

const ticked = (page: Page): Promise<Felt> =>
  felt(page, async () => {
    for (let way = 0; way < 2; way++) {
      await page.getByTestId('select-all').click();
      await page.waitForTimeout(SETTLED_MS);
    }
  });

/** A page as high as the table with a row's worth of nothing in each place. */
async function openPlain(table: Page): Promise<Page> {
  const { rows, height } = await table.evaluate((selector) => {
    const box = document.querySelector(selector);
    const rows = Number(box?.querySelector('table')?.getAttribute('aria-rowcount')) - 1;
    return { rows, height: box?.scrollHeight ?? 0 };
  }, TABLE);
  const plain = await table.context().newPage();
  await plain.setContent('<div id="plain" style="height:800px;overflow:auto"></div>');
  await plain.evaluate(
    (of) => {
      const box = document.querySelector('#plain');
      for (let i = 0; i < of.rows; i++) {
        const row = document.createElement('div');
        row.style.height = `${of.height / of.rows}px`;
        box?.append(row);
      }
    },
    { rows, height },
  );
  return plain;
}

async function slower(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

/** How the table of all access points goes under a technician's hands, with the usual load and points that come and go. */
export async function table(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const points = city.devices.filter(({ kind }) => kind === 'ap');
  const unsteady = points.slice(0, Math.min(UNSTEADY, Math.floor(points.length / 2)));
  const loaded = await startLoadedHub(options, city, new Set(unsteady.map(({ id }) => id)));
  const stops: (() => Promise<unknown>)[] = [() => loaded.stop()];
  try {
    stops.push(await startUnsteady(loaded.broker.url, unsteady));
    const opened = await openPage(loaded.hub);
    stops.push(opened.stop);
    const { page } = opened;
    await page.goto(`${loaded.hub.hub.httpUrl}/wifi`);
    await page.getByTestId('ap-row').first().waitFor();
    await pause(5_000);
    const plain = await openPlain(page);
    const empty = await scrolled(plain, '#plain');
    await slower(plain, SLOWER);
    const emptySlow = await scrolled(plain, '#plain');
    await plain.close();
    const before = await loaded.hub.messages();
    const began = performance.now();
    const idle = await felt(page, () => pause(IDLE_MS));
    const scroll = await scrolled(page, TABLE);
    const deeds = { sort: await sorted(page), search: await searched(page), tick: await ticked(page) };
    const perSecond = ((await loaded.hub.messages()) - before) / ((performance.now() - began) / 1000);
    await slower(page, SLOWER);
    const scrollSlow = await scrolled(page, TABLE);
    const note = `${points.length} points, ${Math.round(perSecond)} messages/s, ${CHANGES_A_SECOND} changes of points a second`;
    const goal = (what: string, of: Felt, baseline: string): Figure => ({
      ...atMost(`table of access points, ${what}: long tasks`, of.longTasksMs.length, '', 0, baseline),
      note: `${inWords(of)}; ${note}`,
    });
    const against = (of: Felt) => `a page of empty rows: ${inWords(of)}`;
    return [
      goal(`nobody touches it for ${IDLE_MS / 1000} s`, idle, ''),
      goal('wheel, 120 px a frame', scroll.wheel, against(empty.wheel)),
      goal('wheel, 900 px a frame', scroll.fast, against(empty.fast)),
      goal('60 jumps', scroll.jumps, against(empty.jumps)),
      goal('sorted by each column, both ways', deeds.sort, ''),
      goal('search, a letter at a time', deeds.search, ''),
      goal('all ticked and unticked', deeds.tick, ''),
      {
        ...shown(
          `table of access points, all scrolling on a processor ${SLOWER} times slower: long tasks`,
          whole(scrollSlow).longTasksMs.length,
          '',
          against(whole(emptySlow)),
        ),
        note: `900 px a frame: ${inWords(scrollSlow.fast)}`,
      },
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
