import { expect, it } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { createFloodGuard, STATUSES } from './flood-guard.ts';

it('lets a burst through, then the lasting rate, each device by itself', () => {
  const clock = manualClock();
  const guard = createFloodGuard(clock.monotonic);
  const admitted = (num: number, tries: number) =>
    Array.from({ length: tries }, () => guard.admits(num)).filter(Boolean).length;
  expect(admitted(7, 500)).toBe(100);
  expect(admitted(2_000, 500)).toBe(100);
  clock.advance(1_000);
  expect(admitted(7, 500)).toBe(5);
  clock.advance(3_600_000);
  expect(admitted(7, 500)).toBe(100);
  clock.jump(-3_600_000);
  expect(admitted(7, 1)).toBe(0);
});

it('has other limits for statuses', () => {
  const clock = manualClock();
  const guard = createFloodGuard(clock.monotonic, STATUSES);
  const admitted = () => Array.from({ length: 500 }, () => guard.admits(7)).filter(Boolean).length;
  expect(admitted()).toBe(100);
  clock.advance(10_000);
  expect(admitted()).toBe(10);
});
