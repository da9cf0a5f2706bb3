import { watchGlass } from '../../support/glass.ts';
import { startScenesProcess } from '../../support/scenes-process.ts';
import { percentile } from '../figures.ts';
import { launchBrowser, openConsole, startBenchHub, untilRunning } from './bench-hub.ts';
import type { VideoOptions } from './options.ts';
import { type Row, single, spread } from './rows.ts';

const TILES = 16;
const SCENES = 6;
const WATCH_MS = 30_000;
/** A tile without a new picture for so long is greyed: it starves. */
const STARVED_MS = 2_000;

/** Sixteen live tiles in one window: does each go on, and how old is what they show? */
export async function tiles(_options: VideoOptions): Promise<Row[]> {
  const scenes = await startScenesProcess();
  const bench = await startBenchHub('tiles');
  const browser = await launchBrowser();
  try {
    const ids = Array.from({ length: TILES }, (_, index) => `cam-${index + 1}`);
    for (const [index, id] of ids.entries())
      await bench.small.addCamera(id, `${scenes.url}/camera/${(index % SCENES) + 1}.ts`);
    for (const id of ids) await untilRunning(bench.officer, id, 60_000);
    const { page } = await openConsole(browser, bench.small.hub.httpUrl, 'socket');
    await page.goto(`${bench.small.hub.httpUrl}/wall/new?cameras=${ids.join(',')}`);
    const live = page.locator('[data-testid=live-player][data-player-state=live]');
    await live.nth(TILES - 1).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(5_000);
    const seen = await watchGlass(page, '[data-testid=live-player] video', WATCH_MS);
    const starved = seen.filter(({ painted, longestGapMs }) => painted < 2 || longestGapMs > STARVED_MS);
    const rates = seen.map(({ painted }) => painted / (WATCH_MS / 1000));
    const note = `pictures a second: least ${Math.min(...rates).toFixed(1)}, half ${percentile(rates, 0.5).toFixed(1)}; the cameras draw 15`;
    return [
      single(
        `tiles of ${TILES} in one window that do not advance`,
        'tiles',
        TILES - seen.length + starved.length,
        0,
        `longest gap between pictures of any tile ${(Math.max(...seen.map((one) => one.longestGapMs)) / 1000).toFixed(2)} s`,
        note,
      ),
      spread(
        `glass to glass of ${TILES} tiles at once`,
        's',
        seen.flatMap(({ agesMs }) => agesMs.map((ms) => ms / 1000)),
        1,
        'a single tile: see glass to glass',
      ),
    ];
  } finally {
    await browser.close();
    await bench.stop();
    await scenes.stop();
  }
}
