import { expect, type Locator, type Page, test, type WebSocketRoute } from '@playwright/test';
import { smallFootage } from '../support/footage.ts';
import { type Glass, watchGlass } from '../support/glass.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { type ScenesProcess, startScenesProcess } from '../support/scenes-process.ts';
import { signInOnPage } from '../support/sign-in-page.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

/** Live tiles as the console shows them; the drawn cameras tell by their clock what is really on the screen. */
test.describe.configure({ mode: 'serial' });

const CAMERAS = 16;
const SMALL_WIDTH = 256;
const LARGE_WIDTH = 640;
const VIDEO = '[data-testid=live-player] video';

let small: SmallHub;
let scenes: ScenesProcess;
let rtsp: RtspServer;

test.beforeAll(async () => {
  scenes = await startScenesProcess();
  small = await startSmallHub('live-tiles');
  rtsp = await startRtspServer({ mounts: [{ path: '/small', file: await smallFootage() }] });
  await small.addCamera('cam-1', `${scenes.url}/camera/1.ts`);
  await small.addCamera('cam-two', `${scenes.url}/camera/2.ts`, { secondUrl: rtsp.url('/small') });
  await small.addPerson('officer', 'police-officer');
});

test.afterAll(async () => {
  await small?.stop();
  await scenes?.stop();
  await rtsp?.kill();
});

/** A picture may be read twice where the browser paints one more before the reading; none may come after a later one. */
const neverBack = (values: readonly number[]) =>
  values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0));

async function openCamera(page: Page, id = 'cam-1'): Promise<Locator> {
  await signInOnPage(page, small.hub.httpUrl, 'officer', PASSWORD);
  await page.goto(`${small.hub.httpUrl}/map?device=${id}`);
  return page.getByTestId('live-player');
}

/** The first video, watched for some seconds at a time until more than so many pictures could be read in them. */
async function watchFirst(page: Page, frames: number): Promise<Glass | undefined> {
  let glass: Glass | undefined;
  await expect
    .poll(async () => {
      [glass] = await watchGlass(page, VIDEO, 4_000);
      return new Set(glass?.frames).size;
    })
    .toBeGreaterThan(frames);
  return glass;
}

/** From here on the tile keeps in `data-shown` by which way it showed what. */
const keepWhatIsShown = (player: Locator): Promise<void> =>
  player.evaluate((element) => {
    const look = () => {
      const { transport, playerState, shown = '' } = element.dataset;
      const now = `${transport}/${playerState}`;
      if (shown.split(' ').at(-1) !== now) element.dataset.shown = `${shown} ${now}`.trim();
    };
    delete element.dataset.shown;
    look();
    new MutationObserver(look).observe(element, {
      attributes: true,
      attributeFilter: ['data-player-state', 'data-transport'],
    });
  });
const whatWasShown = async (player: Locator): Promise<string[]> =>
  (await player.getAttribute('data-shown'))?.split(' ') ?? [];

/**
 * Does it again where the machine stood still for seconds meanwhile: only a live picture can stay while another comes.
 * The test's own limit ends it.
 */
async function whileLive(act: () => Promise<string[]>): Promise<string[]> {
  for (;;) {
    const shown = await act();
    if (!shown.some((one) => one.endsWith('/stalled'))) return shown;
  }
}

test('the picture comes by the tile connection, and nothing of it by HTTP', async ({ page }) => {
  const parts: string[] = [];
  page.on('request', (request) => {
    if (/\/api\/video\/.*\.(m3u8|m4s|mp4)/.test(request.url())) parts.push(request.url());
  });
  const player = await openCamera(page);
  await expect(player).toHaveAttribute('data-player-state', 'live');
  await expect(player).toHaveAttribute('data-transport', 'socket');
  const glass = await watchFirst(page, 5);
  expect(glass?.unreadable).toBe(0);
  expect(neverBack(glass?.frames ?? [])).toBe(true);
  expect(parts).toEqual([]);
});

test('where the connection is refused, the picture comes by LL-HLS at once, and keeps its distance from the edge', async ({
  page,
}) => {
  let tries = 0;
  const triesBefore: number[] = [];
  await page.routeWebSocket(/\/api\/tiles/, (socket) => {
    tries += 1;
    void socket.close();
  });
  page.on('request', (request) => {
    if (/\/live\.m3u8/.test(request.url())) triesBefore.push(tries);
  });
  const player = await openCamera(page);
  await expect(player).toHaveAttribute('data-transport', 'hls');
  await expect(player).toHaveAttribute('data-player-state', 'live');
  expect(triesBefore[0]).toBe(1);
  await watchFirst(page, 3);
  // Nearer to the end than the playlist allows: only slower playing leads back, unless the machine stood still meanwhile.
  await expect
    .poll(() =>
      page.locator(VIDEO).evaluate(
        (video: HTMLVideoElement) =>
          new Promise<boolean>((resolve) => {
            const { buffered } = video;
            if (buffered.length === 0) {
              resolve(false);
              return;
            }
            video.addEventListener('ratechange', () => video.playbackRate < 1 && resolve(true));
            setTimeout(() => resolve(false), 4_000);
            video.currentTime = buffered.end(buffered.length - 1) - 0.2;
          }),
      ),
    )
    .toBe(true);
});

test('on a slow line LL-HLS comes to a picture too, if behind the edge', async ({ page }) => {
  await page.routeWebSocket(/\/api\/tiles/, (socket) => void socket.close());
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  // Each part takes a request, and a request takes longer than a part lasts.
  await devtools.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 700, downloadThroughput: -1, uploadThroughput: -1 },
  });
  const player = await openCamera(page);
  await expect(player).toHaveAttribute('data-player-state', 'live');
  await expect(player).toHaveAttribute('data-transport', 'hls');
});

test('a connection that comes back takes the picture over without a black frame', async ({ page }) => {
  let refuse = true;
  await page.routeWebSocket(/\/api\/tiles/, (socket) => {
    if (refuse) void socket.close();
    else socket.connectToServer();
  });
  const player = await openCamera(page);
  let again = false;
  const shown = await whileLive(async () => {
    refuse = true;
    if (again) await page.reload();
    again = true;
    await expect(player).toHaveAttribute('data-transport', 'hls');
    await expect(player).toHaveAttribute('data-player-state', 'live');
    await keepWhatIsShown(player);
    refuse = false;
    await expect(player).toHaveAttribute('data-transport', 'socket');
    return whatWasShown(player);
  });
  expect(shown).toEqual(['hls/live', 'socket/live']);
  await expect(page.locator(VIDEO)).toHaveCount(1);
});

test('a picture that stands still is greyed and says since when, and comes back by itself', async ({
  page,
}) => {
  let held = false;
  const routes: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/api\/tiles/, (socket) => {
    routes.push(socket);
    socket.connectToServer().onMessage((message) => {
      if (!held || typeof message === 'string') socket.send(message);
    });
  });
  const player = await openCamera(page);
  await expect(player).toHaveAttribute('data-player-state', 'live');
  await expect(player).toHaveAttribute('data-dimmed', 'false');
  held = true;
  await expect(player).toHaveAttribute('data-player-state', 'stalled');
  await expect(player).toHaveAttribute('data-dimmed', 'true');
  await expect(player.getByText(/^Новых кадров нет с \d/)).toBeVisible();
  await expect(player.getByText('Прямой эфир')).toHaveCount(0);
  held = false;
  await expect(player).toHaveAttribute('data-player-state', 'live');
});

test('a tile out of sight fetches nothing and comes back at the edge', async ({ page }) => {
  let binary = 0;
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload !== 'string') binary += 1;
    });
  });
  const player = await openCamera(page);
  await expect(player).toHaveAttribute('data-player-state', 'live');
  await expect.poll(() => binary).toBeGreaterThan(0);
  const move = (shift: string) =>
    player.evaluate((element, to) => {
      element.style.transform = to;
    }, shift);
  await move('translateX(-5000px)');
  await expect(player).toHaveAttribute('data-player-state', 'hidden');
  await expect(page.locator(VIDEO)).toHaveCount(0);
  // What was under way may still come; then nothing does for two seconds.
  await expect
    .poll(async () => {
      const before = binary;
      await page.waitForTimeout(2_000);
      return binary - before;
    })
    .toBe(0);
  await move('none');
  await expect(player).toHaveAttribute('data-player-state', 'live');
  // It begins with the last key frame and then catches up; had it gone on where it was, it would stay behind by more.
  await expect
    .poll(async () => Date.now() - Number(await player.getAttribute('data-current-utc')))
    .toBeLessThan(1_500);
});

test('the large stream takes the small one’s place without a moment that is not live', async ({ page }) => {
  const player = await openCamera(page, 'cam-two');
  const width = () =>
    page
      .locator(VIDEO)
      .last()
      .evaluate((video) => (video as HTMLVideoElement).videoWidth);
  const shown = await whileLive(async () => {
    await page.evaluate(() => document.fullscreenElement && document.exitFullscreen());
    await expect.poll(width).toBe(SMALL_WIDTH);
    await expect(page.locator(VIDEO)).toHaveCount(1);
    await expect(player).toHaveAttribute('data-player-state', 'live');
    await keepWhatIsShown(player);
    await player.getByRole('button', { name: 'На весь экран' }).click();
    await expect.poll(width).toBe(LARGE_WIDTH);
    await expect(page.locator(VIDEO)).toHaveCount(1);
    return whatWasShown(player);
  });
  expect(shown).toEqual(['socket/live']);
});

test('sixteen tiles advance in one window, and none starves', async ({ page }) => {
  const ids = Array.from({ length: CAMERAS }, (_, i) => `small-${i + 1}`);
  for (const id of ids) await small.addCamera(id, rtsp.url('/small'), { recorded: false });
  await page.setViewportSize({ width: 1600, height: 900 });
  await signInOnPage(page, small.hub.httpUrl, 'officer', PASSWORD);
  await page.goto(`${small.hub.httpUrl}/wall/new?cameras=${ids.join(',')}`);
  await expect(page.locator('[data-testid=live-player][data-player-state=live]')).toHaveCount(CAMERAS, {
    timeout: 90_000,
  });
  await expect(page.locator('[data-testid=live-player][data-transport=socket]')).toHaveCount(CAMERAS);
  // None starves for good: within some seconds each gets its part, however many that is on this machine.
  await expect(async () => {
    const painted = (await watchGlass(page, VIDEO, 8_000)).map((tile) => tile.painted);
    expect(painted).toHaveLength(CAMERAS);
    const most = Math.max(...painted);
    expect(most).toBeGreaterThan(5);
    expect(Math.min(...painted)).toBeGreaterThan(most / 4);
  }).toPass();
});
