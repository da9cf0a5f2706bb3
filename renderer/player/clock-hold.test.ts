import { expect, it } from 'vitest';
import { createClockHold } from './clock-hold.ts';
import { createMasterClock } from './master-clock.ts';

it('waits for a late picture, but not for ever while others are there', () => {
  let at = 0;
  const clock = createMasterClock(0, () => at);
  const hold = createClockHold(clock, () => at);
  clock.setPlaying(true);
  expect(hold.update(['ready', 'waiting'])).toBe(true);
  expect(clock.held()).toBe(true);
  at += 3_900;
  expect(hold.update(['ready', 'waiting'])).toBe(false);
  at += 200;
  expect(hold.update(['ready', 'waiting'])).toBe(true);
  expect(clock.held()).toBe(false);
  expect(hold.update(['waiting', 'gap'])).toBe(true);
  at += 60_000;
  hold.update(['waiting', 'gap']);
  expect(clock.held()).toBe(true);
  expect(hold.update(['ready', 'ready'])).toBe(true);
  expect(clock.running()).toBe(true);
});
