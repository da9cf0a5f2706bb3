import { expect, test } from '@playwright/test';
import { signIn, until } from '../support/hub-process.ts';
import { type ScenesProcess, startScenesProcess } from '../support/scenes-process.ts';
import { signInOnPage } from '../support/sign-in-page.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';
import { markShown } from '../support/video-page.ts';

/**
 * With the drawn cameras the time of each frame is read from the picture itself. A busy machine draws and encodes late,
 * so here both times only agree roughly; to the frame they are compared where footage was written before.
 */
const DRAWN_LATE_MS = 3_000;
test.describe.configure({ mode: 'serial' });

let small: SmallHub;
let scenes: ScenesProcess;

test.beforeAll(async () => {
  scenes = await startScenesProcess();
  small = await startSmallHub('frame-exact');
  await small.addCamera('cam-1', `${scenes.url}/camera/1.ts`);
  await small.addPerson('officer', 'police-officer');
});

test.afterAll(async () => {
  await small?.stop();
  await scenes?.stop();
});

test('live frames go on in order and the time shown is theirs', async ({ page }) => {
  await signInOnPage(page, small.hub.httpUrl, 'officer', PASSWORD);
  await page.goto(`${small.hub.httpUrl}/map?device=cam-1`);
  const player = page.getByTestId('live-player');
  await expect(player).toHaveAttribute('data-player-state', 'live');
  const selector = '[data-testid=live-player] video';
  const first = await until('a readable frame', async () => (await markShown(page, selector)) ?? undefined);
  await expect
    .poll(async () => (await markShown(page, selector))?.frame ?? 0)
    .toBeGreaterThan(first.frame + 10);
  // What the player says of the frame's time, against the time drawn into it: asked one after the other, while it plays.
  await expect
    .poll(async () => {
      const shown = Number(await player.getAttribute('data-current-utc'));
      return Math.abs(shown - ((await markShown(page, selector))?.utcMs ?? 0));
    })
    .toBeLessThan(DRAWN_LATE_MS);
});

test('seeking lands within 200 ms of the time asked', async ({ page }) => {
  await signInOnPage(page, small.hub.httpUrl, 'officer', PASSWORD);
  const officer = await signIn(small.hub.httpUrl, 'officer', PASSWORD);
  const range = await until(
    'half a minute of footage',
    async () => {
      const { oldest, newest } = await officer.json<{ oldest: number | null; newest: number | null }>(
        `/api/video/cam-1/timeline?from=${Date.now() - 600_000}&to=${Date.now()}`,
      );
      return oldest && newest && newest - oldest > 30_000 ? { oldest, newest } : undefined;
    },
    90_000,
  );
  const selector = '[data-testid=archive-player] video';
  for (const [i, offset] of [5_130, 17_770, 11_400, 23_050].entries()) {
    const asked = range.oldest + offset;
    await page.goto(`${small.hub.httpUrl}/archive?camera=cam-1&at=${asked}`);
    const pause = page.getByRole('button', { name: /^Пауза/ });
    // The first frame after a seek is what was asked for; it plays on from there.
    const first = await until('a frame after the seek', async () => {
      const mark = await markShown(page, selector);
      const at = Number(await page.getByTestId('archive-player').getAttribute('data-current-utc'));
      return mark && at > 0 ? { mark, at } : undefined;
    });
    await pause.click();
    await expect
      .poll(
        async () => {
          const still = await markShown(page, selector);
          const label = Number(await page.getByTestId('archive-player').getAttribute('data-current-utc'));
          return Math.abs(label - (still?.utcMs ?? 0));
        },
        { message: `time of the picture, seek ${i}` },
      )
      .toBeLessThan(DRAWN_LATE_MS);
    expect(first.at, `landing of seek ${i}`).toBeGreaterThan(asked - 200);
    expect(Math.abs(first.mark.utcMs - first.at), `picture of seek ${i}`).toBeLessThan(2 * DRAWN_LATE_MS);
  }
});
