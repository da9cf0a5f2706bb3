import { expect, test } from 'vitest';
import type { BreakReason, FileSpan, SegmentRef } from '../recording/types.ts';
import { cutRun, footageMs, planPieces, runsOf } from './plan.ts';

const T = Date.UTC(2026, 10, 22, 11, 0, 0);
let msn = 0;

interface Given {
  at: number;
  independent?: boolean;
  ms?: number;
  init?: string;
}
/** A file of segments at seconds after T, two seconds each unless said otherwise. */
function span(segments: Given[], breakBefore: BreakReason | null = null): FileSpan {
  const refs = segments.map(({ at, independent = true, ms = 2000, init = 'a' }): SegmentRef => {
    msn += 1;
    const place = { path: 'x', offset: 0, bytes: 1000, disk: 1 };
    return { ...place, msn, startMs: T + at * 1000, durationUs: ms * 1000, independent, initHash: init };
  });
  const [first, last] = [refs[0], refs.at(-1)];
  return {
    startMs: first?.startMs ?? 0,
    endMs: (last?.startMs ?? 0) + (last?.durationUs ?? 0) / 1000,
    breakBefore,
    disk: 1,
    initHash: first?.initHash ?? '',
    segments: refs,
  };
}
const plan = (
  spans: FileSpan[],
  from: number,
  to: number,
  more: Partial<Parameters<typeof planPieces>[0]> = {},
) =>
  planPieces({
    ...{ from: T + from * 1000, to: T + to * 1000, now: T + 3_600_000 },
    ...{ spans, gaps: [], changes: [], ...more },
  });
const told = (pieces: ReturnType<typeof plan>) =>
  pieces.map((piece) => [piece.kind, (piece.from - T) / 1000, (piece.to - T) / 1000]);

test('files that continue each other are one run; a break, another format and a step in time are not', () => {
  const spans = [
    span([{ at: 0 }, { at: 2 }]),
    span([{ at: 4 }, { at: 6 }]),
    span([{ at: 8 }], 'clock'),
    span([{ at: 10, init: 'b' }]),
    span([{ at: 13.5, init: 'b' }]),
  ];
  expect(runsOf(spans).map(({ segments }) => segments.length)).toEqual([4, 1, 1, 1]);
});

test('what cannot be decoded without a lost keyframe is left out', () => {
  const spans = [
    span([{ at: 0 }, { at: 2 }, { at: 8, independent: false }, { at: 10, independent: false }, { at: 12 }]),
  ];
  expect(runsOf(spans).map(({ segments }) => segments.map(({ startMs }) => (startMs - T) / 1000))).toEqual([
    [0, 2],
    [12],
  ]);
});

test('a cut begins with the keyframe before it, however far back that is', () => {
  const [run] = runsOf([
    span([{ at: 0 }, { at: 2, independent: false }, { at: 4, independent: false }, { at: 6 }]),
  ]);
  if (!run) throw new Error('no run');
  expect(cutRun(run, T + 5000, T + 6000)?.segments.map(({ startMs }) => (startMs - T) / 1000)).toEqual([
    0, 2, 4,
  ]);
  expect(cutRun(run, T + 7000, T + 9000)?.segments.map(({ startMs }) => (startMs - T) / 1000)).toEqual([6]);
  expect(cutRun(run, T + 8000, T + 9000)).toBeUndefined();
});

test('what is missing at the beginning, between and at the end is told, with the reason that covers most of it', () => {
  const gaps = [
    { from: T - 60_000, to: T, reason: 'expired' as const },
    { from: T + 4000, to: T + 5000, reason: 'unknown' as const },
    { from: T + 5000, to: T + 20_000, reason: 'disk' as const },
  ];
  const pieces = plan([span([{ at: 0 }, { at: 2 }]), span([{ at: 20 }], 'disk')], -10, 30, { gaps });
  expect(told(pieces)).toEqual([
    ['gap', -10, 0],
    ['footage', 0, 4],
    ['gap', 4, 20],
    ['footage', 20, 22],
    ['gap', 22, 30],
  ]);
  expect(pieces.flatMap((piece) => (piece.kind === 'gap' ? [piece.reason] : []))).toEqual([
    'expired',
    'disk',
    'unknown',
  ]);
  expect(footageMs(pieces)).toBe(6000);
});

test('the newest seconds are not missing but still on their way', () => {
  const pieces = plan([span([{ at: 0 }])], 0, 8, { now: T + 8000 });
  expect(pieces.at(-1)).toMatchObject({ kind: 'gap', reason: 'not-yet' });
});

test('a short settling of the clock is no gap', () => {
  expect(told(plan([span([{ at: 0 }]), span([{ at: 3.2 }], 'stream-lost')], 0, 5.2))).toEqual([
    ['footage', 0, 2],
    ['footage', 3.2, 5.2],
  ]);
});

test('where media time runs off from true time, the clock is set anew at a keyframe', () => {
  const spans = [span([{ at: 0 }, { at: 2.015 }, { at: 4.03, independent: false }, { at: 6.045 }])];
  const pieces = plan(spans, 0, 8);
  expect(told(pieces)).toEqual([
    ['footage', 0, 6.03],
    ['footage', 6.045, 8],
  ]);
  expect(pieces.map((piece) => piece.kind === 'footage' && piece.startMs - T)).toEqual([0, 6045]);
});

test('no piece reaches over a change of the clocks', () => {
  const pieces = plan([span([{ at: 0 }, { at: 2 }, { at: 4 }])], 1, 6, { changes: [T + 3000] });
  expect(told(pieces)).toEqual([
    ['footage', 1, 3],
    ['footage', 3, 6],
  ]);
  expect(pieces.map((piece) => piece.kind === 'footage' && piece.run.segments.length)).toEqual([2, 2]);
});

test('hours are worked on in pieces', () => {
  const hour = span(Array.from({ length: 1800 }, (_, index) => ({ at: index * 2 })));
  const pieces = plan([hour], 0, 3600);
  expect(pieces.length).toBeGreaterThanOrEqual(6);
  expect(footageMs(pieces)).toBe(3_600_000);
});

test('the same moment is never shown twice when the clock went back', () => {
  const pieces = plan([span([{ at: 0 }, { at: 2 }]), span([{ at: 1 }, { at: 3 }], 'clock')], 0, 5);
  expect(told(pieces)).toEqual([
    ['footage', 0, 4],
    ['footage', 4, 5],
  ]);
});
