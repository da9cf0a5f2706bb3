import { expect, test } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { createHoldClock } from './hold-clock.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

test('after a start nothing ends for ten minutes: the machine may not know the time yet', () => {
  const clock = manualClock();
  const time = createHoldClock(clock);
  clock.advance(9 * MINUTE);
  expect(time.due()).toBeUndefined();
  clock.advance(MINUTE);
  expect(time.due()).toBe(clock.now());
});

test('a clock that leaps ahead ends nothing for an hour, and nothing at all once it is set right', () => {
  const clock = manualClock();
  const time = createHoldClock(clock);
  clock.advance(20 * MINUTE);
  const before = time.due() ?? 0;
  clock.jump(3650 * DAY);
  expect(time.due()).toBeUndefined();
  clock.advance(59 * MINUTE);
  expect(time.due()).toBeUndefined();
  clock.jump(-3650 * DAY);
  clock.advance(MINUTE);
  expect(time.due()).toBe(before + 60 * MINUTE);
});

test('a leap that nobody mends is believed after an hour', () => {
  const clock = manualClock();
  const time = createHoldClock(clock);
  clock.advance(20 * MINUTE);
  time.due();
  clock.jump(DAY);
  expect(time.due()).toBeUndefined();
  clock.advance(60 * MINUTE);
  expect(time.due()).toBe(clock.now());
});

test('small corrections and a clock set back are no reason to wait', () => {
  const clock = manualClock();
  const time = createHoldClock(clock);
  clock.advance(20 * MINUTE);
  clock.jump(2 * MINUTE);
  expect(time.due()).toBe(clock.now());
  clock.jump(-DAY);
  expect(time.due()).toBe(clock.now());
});
