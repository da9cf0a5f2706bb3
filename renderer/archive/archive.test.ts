import { describe, expect, it } from 'vitest';
import { continuesLive, findPlace, placeFor, WINDOW_MS } from '../player/archive-window.ts';
import { readAddress, writeAddress } from './archive-address.ts';
import { nextRate } from './usePlayerKeys.ts';
import { askedRange } from './useTimeline.ts';

const NOW = 1_795_000_000_000;

describe('address of the archive', () => {
  it('is read as it is written', () => {
    for (const address of [
      { cameraId: 'cam-1', at: NOW },
      { cameraId: 'cam 1&2', at: null },
      { cameraId: '', at: null },
    ])
      expect(readAddress(new URL(writeAddress(address), 'http://x').searchParams)).toEqual(address);
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

describe('where to play', () => {
  const spans = [
    { from: NOW - 600_000, to: NOW - 500_000 },
    { from: NOW - 400_000, to: NOW - 100 },
  ];

  it('begins at the time itself, with a little of what was before', () => {
    expect(placeFor(NOW - 550_000, spans, NOW, NOW - 100)).toEqual({
      kind: 'play',
      from: NOW - 610_000,
      to: NOW,
      start: NOW - 550_000,
      skipped: null,
    });
  });

  it('passes over a gap and says so', () => {
    const place = placeFor(NOW - 450_000, spans, NOW, NOW - 100);
    expect(place).toMatchObject({
      start: NOW - 400_000,
      skipped: { from: NOW - 450_000, to: NOW - 400_000 },
    });
  });

  it('never asks for more than an hour ahead', () => {
    const long = [{ from: NOW - 10 * WINDOW_MS, to: NOW }];
    expect(placeFor(NOW - 5 * WINDOW_MS, long, NOW, NOW)).toMatchObject({ to: NOW - 4 * WINDOW_MS });
  });

  it('looks further than an hour when the gap is longer', async () => {
    const late = [{ from: NOW - 60_000, to: NOW - 100 }];
    const asked: number[] = [];
    const { place } = await findPlace(NOW - 5 * WINDOW_MS, NOW, async (from, to) => {
      asked.push(to - from);
      return { spans: late.filter((span) => span.from < to), newest: NOW - 100 };
    });
    expect(asked).toEqual([WINDOW_MS, 5 * WINDOW_MS - 100]);
    expect(place).toMatchObject({ kind: 'play', start: NOW - 60_000 });
  });

  it('goes live behind the end, and says when there is nothing at all', () => {
    expect(placeFor(NOW - 200, spans, NOW, NOW - 100).kind).toBe('live');
    expect(placeFor(NOW, [], NOW, null).kind).toBe('nothing');
    expect(continuesLive(NOW - 5000, NOW)).toBe(true);
    expect(continuesLive(NOW - 60_000, NOW)).toBe(false);
  });
});
