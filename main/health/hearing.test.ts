import { expect, test } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { UtcMs } from '../contract/common.ts';
import { createHearing } from './hearing.ts';

function setUp() {
  const clock = manualClock();
  const hearing = createHearing(clock);
  const seconds = (count: number) => {
    for (let second = 0; second < count; second++) {
      clock.advance(1000);
      hearing.tick();
    }
  };
  return { clock, hearing, seconds };
}

test('time passes while the hub hears, and stands still while it is deaf', () => {
  const { hearing, seconds } = setUp();
  seconds(5);
  expect(hearing.now()).toBe(5_000);
  hearing.freeze('link');
  seconds(60);
  expect(hearing.now()).toBe(5_000);
  hearing.resume('link');
  expect(hearing.resumedAt()).toBe(5_000);
  seconds(2);
  expect(hearing.now()).toBe(7_000);
});

test('two reasons to be deaf must both end', () => {
  const { hearing, seconds } = setUp();
  hearing.freeze('link');
  hearing.freeze('storing');
  hearing.resume('link');
  seconds(5);
  expect(hearing.now()).toBe(0);
  hearing.resume('storing');
  seconds(5);
  expect(hearing.now()).toBe(5_000);
});

test('a hub that stood still counts one second, tells since when, and gives all devices their time anew', () => {
  const { clock, hearing, seconds } = setUp();
  seconds(3);
  const before = clock.now();
  clock.advance(120_000);
  hearing.tick();
  expect(hearing.now()).toBe(4_000);
  expect(hearing.resumedAt()).toBe(4_000);
  expect(hearing.stalledSince()).toBe(before);
  seconds(2);
  expect(hearing.stalledSince()).toBe(before);
  seconds(1);
  expect(hearing.stalledSince()).toBeNull();
});

test('since when it stood still is a time in whole milliseconds, whatever the steady clock counts in', () => {
  let steady = 0.25;
  const hearing = createHearing({ now: () => Date.UTC(2026, 0, 15), monotonic: () => steady });
  steady += 4_321.3;
  hearing.tick();
  expect(UtcMs.safeParse(hearing.stalledSince()).success).toBe(true);
});

test('silence of an external broker lets no time pass', () => {
  const { clock, hearing, seconds } = setUp();
  hearing.heard(clock.monotonic());
  seconds(30);
  expect(hearing.now()).toBe(0);
  hearing.heard(clock.monotonic());
  seconds(1);
  expect(hearing.now()).toBe(30_000);
});

test('a jump of the wall clock is no time for the devices', () => {
  const { clock, hearing, seconds } = setUp();
  seconds(2);
  clock.jump(3_600_000);
  seconds(1);
  expect(hearing.now()).toBe(3_000);
});
