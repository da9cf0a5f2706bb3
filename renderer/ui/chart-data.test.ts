import { describe, expect, it } from 'vitest';
import { type ChartLine, lonePoints, scaleRange, summaryOf } from './chart-data.ts';

const line = (avg: (number | null)[], spread = 0): ChartLine => ({
  label: 'noise',
  avg,
  min: avg.map((value) => (value === null ? null : value - spread)),
  max: avg.map((value) => (value === null ? null : value + spread)),
});

describe('points that no line shows', () => {
  it('have a gap or an end on both sides', () => {
    expect(lonePoints([1, null, 2, 3, null, 4, null, 5])).toEqual([0, 5, 7]);
    expect(lonePoints([0])).toEqual([0]);
    expect(lonePoints([null, null])).toEqual([]);
  });
});

describe('summary of a line', () => {
  it('counts gaps as gaps, not as noughts', () => {
    expect(summaryOf(line([10, null, 20, null], 2))).toEqual({ avg: 15, min: 8, max: 22, gaps: 0.5 });
  });

  it('is nothing without a value', () => {
    expect(summaryOf(line([null, null]))).toBeNull();
    expect(summaryOf(line([]))).toBeNull();
  });
});

describe('vertical scale', () => {
  it('shows shares whole and counts from nought', () => {
    expect(scaleRange('percent', 3, 4)).toEqual([0, 100]);
    expect(scaleRange('from-zero', 5, 100)).toEqual([0, 108]);
    expect(scaleRange('from-zero', 0, 0)).toEqual([0, 1]);
  });

  it('keeps a level line off the edges', () => {
    expect(scaleRange('free', -92, -92)).toEqual([-93, -91]);
    expect(scaleRange('free', null, null)).toEqual([0, 1]);
  });
});
