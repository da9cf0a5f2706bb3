import { expect, test } from 'vitest';
import type { Timeline } from '../contract/video.ts';
import { coarse } from './coarse.ts';

/** Spans from pairs of seconds, and the gaps between them. */
function line(...pairs: [number, number][]): Timeline {
  const spans = pairs.map(([from, to]) => ({ from: from * 1000, to: to * 1000 }));
  const gaps = spans.slice(1).map((span, index) => ({
    ...{ from: spans[index]?.to ?? 0, to: span.from },
    reason: 'stream-lost' as const,
  }));
  return { cameraId: 'c', from: 0, to: 100_000, spans, gaps, oldest: 0, newest: 100_000 };
}

test('holes shorter than the resolution close; the span tells how much of it there is', () => {
  const { spans, gaps } = coarse(line([0, 10], [13, 20], [40, 50], [51, 52]), 5000, 100);
  expect(spans).toEqual([
    { from: 0, to: 20_000, recordedMs: 17_000 },
    { from: 40_000, to: 52_000, recordedMs: 11_000 },
  ]);
  expect(gaps).toEqual([{ from: 20_000, to: 40_000, reason: 'stream-lost' }]);
});

test('a second of footage in an hour of nothing stays', () => {
  const given = line([0, 1], [50, 51]);
  expect(coarse(given, 10_000, 100)).toBe(given);
});

test('nothing changes at full resolution', () => {
  const given = line([0, 10], [10.5, 20]);
  expect(coarse(given, 0, 100)).toBe(given);
});

test('too many spans make it coarser until they are few', () => {
  const given = line(...Array.from({ length: 1000 }, (_, i): [number, number] => [i * 10, i * 10 + 6]));
  const { spans, gaps } = coarse(given, 0, 10);
  expect(spans.length).toBeLessThanOrEqual(10);
  expect(spans.reduce((sum, { recordedMs = 0 }) => sum + recordedMs, 0)).toBe(6_000_000);
  expect(gaps).toHaveLength(spans.length - 1);
});

test('gaps at both ends stay, two reasons side by side too', () => {
  const given = line([20, 30], [31, 40]);
  given.gaps.unshift({ from: 0, to: 5000, reason: 'expired' }, { from: 5000, to: 20_000, reason: 'unknown' });
  given.gaps.push({ from: 40_000, to: 100_000, reason: 'disk' });
  expect(coarse(given, 2000, 100).gaps.map(({ reason }) => reason)).toEqual(['expired', 'unknown', 'disk']);
});
