import { expect, test } from 'vitest';
import { createUtcAnchor } from './utc-anchor.ts';

const FRAME = 40;

test('a burst at the start does not date its frames late', () => {
  const anchor = createUtcAnchor();
  // Twenty frames that were taken over 800 ms arrive at once, then one each 40 ms.
  for (let i = 0; i < 20; i++) anchor.arrived(i * FRAME, FRAME, 1_000_000, 0);
  for (let i = 20; i < 30; i++)
    anchor.arrived(i * FRAME, FRAME, 1_000_000 + (i - 19) * FRAME, (i - 19) * FRAME);
  // Frame 19 ended as the burst arrived.
  expect(anchor.utcOf(20 * FRAME)).toBeCloseTo(1_000_000, -1);
  expect(anchor.utcOf(0)).toBeCloseTo(1_000_000 - 800, -1);
});

test('late frames do not move the times; a camera with a slow clock is followed', () => {
  const anchor = createUtcAnchor();
  // This camera's clock loses 100 ppm: an hour of its time lasts 360 ms more of ours.
  let steady = 0;
  for (let i = 0; i <= 90_000; i++) {
    const late = i % 50 === 0 ? 900 : 0;
    steady = (i + 1) * FRAME * 1.0001;
    anchor.arrived(i * FRAME, FRAME, 5_000_000 + steady + late, steady + late);
  }
  const truth = 5_000_000 + 90_000 * FRAME * 1.0001;
  expect(Math.abs(anchor.utcOf(90_000 * FRAME) - truth)).toBeLessThan(5);
});

test('a clock that was set is told once, and times follow it', () => {
  const anchor = createUtcAnchor();
  anchor.arrived(0, FRAME, 1_000_000, 0);
  expect(anchor.arrived(FRAME, FRAME, 1_000_040, 40)).toEqual({ clockJumped: false });
  expect(anchor.arrived(2 * FRAME, FRAME, 4_600_080, 80)).toEqual({ clockJumped: true });
  expect(anchor.arrived(3 * FRAME, FRAME, 4_600_120, 120)).toEqual({ clockJumped: false });
  expect(anchor.utcOf(3 * FRAME)).toBeCloseTo(4_600_080, -1);
});

test('a small correction of the wall clock comes without a step', () => {
  const anchor = createUtcAnchor();
  anchor.arrived(0, FRAME, 1_000_000, 0);
  let last = anchor.utcOf(0);
  for (let i = 1; i <= 1_000; i++) {
    anchor.arrived(i * FRAME, FRAME, 1_000_200 + i * FRAME, i * FRAME);
    const utc = anchor.utcOf(i * FRAME);
    expect(Math.abs(utc - last - FRAME)).toBeLessThan(1);
    last = utc;
  }
});
