import { watchGlass } from '../../support/glass.ts';
import { percentile } from '../figures.ts';
import { launchBrowser, openConsole, startBenchHub, untilRunning } from './bench-hub.ts';
import type { VideoOptions } from './options.ts';
import { type Row, single, spread } from './rows.ts';
import { startSmallCameras } from './source.ts';

const TILES = 16;
const WATCH_MS = 30_000;
/** A tile without a new picture for so long is greyed: it starves. */
const STARVED_MS = 2_000;

/** Sixteen live tiles in one window, each a stream of its own: does each go on, and how long does any stand still? */
export async function tiles(_options: VideoOptions): Promise<Row[]> {
  const source = await startSmallCameras();
  const bench = await startBenchHub('tiles');
  const browser = await launchBrowser();
  try {
    const ids = Array.from({ length: TILES }, (_, index) => `cam-${index + 1}`);
    for (const id of ids) await bench.small.addCamera(id, source.url);
    for (const id of ids) await untilRunning(bench.officer, id, 60_000);
    const { page } = await openConsole(browser, bench.small.hub.httpUrl, 'socket');
    await page.goto(`${bench.small.hub.httpUrl}/wall/new?cameras=${ids.join(',')}`);
    const live = page.locator('[data-testid=live-player][data-player-state=live]');
    await live.nth(TILES - 1).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(5_000);
    const seen = await watchGlass(page, '[data-testid=live-player] video', WATCH_MS);
    const starved = seen.filter(({ painted, longestGapMs }) => painted < 2 || longestGapMs > STARVED_MS);
    const rates = seen.map(({ painted }) => painted / (WATCH_MS / 1000));
    const note = `pictures a second: least ${Math.min(...rates).toFixed(1)}, half ${percentile(rates, 0.5).toFixed(1)}; the cameras send 15`;
    return [
      single(
        `tiles of ${TILES} in one window that do not advance`,
        'tiles',
        TILES - seen.length + starved.length,
        0,
        `${seen.length} videos on the page`,
        note,
      ),
      spread(
        `longest time a tile of ${TILES} stood still in ${WATCH_MS / 1000} s`,
        's',
        seen.map(({ longestGapMs }) => longestGapMs / 1000),
        STARVED_MS / 1000,
        'greyed as stalled after 2 s',
      ),
    ];
  } finally {
    await browser.close();
    await bench.stop();
    await source.server.kill();
  }
}
