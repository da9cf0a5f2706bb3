import { describe, expect, it } from 'vitest';
import { createEdge } from './edge.ts';

/** Plays a stream of frames of `frameS` that come with the delays given, and tells where that leads. */
function play(delays: (n: number) => number, { frameS = 0.05, frames = 600, begin = 0 } = {}) {
  const edge = createEdge();
  let position = begin;
  let rate = 1;
  let dry = 0;
  let jumps = 0;
  let now = 0;
  const latencies: number[] = [];
  for (let n = 1; n <= frames; n++) {
    // Frame n is complete at n * frameS, and comes so much later.
    const at = n * frameS + delays(n);
    const end = (n - 1) * frameS;
    const played = position + Math.max(0, at - now) * rate;
    if (played >= end && n > 1) {
      edge.ranDry(now * 1000);
      dry += 1;
    }
    position = Math.min(played, Math.max(end, position));
    now = Math.max(now, at);
    edge.arrived(end - position, now * 1000);
    const advice = edge.advise({ positionS: position, startS: begin, endS: n * frameS }, now * 1000);
    rate = advice.rate;
    if (advice.jumpToS !== undefined) {
      jumps += 1;
      position = advice.jumpToS;
    }
    latencies.push(now - position);
  }
  return { dry, jumps, latency: latencies.at(-1) ?? 0, edge };
}

describe('the edge', () => {
  it('is kept within a tenth of a second of an even stream', () => {
    const { dry, jumps, latency } = play(() => 0.02);
    expect(latency).toBeLessThan(0.05 + 0.13);
    expect(jumps).toBe(0);
    expect(dry).toBeLessThan(5);
  });

  it('is come back to without a jump when playing began a little behind', () => {
    const { latency, jumps } = play(() => 0.02, { begin: -0.8 });
    expect(jumps).toBe(0);
    expect(latency).toBeLessThan(0.2);
  });

  it('is jumped to from far behind', () => {
    const { latency, jumps } = play(() => 0.02, { begin: -20 });
    expect(jumps).toBe(1);
    expect(latency).toBeLessThan(0.25);
  });

  it('keeps more distance where the stream comes unevenly, and never more than it must', () => {
    const even = play(() => 0.02);
    const uneven = play((n) => (n % 7 === 0 ? 0.2 : 0.02));
    expect(uneven.latency).toBeGreaterThan(even.latency);
    expect(uneven.latency).toBeLessThan(0.6);
    expect(uneven.dry).toBeLessThan(30);
  });

  it('does not depend on how many frames a second there are', () => {
    expect(play(() => 0.02, { frameS: 0.2, frames: 200 }).latency).toBeLessThan(0.2 + 0.13);
  });

  it('is beyond a gap at once', () => {
    const edge = createEdge();
    expect(edge.advise({ positionS: 3, startS: 4, endS: 4.5 }, 0).jumpToS).toBeGreaterThanOrEqual(4);
  });

  it('never plays faster than a fifth', () => {
    const edge = createEdge();
    edge.arrived(1.1, 0);
    expect(edge.advise({ positionS: 0, startS: 0, endS: 1.15 }, 0).rate).toBe(1.2);
  });
});
