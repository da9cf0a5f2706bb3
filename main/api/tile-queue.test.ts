import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSendWindow } from './send-window.ts';
import type { FeedFragment } from './tile-feed.ts';
import { createTileQueue } from './tile-queue.ts';

const format = { hash: 'f', bytes: Buffer.alloc(0), codec: 'avc1.64001f', width: 640, height: 360 };
/** The frame of a number; each tenth is a keyframe. */
const frame = (n: number, size = 1000): FeedFragment => ({
  ...{ format, run: 1, utcMs: n * 50, mediaTimeS: n / 20, durationUs: 50_000 },
  ...{ keyframe: n % 10 === 0, bytes: Buffer.alloc(size) },
});
const numbers = (fragments: (FeedFragment | undefined)[]) =>
  fragments.map((fragment) => fragment && Math.round(fragment.mediaTimeS * 20));

describe('what waits for its turn', () => {
  it('goes out in order while it is live', () => {
    const queue = createTileQueue();
    for (let n = 0; n < 12; n++) queue.push(frame(n), n * 50);
    expect(numbers([queue.shift(600), queue.shift(600), queue.shift(600)])).toEqual([0, 1, 2]);
    expect(queue.takeDropped()).toBe(0);
  });

  it('skips to the newest keyframe when it waited too long', () => {
    const queue = createTileQueue();
    for (let n = 3; n < 16; n++) queue.push(frame(n), n * 50);
    expect(numbers([queue.shift(900), queue.shift(900)])).toEqual([10, 11]);
    expect(queue.takeDropped()).toBe(7);
    expect(queue.takeDropped()).toBe(0);
  });

  it('keeps a lone picture for who is slower than a group of pictures, and then the next keyframe', () => {
    const queue = createTileQueue();
    for (let n = 10; n < 20; n++) queue.push(frame(n), n * 50);
    expect(numbers([queue.shift(3_000), queue.shift(3_000)])).toEqual([10, undefined]);
    queue.push(frame(31), 3_001);
    expect(queue.length()).toBe(0);
    queue.push(frame(40), 3_002);
    queue.push(frame(41), 3_003);
    expect(numbers([queue.shift(3_004), queue.shift(3_004)])).toEqual([40, 41]);
  });

  it('is bounded in bytes, however fast it comes', () => {
    const queue = createTileQueue();
    for (let n = 0; n < 500; n++) queue.push(frame(n, 1024 * 1024), 0);
    expect(queue.bytes()).toBeLessThanOrEqual(8 * 1024 * 1024);
  });

  it('never gives a frame that the one before it does not lead to', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 400 })), { maxLength: 300 }),
        (turns) => {
          const queue = createTileQueue();
          let now = 0;
          let pushed = 0;
          let last: number | undefined;
          for (const [push, wait] of turns) {
            now += wait;
            if (push) queue.push(frame(pushed++), now);
            else {
              const fragment = queue.shift(now);
              const [n] = numbers([fragment]);
              if (!fragment || n === undefined) continue;
              expect(fragment.keyframe || n === (last ?? Number.NaN) + 1).toBe(true);
              last = n;
            }
          }
        },
      ),
    );
  });
});

describe('the send window', () => {
  it('grows for a console that takes in quickly and is full', () => {
    const window = createSendWindow();
    for (let i = 0; i < 100; i++) {
      while (window.hasRoom()) window.sent(100_000);
      window.acknowledged(100_000, 0, 100);
    }
    expect(window.limit()).toBeGreaterThan(8_000_000);
  });

  it('shrinks for a slow one to little more than it can take in at once', () => {
    const window = createSendWindow();
    for (let now = 0; now < 20_000; now += 1_000) {
      while (window.hasRoom()) window.sent(10_000);
      window.acknowledged(10_000, now - 2_000, now);
    }
    expect(window.limit()).toBe(64 * 1024);
  });

  it('always lets one message be under way, and no second one above the limit', () => {
    const window = createSendWindow();
    expect(window.hasRoom()).toBe(true);
    window.sent(50_000_000);
    expect(window.hasRoom()).toBe(false);
    window.forget(50_000_000);
    expect(window.hasRoom()).toBe(true);
  });
});
