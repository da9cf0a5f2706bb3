import { beforeAll, describe, expect, test } from 'vitest';
import type { PictureProblem } from '../../main/contract/pictures.ts';
import { decodeKeyframes } from '../../main/pictures/decode.ts';
import { type Grey, PIXELS } from '../../main/pictures/grey.ts';
import { annexB } from '../../main/pictures/keyframe.ts';
import { createWatch, type Watch } from '../../main/pictures/watch.ts';
import { filteredFootage, h265Fragments } from '../support/footage.ts';
import { keyframesOf, picturesOf } from '../support/keyframes.ts';

/** One picture of the street, standing still while time and the sensor's noise go on. */
const still = 'select=eq(n\\,0),loop=900:1:0,setpts=N/10/TB';
const night = 'eq=brightness=-0.28:contrast=0.35';

/** Weather and light that must not be taken for trouble. */
const harmless = {
  street: 'null',
  'night with people': `${night},noise=alls=8:allf=t`,
  'night, nothing moves': `${still},${night},noise=alls=8:allf=t`,
  'night, nothing moves, a quiet sensor': `${still},${night},noise=alls=3:allf=t`,
  'lights switched on': 'eq=brightness=0.15:contrast=0.7:gamma=1.5',
  rain: 'noise=alls=25:allf=t+u',
  fog: 'eq=contrast=0.3:brightness=0.18',
  'a mast in the wind': 'crop=iw-8:ih-8:4+4*sin(n):4+4*cos(n),scale=768:576',
};

/** An encoder under rate control comes to rest on a still picture only after a while. */
const settled = ['-t', '80'];
const constant = [...settled, '-maxrate', '600k', '-bufsize', '600k'];

const harmful: Record<string, { filter: string; problem: PictureProblem; more?: string[] }> = {
  black: { filter: 'eq=brightness=-1', problem: 'black' },
  'black with noise': { filter: 'eq=brightness=-0.95,noise=alls=6:allf=t', problem: 'black' },
  'the sensor hangs': { filter: still, problem: 'frozen', more: settled },
  'the sensor hangs, coded at a constant rate': { filter: still, problem: 'frozen', more: constant },
  'the sensor hangs, the clock in the picture goes on': {
    filter: `${still},drawbox=x=10:y=10:w=90:h=24:color=white:t=fill:enable=lt(mod(t\\,7)\\,3)`,
    problem: 'frozen',
    more: settled,
  },
  'out of focus': { filter: 'boxblur=5:2', problem: 'blurred' },
  'far out of focus': { filter: 'boxblur=16:2', problem: 'blurred' },
  shifted: { filter: 'crop=iw*0.9:ih:iw*0.1:0,pad=768:576:0:0', problem: 'moved' },
  'turned a little': { filter: 'rotate=4*PI/180', problem: 'moved' },
  'turned away': { filter: 'hflip,crop=iw*0.7:ih*0.7,scale=768:576', problem: 'moved' },
  'covered for the most part': { filter: 'drawbox=0:0:iw*0.75:ih:color=gray:t=fill', problem: 'moved' },
};

const pictures = new Map<string, Grey[]>();
const slug = (name: string) => `look-${name.replace(/[^a-z]+/g, '-')}`;

beforeAll(async () => {
  for (const [name, filter] of Object.entries(harmless))
    pictures.set(name, await picturesOf(await filteredFootage(slug(name), filter)));
  for (const [name, { filter, more }] of Object.entries(harmful))
    pictures.set(name, await picturesOf(await filteredFootage(slug(name), filter, more)));
});

/** Shows a watch the pictures of some footage over and over, as checks `everyS` apart would. */
function show(watch: Watch, name: string, from: number, checks: number, everyS: number): number {
  const shown = pictures.get(name) ?? [];
  expect(shown.length).toBeGreaterThan(6);
  let at = from;
  for (let i = 0; i < checks; i++) {
    const picture = shown[i % shown.length];
    if (picture) watch.take(picture, at);
    at += everyS * 1000;
  }
  return at;
}

const MORNING = Date.UTC(2026, 5, 1, 7);

describe('what is usual in a street', () => {
  test('no weather, light or crowd is taken for trouble, on the first day and later', () => {
    const watch = createWatch({ finding: null, learned: [] });
    let at = MORNING;
    for (const round of [1, 2])
      for (const name of Object.keys(harmless)) {
        at = show(watch, name, at, 40, 90);
        expect(watch.finding(), `${name}, round ${round}`).toBeNull();
      }
  });

  test('a still night that is the first thing ever seen is no frozen picture', () => {
    const watch = createWatch({ finding: null, learned: [] });
    show(watch, 'night, nothing moves, a quiet sensor', MORNING, 60, 6);
    expect(watch.finding()).toBeNull();
  });
});

describe('trouble', () => {
  test.each(Object.entries(harmful))('%s is told, and its end', (name, { problem }) => {
    const watch = createWatch({ finding: null, learned: [] });
    let at = show(watch, 'street', MORNING, 20, 90);
    const began = at;
    at = show(watch, name, at, 34, 6);
    const finding = watch.finding();
    expect(finding?.problem).toBe(problem);
    expect(finding?.since).toBeGreaterThanOrEqual(began);
    expect(finding?.since).toBeLessThan(at);
    // A still picture is seen to stand still only when the next ones are like it.
    const latest = problem === 'frozen' ? began + 60_000 : began - 90_000;
    expect(finding?.goodAt).toBeGreaterThanOrEqual(began - 90_000);
    expect(finding?.goodAt).toBeLessThanOrEqual(latest);
    show(watch, 'street', at, 6, 6);
    expect(watch.finding()).toBeNull();
  });

  test('one odd picture is not enough', () => {
    const watch = createWatch({ finding: null, learned: [] });
    let at = show(watch, 'street', MORNING, 20, 90);
    for (const name of ['black', 'far out of focus', 'turned away']) {
      at = show(watch, name, at, 2, 6);
      expect(watch.finding(), name).toBeNull();
      at = show(watch, 'street', at, 3, 6);
    }
  });

  test('says where the old view lies in the new one', () => {
    const watch = createWatch({ finding: null, learned: [] });
    const at = show(watch, 'street', MORNING, 20, 90);
    show(watch, 'shifted', at, 20, 6);
    const { rightPct, downPct } = watch.finding()?.shift ?? { rightPct: 0, downPct: 99 };
    expect(rightPct).toBeGreaterThan(-14);
    expect(rightPct).toBeLessThan(-6);
    expect(Math.abs(downPct)).toBeLessThan(3);
  });

  test('a new view becomes the usual one when a person says so', () => {
    const watch = createWatch({ finding: null, learned: [] });
    let at = show(watch, 'street', MORNING, 20, 90);
    at = show(watch, 'shifted', at, 20, 6);
    watch.accept();
    at = show(watch, 'shifted', at, 30, 90);
    expect(watch.finding()).toBeNull();
    show(watch, 'street', at, 20, 6);
    expect(watch.finding()?.problem).toBe('moved');
  });
});

describe('decoding', () => {
  test('a damaged keyframe among others costs only itself', async () => {
    const good = (await keyframesOf(await filteredFootage(slug('street'), 'null'))).slice(0, 3).map(annexB);
    const [first, second, third] = good;
    if (!first || !second || !third) throw new Error('too few keyframes');
    // Its parameter sets are there, its picture is not.
    const cut = second.subarray(0, second.indexOf(Buffer.from([0, 0, 0, 1, 0x65])));
    const { pictures: found, cpuMs } = await decodeKeyframes('ffmpeg', 'h264', [first, cut, third]);
    const alone = await decodeKeyframes('ffmpeg', 'h264', [third]);
    expect(found.map((picture) => picture?.length)).toEqual([PIXELS, undefined, PIXELS]);
    expect(found[2]).toEqual(alone.pictures[0]);
    expect(cpuMs).toBeGreaterThan(0);
  });

  test('H.265 and pictures of several sizes go through', async () => {
    const [h265] = await keyframesOf(await h265Fragments());
    if (!h265) throw new Error('no keyframe');
    expect((await decodeKeyframes('ffmpeg', 'h265', [annexB(h265)])).pictures[0]).toHaveLength(PIXELS);
    const small = await keyframesOf(await filteredFootage('look-small', 'scale=352:288'));
    const large = await keyframesOf(await filteredFootage(slug('street'), 'null'));
    const mixed = [large[0], small[0], large[1], small[1]].flatMap((one) => (one ? [annexB(one)] : []));
    const { pictures: found } = await decodeKeyframes('ffmpeg', 'h264', mixed);
    expect(found.map((picture) => picture?.length)).toEqual([PIXELS, PIXELS, PIXELS, PIXELS]);
  });

  test('a missing ffmpeg is an error, not a black picture', async () => {
    const [one] = await keyframesOf(await filteredFootage(slug('street'), 'null'));
    if (!one) throw new Error('no keyframe');
    await expect(decodeKeyframes('/nowhere/ffmpeg', 'h264', [annexB(one)])).rejects.toThrow();
  });
});
