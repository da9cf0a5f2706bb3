import { beforeAll, expect, test } from 'vitest';
import { testFmp4 } from '../../tests/support/fmp4.ts';
import { manualClock } from '../base/clock.ts';
import { readFragment, setFragmentTimes } from '../recording/fragment.ts';
import { type InitSegment, readInitSegment } from '../recording/init-segment.ts';
import { boxesIn } from '../recording/mp4-boxes.ts';
import type { BreakReason } from '../recording/types.ts';
import type { CutPart } from './cutter.ts';
import { createFmp4Reader } from './fmp4-reader.ts';
import { createStreamRun } from './stream-run.ts';

let init: InitSegment;
let source: { bytes: Buffer; moofBytes: number }[];
beforeAll(async () => {
  source = [];
  createFmp4Reader({
    init(bytes) {
      init = readInitSegment(bytes);
    },
    fragment: (bytes, moofBytes) => source.push({ bytes, moofBytes }),
  }).push(await testFmp4({ seconds: 8, size: '160x120' }));
});

function setUp() {
  const clock = manualClock();
  const parts: CutPart[] = [];
  const begun: BreakReason[] = [];
  let tooFast = 0;
  let msn = 0;
  const run = createStreamRun({
    clock,
    init,
    reason: 'stream-lost',
    partTargetS: undefined,
    nextMsn: () => ++msn,
    sink: {
      begin: (_init, reason) => begun.push(reason),
      fragment: () => undefined,
      part: (part) => parts.push(part),
      segmentEnded: () => undefined,
    },
    onTooFast: () => {
      tooFast += 1;
    },
  });
  const fragments = source.map(({ bytes, moofBytes }) => ({ bytes: Buffer.from(bytes), moofBytes }));
  return { clock, parts, begun, run, fragments, tooFast: () => tooFast };
}
/** Times of all frames in parts, ticks. */
const times = (parts: CutPart[]) =>
  parts.flatMap((part) =>
    [...boxesIn(part.bytes)]
      .filter((box) => box.type === 'moof')
      .map((box) => readFragment(part.bytes.subarray(box.start, box.end))),
  );

test('frames of the opening burst are dated by when they were taken, not by when they came', () => {
  const { clock, parts, run, fragments } = setUp();
  const opened = clock.now();
  fragments.forEach(({ bytes, moofBytes }, i) => {
    if (i >= 10) clock.advance(100);
    run.fragment(bytes, moofBytes);
  });
  run.end();
  // The tenth frame ended as the burst came; the first began a second before.
  expect(parts[0]?.startMs).toBeCloseTo(opened - 1_000, -1);
  expect(parts.at(-1)?.startMs).toBeCloseTo(opened - 1_000 + 7_800, -1);
});

test('a first frame whose time was lost gets its place back; none is lost and none overlaps', () => {
  const { clock, parts, run, fragments } = setUp();
  const tick = init.timescale / 10;
  // As ffmpeg's concat input gives it: 0, 1, then a frame's length each.
  fragments.forEach(({ bytes, moofBytes }, i) => {
    const moof = bytes.subarray(0, moofBytes);
    setFragmentTimes(moof, i === 0 ? 0 : 1 + (i - 1) * tick, i === 0 ? 1 : tick);
    clock.advance(100);
    run.fragment(bytes, moofBytes);
  });
  run.end();
  const frames = times(parts);
  expect(frames.map((frame) => frame.decodeTime)).toEqual(fragments.map((_, i) => i * tick));
  expect(frames.every((frame) => frame.duration === tick)).toBe(true);
  expect((parts[1]?.startMs ?? 0) - (parts[0]?.startMs ?? 0)).toBeCloseTo(200, 0);
});

test('a clock that is set begins a new run with the next keyframe', () => {
  const { clock, parts, begun, run, fragments } = setUp();
  fragments.forEach(({ bytes, moofBytes }, i) => {
    clock.advance(100);
    if (i === 30) clock.jump(3_600_000);
    run.fragment(bytes, moofBytes);
  });
  run.end();
  expect(begun).toEqual(['stream-lost', 'clock']);
  const starts = parts.filter((part) => part.independent).map((part) => part.startMs);
  expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBeCloseTo(3_602_000, -2);
});

test('what comes faster than time passes is no live stream', () => {
  const { clock, run, fragments, tooFast } = setUp();
  const step = init.timescale * 10;
  fragments.slice(0, 10).forEach(({ bytes, moofBytes }, i) => {
    setFragmentTimes(bytes.subarray(0, moofBytes), i * step, step);
    clock.advance(5);
    run.fragment(bytes, moofBytes);
  });
  expect(tooFast()).toBe(1);
});
