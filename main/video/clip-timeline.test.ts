import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Timeline } from '../contract/video.ts';
import { clipTimeline, firstAllowed } from './clip-timeline.ts';

const timeline: Timeline = {
  cameraId: 'cam-1',
  from: 0,
  to: 100_000,
  spans: [
    { from: 1_000, to: 30_000 },
    { from: 50_000, to: 90_000 },
  ],
  gaps: [{ from: 30_000, to: 50_000, reason: 'stream-lost' }],
  oldest: 1_000,
  newest: 90_000,
};

test('nothing older than the depth is told of', () => {
  expect(clipTimeline(timeline, 40_000)).toEqual({
    ...timeline,
    spans: [{ from: 50_000, to: 90_000 }],
    gaps: [{ from: 40_000, to: 50_000, reason: 'stream-lost' }],
    oldest: 40_000,
  });
  expect(clipTimeline(timeline, 95_000)).toMatchObject({ spans: [], gaps: [], oldest: null, newest: null });
  expect(clipTimeline(timeline, 0)).toEqual(timeline);
});

test('the first permitted moment is found to the second, on its permitted side', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), (edge) => {
      const found = firstAllowed(0, 10_000_000, (utc) => utc >= edge);
      expect(found).toBeGreaterThanOrEqual(edge);
      expect(found).toBeLessThanOrEqual(edge + 1_000);
    }),
  );
  expect(firstAllowed(5, 9, () => true)).toBe(5);
  expect(firstAllowed(5, 9_000_000, () => false)).toBe(9_000_000);
});
