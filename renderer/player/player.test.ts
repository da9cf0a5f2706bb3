import { describe, expect, it } from 'vitest';
import {
  type LiveSigns,
  LOOK_EVERY_MS,
  livePhase,
  provesLive,
  retryDelay,
  STALL_MS,
  shouldJump,
} from './live-phase.ts';
import { type Anchor, utcAt } from './media-clock.ts';
import { streamFailure } from './stream-failure.ts';

const T = Date.parse('2026-11-22T09:00:00Z');
/** Two segments, a gap of a minute in which nothing was recorded, two more. */
const anchors: Anchor[] = [
  { start: 0, duration: 2, utc: T },
  { start: 2, duration: 2, utc: T + 2000 },
  { start: 4, duration: 2, utc: T + 64_000 },
  { start: 6, duration: 1.5, utc: T + 66_000 },
];

describe('media clock', () => {
  it('tells the true time of a frame, across a gap too', () => {
    expect(utcAt(anchors, 0)).toBe(T);
    expect(utcAt(anchors, 3.25)).toBe(T + 3250);
    expect(utcAt(anchors, 4)).toBe(T + 64_000);
    expect(utcAt(anchors, 5.5)).toBe(T + 65_500);
  });

  it('believes parts that run ahead of the playlist, but not for ever', () => {
    expect(utcAt(anchors, 8)).toBe(T + 68_000);
    expect(utcAt(anchors, 500)).toBe(T + 66_000 + 31_500);
  });

  it('knows nothing before the first fragment or without times', () => {
    expect(utcAt(anchors, -1)).toBeUndefined();
    expect(utcAt([{ start: 0, duration: 2, utc: null }], 1)).toBeUndefined();
    expect(utcAt([], 1)).toBeUndefined();
  });
});

describe('live phase', () => {
  const signs: LiveSigns = {
    lastFrameAt: null,
    everShown: false,
    hasProblem: false,
    ended: null,
    hidden: false,
  };

  it('is live only while new frames come', () => {
    expect(livePhase(signs, 10_000)).toBe('starting');
    const shown = { ...signs, lastFrameAt: 10_000, everShown: true };
    expect(livePhase(shown, 10_000 + STALL_MS)).toBe('live');
    expect(livePhase(shown, 10_001 + STALL_MS)).toBe('stalled');
    expect(STALL_MS + LOOK_EVERY_MS).toBeLessThan(2000);
  });

  it('says the problem rather than the stall, and the refusal rather than anything', () => {
    const problem = { ...signs, hasProblem: true, everShown: true, lastFrameAt: 1000 };
    expect(livePhase(problem, 9000)).toBe('problem');
    expect(livePhase(problem, 1500)).toBe('live');
    expect(livePhase({ ...problem, ended: 'refused' }, 1500)).toBe('refused');
    expect(livePhase({ ...problem, hidden: true }, 1500)).toBe('hidden');
  });

  it('is proven by new frames only, not by old ones shown again', () => {
    expect(provesLive(T, null, T + 800)).toBe(true);
    expect(provesLive(T + 50, T, T + 800)).toBe(true);
    expect(provesLive(T, T, T + 800)).toBe(false);
    expect(provesLive(T - 40, T, T + 800)).toBe(false);
    expect(provesLive(T, null, T + 60_000)).toBe(false);
    expect(provesLive(undefined, T, T + 60_000)).toBe(true);
  });

  it('jumps to the edge when far behind, not for a breath', () => {
    expect(shouldJump(0.7, 0.6)).toBe(false);
    expect(shouldJump(1.9, 0.6)).toBe(false);
    expect(shouldJump(4, 0.6)).toBe(true);
    expect(shouldJump(7, 6)).toBe(false);
    expect(shouldJump(Number.NaN, 0.6)).toBe(false);
  });

  it('waits longer with each attempt, but not over twenty seconds', () => {
    expect(retryDelay(0, 0.5)).toBe(1000);
    expect(retryDelay(2, 0)).toBe(3000);
    expect(retryDelay(50, 1)).toBe(18_750);
  });
});

describe('stream failure', () => {
  const body = (code: string, params?: Record<string, string>) =>
    JSON.stringify({ type: 'urn:x', title: code, status: 400, code, params });

  it('tells a lost right from a lost session', () => {
    expect(streamFailure(403, body('no-right', { reason: 'archive-depth' }))).toEqual({
      kind: 'refused',
      reason: 'archive-depth',
    });
    expect(streamFailure(403, '')).toEqual({ kind: 'refused', reason: '' });
    expect(streamFailure(401, body('sign-in-first'))).toEqual({ kind: 'signed-out' });
  });

  it('finds the reason of the stream', () => {
    expect(streamFailure(503, body('stream.unauthorised'))).toEqual({ kind: 'stream', code: 'unauthorised' });
    expect(streamFailure(503, body('stream-starting'))).toEqual({ kind: 'starting' });
    expect(streamFailure(503, body('stream.eaten'))).toEqual({
      kind: 'hub',
      code: 'stream.eaten',
      params: {},
    });
    expect(streamFailure(404, body('not-found'))).toEqual({ kind: 'no-stream' });
    expect(streamFailure(400, body('range-too-long'))).toEqual({
      kind: 'hub',
      code: 'range-too-long',
      params: {},
    });
  });

  it('believes nothing that is not the hub’s answer', () => {
    expect(streamFailure(502, '<html>Bad gateway</html>')).toEqual({ kind: 'network', status: 502 });
    expect(streamFailure(500, '{"broken":')).toEqual({ kind: 'network', status: 500 });
    expect(streamFailure(0, '')).toEqual({ kind: 'network', status: 0 });
  });
});
