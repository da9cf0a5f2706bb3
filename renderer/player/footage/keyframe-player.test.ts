import { describe, expect, it } from 'vitest';
import { createKeyframePlayer } from './keyframe-player.ts';
import type { KeyframeRef } from './keyframes.ts';
import type { Picture } from './picture-decoder.ts';

const canvas = { width: 0, height: 0, getContext: () => null } as unknown as HTMLCanvasElement;
const image = {} as ImageBitmap;

/** Keyframes a second apart whose pictures come when, and in which order, the test says. */
function footage() {
  const asked = new Map<number, (picture: Picture) => void>();
  const open = new Set<number>();
  const shown: number[] = [];
  const player = createKeyframePlayer({
    keyframes: {
      list: async (from, to) => {
        const seconds = Array.from({ length: 60 }, (_, second) => second * 1_000);
        return seconds
          .filter((utc) => utc >= from && utc <= to)
          .map((utc): KeyframeRef => ({ utc, uri: String(utc), init: 'init' }));
      },
      picture: ({ utc }) => new Promise<Picture>((resolve) => asked.set(utc, resolve)),
      close: () => undefined,
    },
    canvas,
    picturesPerS: () => 4,
    onShown: (utc) => shown.push(utc),
    onFailure: (error) => expect.unreachable(String(error)),
  });
  return {
    player,
    shown,
    open,
    asked: () => [...asked.keys()],
    /** The picture of this time has been fetched and decoded. */
    async come(utc: number): Promise<void> {
      open.add(utc);
      asked.get(utc)?.({ utc, image, width: 4, height: 4, close: () => void open.delete(utc) });
      await settled();
    },
  };
}

/** All that waits for nothing but promises has gone on. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('keyframes played', () => {
  it.each([
    { rate: -8, from: 40_100, asked: [40_000, 39_000, 38_000], clock: 37_900 },
    { rate: 8, from: 9_900, asked: [10_000, 11_000, 12_000], clock: 12_100 },
  ])('never go against the play, whichever comes first (rate $rate)', async (course) => {
    const { player, shown, open, come, asked } = footage();
    player.tick(course.from, course.rate);
    await settled();
    player.tick(course.from, course.rate);
    expect(asked()).toEqual(course.asked);
    const [first, second, third] = course.asked as [number, number, number];
    await come(second);
    player.tick(course.clock, course.rate);
    await come(first);
    player.tick(course.clock, course.rate);
    await come(third);
    player.tick(course.clock, course.rate);
    expect(shown).toEqual([second, third]);
    expect(open.size).toBe(0);
  });

  it('begin anew where the direction changes', async () => {
    const { player, shown, come } = footage();
    for (const rate of [8, -8]) {
      player.tick(20_000, rate);
      await settled();
      player.tick(20_000, rate);
      await come(20_000);
      player.tick(20_000, rate);
      await come(20_000 - Math.sign(rate) * 1_000);
      player.tick(20_000, rate);
    }
    expect(shown).toEqual([20_000, 20_000]);
  });
});
