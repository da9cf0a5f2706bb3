import { expect, type Page, test } from '@playwright/test';
import { type Client, signIn, until } from '../support/hub-process.ts';
import { markedFootage, recordStretches } from '../support/marked-footage.ts';
import { type ScenesProcess, startScenesProcess } from '../support/scenes-process.ts';
import { signInOnPage } from '../support/sign-in-page.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';
import { markShown } from '../support/video-page.ts';

/**
 * Three cameras whose footage was written before: each frame carries its own time, so that what is really on the
 * screen can be read. `cam-2` has a hole of fifteen seconds; all of them one of a minute. `cam-live` is recorded now.
 */
test.describe.configure({ mode: 'serial' });

const MINUTE = 60_000;
const IDS = ['cam-1', 'cam-2', 'cam-3'];
const START = Math.floor(Date.now() / 1000) * 1000 - 120 * MINUTE;
/** The minute in which nobody has footage. */
const GAP = { from: START + 12 * MINUTE, to: START + 13 * MINUTE };

let small: SmallHub;
let scenes: ScenesProcess;
let officer: Client;
let page: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000);
  small = await startSmallHub('archive-player', { KALANCHA_CITY_TIME_ZONE: 'Europe/Berlin' });
  for (const id of IDS)
    await small.addDevice({ id, kind: 'camera', name: `Камера ${id}`, address: 'Арбат, 1' });
  await small.addPerson('officer', 'police-supervisor');
  const num = async (id: string) => (await small.admin.json<{ num: number }>(`/api/devices/${id}`)).num;
  const cameras = await Promise.all(IDS.map(async (id) => ({ id, num: await num(id) })));
  const minute = await markedFootage({ seconds: 60, fps: 25, gop: 50 });
  const part = await markedFootage({ seconds: 20, fps: 25, gop: 50 });
  const stretches = cameras.flatMap((camera) => [
    ...(camera.id === 'cam-2'
      ? [
          { camera, mp4: part, startMs: START },
          { camera, mp4: part, startMs: START + 35_000 },
        ]
      : [{ camera, mp4: minute, startMs: START }]),
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13].map((n) => ({
      ...{ camera, mp4: minute, startMs: START + n * MINUTE },
    })),
  ]);
  await small.restart((dataDir) => recordStretches(dataDir, stretches));
  scenes = await startScenesProcess();
  await small.addCamera('cam-live', `${scenes.url}/camera/1.ts`);
  officer = await signIn(small.hub.httpUrl, 'officer', PASSWORD);
  page = await (await browser.newContext({ locale: 'ru-RU', timezoneId: 'Europe/Moscow' })).newPage();
  await signInOnPage(page, small.hub.httpUrl, 'officer', PASSWORD);
});

test.afterAll(async () => {
  await page?.context().close();
  await small?.stop();
  await scenes?.stop();
});

const open = (cameras: readonly string[], at: number) =>
  page.goto(`${small.hub.httpUrl}/archive?cameras=${cameras.join()}&at=${at}`);
const tile = (id: string) => page.locator(`[data-testid=archive-player][data-camera=${id}]`);
const shownAt = async (id: string) => Number(await tile(id).getAttribute('data-current-utc'));

async function type(text: string): Promise<void> {
  await page.getByTestId('typed-time').fill(text);
  await page.keyboard.press('Enter');
}

async function speed(label: string): Promise<void> {
  await page.getByTestId('speed').click();
  await page.getByRole('option', { name: label, exact: true }).click();
}

/** True time of the frame in the picture, read from the picture. */
async function timeInPicture(id: string): Promise<number> {
  const mark = await until('a readable frame', async () => {
    return (await markShown(page, `[data-camera=${id}] video`)) ?? undefined;
  });
  const shown = await shownAt(id);
  // The mark counts from its stretch's beginning: a minute, or what begins after the hole.
  const minute = START + Math.floor((shown - START) / MINUTE) * MINUTE;
  return minute + mark.utcMs;
}

/** What the tiles say, many times while they play. */
async function sample(times: number): Promise<{ utc: number; drift: number }[][]> {
  return page.evaluate(
    ({ ids, times }) =>
      new Promise<{ utc: number; drift: number }[][]>((resolve) => {
        const all: { utc: number; drift: number }[][] = [];
        const take = () => {
          all.push(
            ids.map((id) => {
              const found = document.querySelector<HTMLElement>(`[data-camera=${id}]`);
              return {
                utc: Number(found?.dataset.currentUtc),
                drift: Number(found?.dataset.driftMs ?? Number.NaN),
              };
            }),
          );
          if (all.length < times) setTimeout(take, 150);
          else resolve(all);
        };
        take();
      }),
    { ids: IDS, times },
  );
}

const inStep = (moment: readonly { utc: number; drift: number }[]): boolean =>
  moment.every(({ drift }) => Math.abs(drift) <= 100);

test('three cameras run in step, at twofold speed too, and the time told is the picture’s', async () => {
  await open(IDS, START + 2 * MINUTE);
  for (const id of IDS) await expect(tile(id)).toHaveAttribute('data-player-state', 'playing');
  for (const rate of ['1×', '2×']) {
    await speed(rate);
    // How soon depends on the machine; that they get in step and run so does not.
    await expect(async () => {
      const samples = await sample(12);
      const out = samples.filter((moment) => !inStep(moment));
      expect(out.length, JSON.stringify(out)).toBeLessThanOrEqual(4);
      for (const place of [0, 1, 2])
        expect(samples.at(-1)?.[place]?.utc).toBeGreaterThan((samples[0]?.[place]?.utc ?? 0) + 500);
    }).toPass();
  }
  await page.keyboard.press('k');
  for (const id of IDS) {
    await expect(tile(id)).toHaveAttribute('data-player-state', 'paused');
    await expect.poll(async () => Math.abs((await timeInPicture(id)) - (await shownAt(id)))).toBeLessThan(10);
  }
  await expect
    .poll(async () => {
      const times = await Promise.all(IDS.map(timeInPicture));
      return Math.max(...times) - Math.min(...times);
    })
    .toBeLessThanOrEqual(40);
});

test('frame by frame, on and back, each frame once', async () => {
  await open(['cam-1'], START + 3 * MINUTE + 1_000);
  await expect(tile('cam-1')).toHaveAttribute('data-player-state', 'playing');
  await page.keyboard.press('k');
  await expect(tile('cam-1')).toHaveAttribute('data-player-state', 'paused');
  await expect
    .poll(async () => Math.abs((await timeInPicture('cam-1')) - (await shownAt('cam-1'))))
    .toBeLessThan(10);
  // Shortly before a segment of two seconds ends: the steps go over the border and back.
  await type(String(START + 3 * MINUTE + 1_840));
  let before = START + 3 * MINUTE + 1_840;
  await expect.poll(() => timeInPicture('cam-1')).toBe(before);
  for (const [key, by] of [...Array(9).fill(['.', 40]), ...Array(12).fill([',', -40])] as [
    string,
    number,
  ][]) {
    await page.keyboard.press(key);
    before += by;
    await expect.poll(() => timeInPicture('cam-1'), { intervals: [20] }).toBe(before);
  }
  for (const key of ['.', '.', '.']) await page.keyboard.press(key);
  await expect.poll(() => timeInPicture('cam-1')).toBe(before + 120);
});

test('backwards and at eightfold speed keyframes run the right way and as fast', async () => {
  await open(IDS, START + 5 * MINUTE);
  for (const id of IDS) await expect(tile(id)).toHaveAttribute('data-player-state', 'playing');
  for (const [rate, factor] of [
    ['8×', 8],
    ['−8×', -8],
  ] as const) {
    const [before] = await sample(1);
    if (factor < 0) await page.getByRole('button', { name: /^Воспроизвести назад/ }).click();
    else await speed(rate);
    await expect(tile('cam-1').locator('canvas:not([hidden])')).toHaveCount(2);
    // What was on the screen when play turned round still belongs to the play before.
    const turned = ({ utc, drift }: { utc: number; drift: number }, place: number) =>
      Number.isNaN(drift) && utc !== before?.[place]?.utc;
    await expect.poll(async () => (await sample(1))[0]?.every(turned)).toBe(true);
    // Each looked at for seconds at a time: in every look the right way, in one of them as fast as it should be.
    const wrong: number[][] = [];
    await expect(async () => {
      const [began, from] = [Date.now(), await shownAt('cam-1')];
      const samples = await sample(16);
      const [ended, to] = [Date.now(), await shownAt('cam-1')];
      const shown = IDS.map((_, place) => [...new Set(samples.map((moment) => moment[place]?.utc ?? 0))]);
      // The first of each may still be from the play before: one more was shown between the last look and the click.
      const own = shown.map((utcs) => utcs.slice(1));
      wrong.push(...own.filter((utcs) => utcs.some((utc, i) => (utc - (utcs[i - 1] ?? utc)) * factor < 0)));
      for (const utcs of shown) expect(utcs.length).toBeGreaterThan(3);
      const reached = (to - from) / (ended - began) / factor;
      expect(reached).toBeGreaterThan(0.2);
      expect(reached).toBeLessThan(1.5);
    }).toPass({ intervals: [0] });
    expect(wrong).toEqual([]);
  }
  await page.keyboard.press('k');
  await expect(tile('cam-1')).toHaveAttribute('data-player-state', 'paused');
  await expect
    .poll(async () => Math.abs((await timeInPicture('cam-1')) - (await shownAt('cam-1'))))
    .toBeLessThan(10);
});

test('a camera without footage says why, and joins again; where nobody has any, the time jumps and says so', async () => {
  await open(IDS, START + 18_000);
  await expect(tile('cam-2')).toHaveAttribute('data-player-state', 'gap');
  await expect(tile('cam-2').getByTestId('gap')).toContainText('камера не передавала видео');
  await expect(tile('cam-1')).toHaveAttribute('data-player-state', 'playing');
  await speed('2×');
  await expect(tile('cam-2')).toHaveAttribute('data-player-state', 'playing');
  await expect.poll(() => shownAt('cam-2')).toBeGreaterThanOrEqual(START + 35_000);
  await expect.poll(async () => (await sample(1)).every(inStep)).toBe(true);

  await type(String(GAP.from - 2_000));
  // Said for some seconds when it jumps; the picture may come later than that.
  await expect(page.getByTestId('skipped')).toContainText('камера не передавала видео');
  await expect.poll(() => shownAt('cam-1')).toBeGreaterThanOrEqual(GAP.to);
  for (const id of IDS) await expect(tile(id)).toHaveAttribute('data-player-state', 'playing');
});

test('where one playlist ends and the next begins no frame stands still', async () => {
  // The first playlist reaches ten minutes on from the place asked for.
  await open(['cam-1'], START + 500);
  await expect(tile('cam-1')).toHaveAttribute('data-player-state', 'playing');
  const playlists: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('archive-view.m3u8')) playlists.push(request.url());
  });
  await speed('1×');
  await type(String(START + 10 * MINUTE - 8_000));
  await expect.poll(() => shownAt('cam-1')).toBeGreaterThan(START + 10 * MINUTE - 8_000);
  // The footage before and after the seam is one piece, and the picture never waited for more of it. (One that waits
  // although there is more has a slow decoder.)
  const seam = START + 10 * MINUTE;
  const passed = await page.locator('[data-camera=cam-1] video').evaluate(
    (element, seam) =>
      new Promise<{ waits: number; joined: boolean }>((resolve) => {
        const video = element as HTMLVideoElement;
        let waits = 0;
        video.addEventListener('waiting', () => {
          const { buffered, currentTime } = video;
          const more = Array.from({ length: buffered.length }, (_, i) => i).some(
            (i) => buffered.start(i) <= currentTime && buffered.end(i) > currentTime + 0.5,
          );
          if (!more) waits += 1;
        });
        const look = () => {
          if (video.currentTime * 1000 < seam + 2_000) {
            setTimeout(look, 50);
            return;
          }
          const { buffered } = video;
          const ranges = Array.from({ length: buffered.length }, (_, i) => [
            buffered.start(i),
            buffered.end(i),
          ]);
          const joined = ranges.some(
            ([from = 0, to = 0]) => from * 1000 < seam - 2_000 && to * 1000 > seam + 2_000,
          );
          resolve({ waits, joined });
        };
        look();
      }),
    seam,
  );
  expect(passed).toEqual({ waits: 0, joined: true });
  expect(playlists.length).toBeGreaterThan(0);
  await expect(page.getByTestId('skipped')).toHaveCount(0);
});

test('the pointer on the timeline shows the moment and its picture', async () => {
  await open(['cam-1'], START + 6 * MINUTE);
  await expect(tile('cam-1')).toHaveAttribute('data-player-state', 'playing');
  await page.keyboard.press('k');
  await expect(tile('cam-1')).toHaveAttribute('data-player-state', 'paused');
  const timeline = page.getByTestId('timeline');
  const box = await timeline.boundingBox();
  const [from, to] = await Promise.all(
    ['data-view-from', 'data-view-to'].map(async (name) => Number(await timeline.getAttribute(name))),
  );
  if (!box || from === undefined || to === undefined) throw new Error('there is no timeline');
  const wanted = START + 8 * MINUTE + 31_000;
  await page.mouse.move(box.x + ((wanted - from) / (to - from)) * box.width, box.y + 45);
  const hover = page.getByTestId('timeline-hover');
  await expect
    .poll(async () => Math.abs(Number(await hover.getAttribute('data-thumbnail-utc')) - wanted))
    .toBeLessThan(8_000);

  await page.keyboard.press('i');
  await expect(timeline).toHaveAttribute('data-mark-in', /\d/);
  await type(String(START + 7 * MINUTE));
  await expect.poll(() => shownAt('cam-1')).toBeGreaterThan(START + 7 * MINUTE - 100);
  await page.keyboard.press('o');
  await expect(page.getByTestId('marked')).toBeVisible();
  const [markIn, markOut] = await Promise.all(
    ['data-mark-in', 'data-mark-out'].map(async (name) => Number(await timeline.getAttribute(name))),
  );
  expect(markOut).toBe(START + 7 * MINUTE);
  expect(markIn).toBeGreaterThanOrEqual(START + 6 * MINUTE);
});

test('a time typed as people write it is gone to', async () => {
  await open(['cam-1'], START + MINUTE);
  await expect(tile('cam-1')).toHaveAttribute('data-player-state', 'playing');
  await page.keyboard.press('k');
  const wanted = START + 4 * MINUTE;
  const words = new Intl.DateTimeFormat('ru-RU', {
    timeZone: 'Europe/Berlin',
    ...{ day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).format(wanted);
  await type(words.replace(',', ''));
  await expect.poll(async () => Math.abs((await shownAt('cam-1')) - wanted)).toBeLessThanOrEqual(40);
  await expect.poll(async () => Math.abs((await timeInPicture('cam-1')) - wanted)).toBeLessThanOrEqual(40);
});

/** When the European Union's clocks were last turned in this month, UTC ms: on its last Sunday, at one o'clock UTC. */
function lastTurnOfClocks(month: 3 | 10): number {
  const now = new Date();
  const inYear = (year: number): number => {
    const last = new Date(Date.UTC(year, month - 1, 31, 1));
    return last.getTime() - last.getUTCDay() * 24 * 60 * MINUTE;
  };
  const thisYear = inYear(now.getUTCFullYear());
  return thisYear + 60 * MINUTE < now.getTime() ? thisYear : inYear(now.getUTCFullYear() - 1);
}

test('a time that was twice or never is asked about, with both moments shown', async () => {
  await open(['cam-1'], START + MINUTE);
  await expect(tile('cam-1')).toHaveAttribute('data-player-state', 'playing');
  await page.keyboard.press('k');
  for (const [month, title] of [
    [10, 'Это время было дважды'],
    [3, 'Такого времени не было'],
  ] as const) {
    const turned = lastTurnOfClocks(month);
    const day = new Date(turned).getUTCDate();
    const text = `${day}.${String(month).padStart(2, '0')}.${new Date(turned).getUTCFullYear()} 02:30`;
    for (const [place, utc] of [turned - MINUTE * 30, turned + MINUTE * 30].entries()) {
      await type(text);
      const dialog = page.getByRole('dialog');
      await expect(dialog).toContainText(title);
      const buttons = dialog.getByRole('button', { name: /UTC/ });
      await expect(buttons).toHaveCount(2);
      await buttons.nth(place).click();
      await expect(page).toHaveURL(new RegExp(`at=${utc}$`));
    }
  }
});

test('at its end the archive runs on into live, and back again', async () => {
  const newest = await until(
    'half a minute of footage',
    async () => {
      const path = `/api/video/cam-live/timeline?from=${Date.now() - 600_000}&to=${Date.now()}`;
      const { oldest, newest } = await officer.json<{ oldest: number | null; newest: number | null }>(path);
      return oldest && newest && newest - oldest > 30_000 ? newest : undefined;
    },
    60_000,
  );
  await open(['cam-live'], newest - 22_000);
  await expect(tile('cam-live')).toHaveAttribute('data-mode', 'archive');
  await expect(tile('cam-live')).toHaveAttribute('data-player-state', 'playing');
  await speed('2×');
  const before = await shownAt('cam-live');
  // Said for some seconds when the archive ends; the first live picture may come later than that.
  await expect(page.getByTestId('now-live')).toBeVisible({ timeout: 120_000 });
  await expect(tile('cam-live')).toHaveAttribute('data-player-state', 'live-live', { timeout: 90_000 });
  await expect.poll(() => shownAt('cam-live')).toBeGreaterThan(before);
  await type(String(newest - 10_000));
  await expect.poll(() => shownAt('cam-live')).toBeLessThan(newest);
  await expect(tile('cam-live')).toHaveAttribute('data-player-state', 'playing');
  await expect(tile('cam-live')).toHaveAttribute('data-mode', 'archive');
});
