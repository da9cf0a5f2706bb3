import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forDrawing, recordedFrom, recordingAfter, recordingBefore, whatIsAt } from '../player/spans.ts';
import { cityZone } from '../time/city-zone.ts';
import { ticks } from './ticks.ts';
import {
  centred,
  following,
  LONGEST_VIEW_MS,
  pan,
  SHORTEST_VIEW_MS,
  timeAt,
  xOf,
  zoom,
} from './timeline-view.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-22T12:00:00+03:00');
const moscow = cityZone('Europe/Moscow');
const berlin = cityZone('Europe/Berlin');
const iso = (at: number) => new Date(at).toISOString().slice(0, 16);

describe('view', () => {
  const view = { from: NOW - 10 * HOUR, to: NOW - 8 * HOUR };

  it('turns pixels into times and back', () => {
    expect(timeAt(view, 0, 1000)).toBe(view.from);
    expect(timeAt(view, 500, 1000)).toBe(NOW - 9 * HOUR);
    expect(xOf(view, NOW - 9 * HOUR, 1000)).toBe(500);
  });

  it('keeps the anchor under the same pixel while zooming', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.2, max: 2, noNaN: true }),
        (share, factor) => {
          const anchor = view.from + share * 2 * HOUR;
          const zoomed = zoom(view, factor, anchor, NOW);
          return Math.abs(xOf(zoomed, anchor, 1000) - share * 1000) < 0.01;
        },
      ),
    );
  });

  it('has a shortest and a longest view', () => {
    const near = zoom(view, 1e-9, NOW - 9 * HOUR, NOW);
    expect(near.to - near.from).toBeCloseTo(SHORTEST_VIEW_MS);
    const far = zoom(view, 1e9, NOW - 9 * HOUR, NOW);
    expect(far.to - far.from).toBeCloseTo(LONGEST_VIEW_MS);
  });

  it('shows hardly any future', () => {
    const moved = pan(view, 100 * HOUR, NOW);
    expect(moved.to).toBeCloseTo(NOW + 0.2 * HOUR);
    expect(moved.to - moved.from).toBeCloseTo(2 * HOUR);
    expect(centred(NOW, HOUR, NOW).to).toBeCloseTo(NOW + 0.1 * HOUR);
  });

  it('follows the playhead only when it leaves', () => {
    expect(following(view, NOW - 9 * HOUR, NOW)).toBe(view);
    const moved = following(view, NOW - 5 * HOUR, NOW);
    expect(xOf(moved, NOW - 5 * HOUR, 1000)).toBeCloseTo(250);
  });
});

describe('ticks', () => {
  it('stand on round times of the city, not of UTC', () => {
    const kolkata = cityZone('Asia/Kolkata');
    const day = { from: NOW - 24 * HOUR, to: NOW };
    for (const zone of [moscow, kolkata])
      for (const tick of ticks(day, 1200, zone)) {
        const local = zone.toLocal(tick.at);
        expect([local.hour % 2, local.minute, local.second]).toEqual([0, 0, 0]);
      }
    expect(ticks(day, 1200, moscow)).toHaveLength(12);
  });

  it('give the repeated hour two ticks and the missing hour none', () => {
    const autumn = {
      from: Date.parse('2026-10-25T00:00:00+02:00'),
      to: Date.parse('2026-10-25T05:00:00+01:00'),
    };
    expect(ticks(autumn, 700, berlin).map((tick) => berlin.toLocal(tick.at).hour)).toEqual([
      0, 1, 2, 2, 3, 4,
    ]);
    const spring = {
      from: Date.parse('2026-03-29T00:00:00+01:00'),
      to: Date.parse('2026-03-29T05:00:00+02:00'),
    };
    expect(ticks(spring, 400, berlin).map((tick) => berlin.toLocal(tick.at).hour)).toEqual([0, 1, 3, 4]);
  });

  it('stand at local midnights across a change of clocks', () => {
    const month = { from: Date.parse('2026-10-20T00:00:00Z'), to: Date.parse('2026-10-30T00:00:00Z') };
    for (const tick of ticks(month, 1000, berlin)) expect(berlin.toLocal(tick.at).hour).toBe(0);
    expect(ticks(month, 1000, berlin).map((tick) => iso(tick.at))).toContain('2026-10-25T23:00');
  });

  it('never crowd and never run dry, from seconds to two months', () => {
    fc.assert(
      fc.property(
        fc.double({ min: Math.log(SHORTEST_VIEW_MS), max: Math.log(LONGEST_VIEW_MS), noNaN: true }),
        fc.integer({ min: 300, max: 2500 }),
        (logSpan, width) => {
          const view = { from: NOW - Math.exp(logSpan), to: NOW };
          const found = ticks(view, width, moscow);
          const close = found.some((tick, i) => {
            const before = found[i - 1];
            return before !== undefined && xOf(view, tick.at, width) - xOf(view, before.at, width) < 60;
          });
          return !close && found.length <= width / 60 + 1;
        },
      ),
    );
    expect(ticks({ from: NOW - 12_000, to: NOW }, 1200, moscow)[0]?.label).toBe('time-s');
    expect(ticks({ from: NOW - LONGEST_VIEW_MS, to: NOW }, 1200, moscow).length).toBeGreaterThan(4);
  });

  it('of a year are months that have room to be read, and say which year begins', () => {
    const year = { from: NOW - 365 * 24 * HOUR, to: NOW };
    for (const width of [250, 340, 420, 700, 1200]) {
      const found = ticks(year, width, moscow);
      expect(found.length).toBeGreaterThan(1);
      for (const [i, tick] of found.entries()) {
        const local = moscow.toLocal(tick.at);
        expect([local.day, local.hour]).toEqual([1, 0]);
        expect(tick.label).toBe(local.month === 1 ? 'year' : 'month');
        const before = found[i - 1];
        if (before) expect(xOf(year, tick.at, width) - xOf(year, before.at, width)).toBeGreaterThan(70);
      }
    }
  });
});

describe('spans', () => {
  const spans = [
    { from: 100_000, to: 200_000 },
    { from: 300_000, to: 400_000 },
  ];
  const gaps = [{ from: 200_000, to: 300_000, reason: 'stream-lost' as const }];

  it('tell what is at an instant', () => {
    expect(whatIsAt({ spans, gaps }, 150_000).kind).toBe('recorded');
    expect(whatIsAt({ spans, gaps }, 200_000)).toEqual({ kind: 'gap', gap: gaps[0] });
    expect(whatIsAt({ spans, gaps }, 500_000).kind).toBe('none');
  });

  it('find where to play on, and the recordings before and after', () => {
    expect(recordedFrom(spans, 150_000)).toBe(150_000);
    expect(recordedFrom(spans, 250_000)).toBe(300_000);
    expect(recordedFrom(spans, 400_000)).toBeUndefined();
    expect(recordingBefore(spans, 350_000)).toBe(300_000);
    expect(recordingBefore(spans, 301_000)).toBe(100_000);
    expect(recordingBefore(spans, 100_000)).toBeUndefined();
    expect(recordingAfter(spans, 150_000)).toBe(300_000);
    expect(recordingAfter(spans, 300_000)).toBeUndefined();
  });

  it('draw as one what lies less than a pixel apart', () => {
    expect(forDrawing(spans, 100_001)).toEqual([{ from: 100_000, to: 400_000 }]);
    expect(forDrawing([...spans].reverse(), 1000)).toEqual(spans);
  });
});
