import { expect, test } from 'vitest';
import { buildTimeline, type TimelineInput } from './timeline.ts';

const base = {
  cameraId: 'cam-1',
  from: 0,
  to: 100_000,
  now: 1_000_000,
  bounds: { oldest: 0, newest: 100_000 },
  expiredUntil: undefined,
  reasonNow: 'stream-lost',
} satisfies Omit<TimelineInput, 'extents'>;
const extent = (start_ms: number, end_ms: number, break_before: string | null = null) => ({
  start_ms,
  end_ms,
  break_before,
});

test('files that touch are one span; the wobble between them is no gap', () => {
  const line = buildTimeline({
    ...base,
    extents: [extent(0, 60_000), extent(60_900, 100_000)],
  });
  expect(line.spans).toEqual([{ from: 0, to: 100_000 }]);
  expect(line.gaps).toEqual([]);
});

test.each([
  ['stream-lost', 'stream-lost'],
  ['hub-stopped', 'hub-stopped'],
  ['disk', 'disk'],
  ['a word of a later version', 'stream-lost'],
  [null, 'unknown'],
])('a hole before a file that says %s is told as %s', (word, reason) => {
  const line = buildTimeline({ ...base, extents: [extent(0, 40_000), extent(50_000, 100_000, word)] });
  expect(line.spans).toHaveLength(2);
  expect(line.gaps).toEqual([{ from: 40_000, to: 50_000, reason }]);
});

test('before the oldest footage: what retention took, and what was never there', () => {
  const line = buildTimeline({
    ...base,
    bounds: { oldest: 70_000, newest: 100_000 },
    expiredUntil: 50_000,
    extents: [extent(70_000, 100_000, 'hub-stopped')],
  });
  expect(line.gaps).toEqual([
    { from: 0, to: 50_000, reason: 'expired' },
    { from: 50_000, to: 70_000, reason: 'unknown' },
  ]);
});

test('after the newest footage the reason is today’s; the future is no gap', () => {
  const line = buildTimeline({
    ...base,
    now: 80_000,
    bounds: { oldest: 0, newest: 60_000 },
    reasonNow: 'disk',
    extents: [extent(0, 60_000)],
  });
  expect(line.gaps).toEqual([{ from: 60_000, to: 80_000, reason: 'disk' }]);
});

test('a clock that was set back does not make spans overlap', () => {
  const line = buildTimeline({
    ...base,
    extents: [extent(0, 60_000), extent(20_000, 50_000, 'clock'), extent(50_000, 100_000)],
  });
  expect(line.spans).toEqual([{ from: 0, to: 100_000 }]);
});

test('nothing at all', () => {
  const line = buildTimeline({ ...base, bounds: undefined, extents: [] });
  expect(line).toMatchObject({ spans: [], oldest: null, newest: null });
  expect(line.gaps).toEqual([{ from: 0, to: 100_000, reason: 'unknown' }]);
});
