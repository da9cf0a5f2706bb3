import { expect, test } from 'vitest';
import type { FileSpan, SegmentRef } from '../recording/types.ts';
import { firstFragmentBytes, keyframesOf, readKeyframe } from './keyframes.ts';

const box = (type: string, body: number): Buffer => {
  const bytes = Buffer.alloc(8 + body);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.write(type, 4, 'latin1');
  return bytes;
};
const fragment = Buffer.concat([box('prft', 24), box('moof', 90), box('mdat', 20_000)]);
const segmentBytes = Buffer.concat([fragment, box('moof', 90), box('mdat', 500)]);

const segment = (n: number, independent = true): SegmentRef =>
  ({
    ...{ msn: n, startMs: n * 2_000, durationUs: 2e6, independent, path: 'f', offset: 0 },
    ...{ bytes: segmentBytes.length, initHash: 'abc' },
  }) as SegmentRef;
const spans = async () => [
  { segments: [segment(0), segment(1), segment(2, false), segment(3), segment(4)] } as FileSpan,
];

test('keyframes are named no nearer to each other than asked, and only where a decoder can begin', async () => {
  const of = async (stepMs: number) =>
    (await keyframesOf({ spans }, 'cam-1', 'main', { from: 0, to: 10_000, stepMs })).map(({ msn }) => msn);
  expect(await of(0)).toEqual([0, 1, 3, 4]);
  expect(await of(2_500)).toEqual([0, 3]);
  expect(await of(60_000)).toEqual([0]);
});

test('a month is read a little at a time, holes of weeks in few steps, and none is named twice', async () => {
  const day = 86_400_000;
  // Twelve hours of footage, nothing for three weeks, twelve hours again.
  const recorded = (ms: number) => ms < day / 2 || (ms >= 22 * day && ms < 22.5 * day);
  const reads: number[] = [];
  const read = async (_camera: string, _track: string, from: number, to: number) => {
    const segments: SegmentRef[] = [];
    for (let n = Math.floor(from / 2_000); n * 2_000 < to; n++)
      if (recorded(n * 2_000)) segments.push(segment(n));
    reads.push(segments.length);
    return [{ segments } as FileSpan];
  };
  const of = async (stepMs: number, from = 1_000) => {
    reads.length = 0;
    return keyframesOf({ spans: read }, 'cam-1', 'main', { from, to: 31 * day, stepMs });
  };
  const hourly = await of(3_600_000);
  expect(hourly.map(({ utc }) => Math.floor(utc / 3_600_000))).toEqual([
    ...Array.from({ length: 12 }, (_, hour) => hour),
    ...Array.from({ length: 12 }, (_, hour) => 22 * 24 + hour),
  ]);
  expect(Math.max(...reads)).toBeLessThanOrEqual((6 * 3_600_000) / 2_000);
  expect(reads.length).toBeLessThan(200);
  // Those of the first minutes fill the list: no more is read.
  const all = await of(0);
  expect(all.map(({ msn }) => msn)).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
  expect(reads.reduce((sum, count) => sum + count, 0)).toBeLessThan(2_400);
});

test('a keyframe is the first fragment, whole, however large; a segment without one has none', async () => {
  const reads: number[] = [];
  const recording = {
    segment: async (_id: string, _track: string, msn: number) =>
      msn < 5 ? segment(msn, msn !== 2) : undefined,
    readStart: async (_segment: SegmentRef, bytes: number) => {
      reads.push(bytes);
      return segmentBytes.subarray(0, bytes);
    },
  };
  expect((await readKeyframe(recording, 'cam-1', 'main', 1)).bytes).toEqual(fragment);
  expect(Math.max(...reads)).toBe(fragment.length);
  await expect(readKeyframe(recording, 'cam-1', 'main', 2)).rejects.toMatchObject({ status: 404 });
  await expect(readKeyframe(recording, 'cam-1', 'main', 9)).rejects.toMatchObject({ status: 404 });
  expect(firstFragmentBytes(fragment.subarray(0, 100))).toBeUndefined();
});
