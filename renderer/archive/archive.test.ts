import { describe, expect, it } from 'vitest';
import { readAddress, writeAddress } from './archive-address.ts';
import { laneAt, timelineHeight } from './timeline-draw.ts';
import { withMark } from './useMarks.ts';
import { nextRate } from './usePlayerKeys.ts';
import { askedRange } from './useTimeline.ts';

const NOW = 1_795_000_000_000;

describe('address of the archive', () => {
  it('is read as it is written', () => {
    for (const address of [
      { cameraIds: ['cam-1'], at: NOW },
      { cameraIds: ['cam 1&2'], at: null },
      { cameraIds: ['cam-1', 'cam-2', 'cam-3'], at: NOW },
      { cameraIds: [], at: null },
    ])
      expect(readAddress(new URL(writeAddress(address), 'http://x').searchParams)).toEqual(address);
  });

  it('takes nine cameras at most, each once', () => {
    const many = Array.from({ length: 12 }, (_, i) => `c${i}`).join(',');
    expect(readAddress(new URLSearchParams({ cameras: many })).cameraIds).toHaveLength(9);
    expect(readAddress(new URLSearchParams({ cameras: 'a,b,a,,b' })).cameraIds).toEqual(['a', 'b']);
    expect(writeAddress({ cameraIds: ['a', 'b'], at: null })).toBe('/archive?cameras=a,b');
  });

  it('takes nonsense for live', () => {
    for (const at of ['', 'abc', '-5', '1e99', 'Infinity'])
      expect(readAddress(new URLSearchParams({ camera: 'c', at })).at).toBeNull();
  });
});

describe('J and L', () => {
  it('start at 1, go faster with each press, and turn round at 1', () => {
    expect(nextRate(4, false, 'l')).toBe(1);
    expect(nextRate(1, true, 'l')).toBe(2);
    expect(nextRate(0.5, true, 'l')).toBe(1);
    expect(nextRate(16, true, 'l')).toBe(16);
    expect(nextRate(4, true, 'j')).toBe(-1);
    expect(nextRate(-1, true, 'j')).toBe(-2);
    expect(nextRate(-8, true, 'l')).toBe(1);
  });
});

describe('range asked of the index', () => {
  it('covers the view and stays the same while one pans a little', () => {
    for (const from of [NOW, NOW + 123_456, NOW - 86_400_000]) {
      const view = { from, to: from + 3_000_000 };
      const asked = askedRange(view);
      expect(asked.from).toBeLessThanOrEqual(view.from);
      expect(asked.to).toBeGreaterThanOrEqual(view.to);
    }
    const base = askedRange({ from: NOW, to: NOW + 3_000_000 });
    const start = base.from + 1000;
    expect(askedRange({ from: start, to: start + 3_000_000 })).toEqual(base);
    expect(askedRange({ from: start + 500_000, to: start + 3_500_000 })).toEqual(base);
  });
});

describe('marks of a range', () => {
  const none = { from: null, to: null };
  it('keep their order: an end on the wrong side takes the other one away', () => {
    const from = withMark(none, 'in', 1000);
    expect(from).toEqual({ from: 1000, to: null });
    expect(withMark(from, 'out', 5000)).toEqual({ from: 1000, to: 5000 });
    expect(withMark(from, 'out', 500)).toEqual({ from: null, to: 500 });
    expect(withMark({ from: 1000, to: 5000 }, 'in', 6000)).toEqual({ from: 6000, to: null });
    expect(withMark({ from: 1000, to: 5000 }, 'in', 2000.4)).toEqual({ from: 2000, to: 5000 });
  });
});

describe('lanes of the timeline', () => {
  it('are found by height, each of nine', () => {
    for (let lane = 0; lane < 9; lane++) expect(laneAt(30 + lane * 13 + 5, 9)).toBe(lane);
    expect(laneAt(0, 9)).toBe(0);
    expect(laneAt(500, 9)).toBe(8);
    expect(timelineHeight(9)).toBeGreaterThan(timelineHeight(1));
  });
});
