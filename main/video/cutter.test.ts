import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CutPart, createCutter, partShape } from './cutter.ts';

const TIMESCALE = 90_000;

interface Cut {
  parts: CutPart[];
  ended: number[];
}

/** Feeds frames of `frameS` seconds with a keyframe each `gop` frames. */
function cut(frames: number, frameS: number, gop: number): Cut {
  const parts: CutPart[] = [];
  const ended: number[] = [];
  let msn = 99;
  const cutter = createCutter({
    timescale: TIMESCALE,
    trackId: 1,
    ...partShape(frameS),
    nextMsn: () => ++msn,
    sink: { fragment: () => undefined, part: (part) => parts.push(part), segmentEnded: (n) => ended.push(n) },
  });
  const duration = Math.round(frameS * TIMESCALE);
  for (let i = 0; i < frames; i++)
    cutter.frame({
      bytes: Buffer.from([i & 255]),
      decodeTime: i * duration,
      duration,
      keyframe: i % gop === 0,
      utcMs: 1_000 + i * frameS * 1000,
    });
  cutter.end();
  return { parts, ended };
}

const segmentsOf = ({ parts }: Cut) => {
  const segments = new Map<number, CutPart[]>();
  for (const part of parts) segments.set(part.msn, [...(segments.get(part.msn) ?? []), part]);
  return [...segments.values()];
};
const seconds = (parts: CutPart[]) => parts.reduce((sum, part) => sum + part.durationUs, 0) / 1e6;

test('10 frames a second, a keyframe each two seconds: two-second segments of ten parts', () => {
  const result = cut(200, 0.1, 20);
  const segments = segmentsOf(result);
  expect(segments).toHaveLength(10);
  for (const segment of segments) {
    expect(seconds(segment)).toBeCloseTo(2);
    expect(segment).toHaveLength(10);
    expect(segment.map((part) => part.independent)).toEqual([true, ...Array(9).fill(false)]);
    expect(segment.map((part) => part.index)).toEqual([...Array(10).keys()]);
  }
  expect(result.ended).toEqual([...Array(10).keys()].map((n) => 100 + n));
});

test.each([
  [1, 2],
  [1.9, 3.8],
  [2, 2],
  [3, 3],
  [4, 4],
])('a keyframe each %d s makes segments of %d s', (gopS, segmentS) => {
  const segments = segmentsOf(cut(1_000, 0.04, Math.round(gopS / 0.04)));
  for (const segment of segments.slice(0, -1)) {
    expect(seconds(segment)).toBeCloseTo(segmentS, 1);
    expect(segment[0]?.independent).toBe(true);
  }
});

test('a longer group of pictures is cut between its keyframes, never beyond the target duration', () => {
  const segments = segmentsOf(cut(1_000, 0.04, 250));
  expect(segments.slice(0, 3).map((segment) => Math.round(seconds(segment)))).toEqual([4, 4, 2]);
  expect(segments.slice(0, 3).map((segment) => segment[0]?.independent)).toEqual([true, false, false]);
});

test('every frame is in exactly one part, in order; parts keep their limits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.constantFrom(0.02, 1 / 30, 0.04, 0.05, 1 / 15, 0.1, 0.125, 0.5, 1),
      fc.integer({ min: 1, max: 300 }),
      (frames, frameS, gop) => {
        const result = cut(frames, frameS, gop);
        const { partTargetS, framesPerPart } = partShape(frameS);
        const tails = result.parts.map((part) => [...part.bytes.subarray(32)]);
        expect(tails.flat()).toEqual([...Array(frames).keys()].map((i) => i & 255));
        for (const part of result.parts) expect(part.durationUs / 1e6).toBeLessThanOrEqual(partTargetS);
        for (const segment of segmentsOf(result)) {
          expect(seconds(segment)).toBeLessThanOrEqual(4.02);
          // Only what a keyframe or the segment's end cuts short may be shorter than the shape says.
          segment.slice(0, -1).forEach((part, i) => {
            if (!segment[i + 1]?.independent) expect(part.bytes.length - 32).toBe(framesPerPart);
          });
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('a part target once declared stays while frames fit into it', () => {
  const first = partShape(0.04);
  expect(first).toEqual({ framesPerPart: 5, partTargetS: 0.22 });
  expect(partShape(0.1, first.partTargetS)).toEqual({ framesPerPart: 2, partTargetS: 0.22 });
  expect(partShape(0.5, first.partTargetS).partTargetS).toBeCloseTo(0.55);
});
