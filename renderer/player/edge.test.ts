import { describe, expect, it } from 'vitest';
import { createEdge } from './edge.ts';

const TICK_S = 0.005;

interface Course {
  /** Seconds after its end at which frame `n` comes; never before the one that was sent before it. */
  lateS: (n: number) => number;
  frameS?: number;
  seconds?: number;
  /** Where playing begins; everything before zero is there already. */
  begin?: number;
}

interface Played {
  /** When the picture stopped, seconds. */
  dryAt: number[];
  jumps: number;
  /** Changes of position that are no playing, and the rates that were played at. */
  rates: number[];
  /** Behind the end of the newest frame that was sent, at a moment. */
  behindS(at: number): number;
}

/** Plays a stream of frames that come with the delays given, and tells where that leads. */
function play({ lateS, frameS = 0.05, seconds = 60, begin = -0.15 }: Course): Played {
  const edge = createEdge();
  const behind: number[] = [];
  const dryAt: number[] = [];
  const rates: number[] = [];
  let position = begin;
  let rate = 1;
  let jumps = 0;
  let frames = 0;
  let end = 0;
  let wasDry = false;
  let dueAt = frameS + lateS(1);
  for (let tick = 1; tick * TICK_S <= seconds; tick++) {
    const now = tick * TICK_S;
    const dry = position + TICK_S * rate > end;
    if (dry && !wasDry) {
      dryAt.push(now);
      edge.ranDry(position, now * 1000);
    }
    wasDry = dry;
    if (!dry) position += TICK_S * rate;
    let came = false;
    while (dueAt <= now) {
      edge.arrived(frames * frameS, now * 1000);
      frames += 1;
      end = frames * frameS;
      dueAt = Math.max(dueAt, (frames + 1) * frameS + lateS(frames + 1));
      came = true;
    }
    // As the session asks: after each arrival, and five times a second.
    if (came || tick % Math.round(0.2 / TICK_S) === 0) {
      const advice = edge.advise({ positionS: position, startS: begin, endS: end }, now * 1000);
      rate = advice.rate;
      rates.push(rate);
      if (advice.jumpToS !== undefined) {
        jumps += 1;
        position = advice.jumpToS;
      }
    }
    behind.push(now - position);
  }
  return {
    ...{ dryAt, jumps, rates },
    behindS: (at) => behind[Math.round(at / TICK_S) - 1] ?? Number.NaN,
  };
}

/** Nothing comes for `gapS` from each of these moments on; then all of it at once. */
const withGaps =
  (gapS: number, ...from: number[]) =>
  (n: number): number => {
    const sent = n * 0.05;
    const gap = from.find((at) => sent >= at && sent < at + gapS);
    return gap === undefined ? 0.02 : gap + gapS - sent;
  };

/** Of an even line: a frame, how late it comes, and what decoding takes. */
const GROUND_S = 0.05 + 0.02 + 0.06;
const NEAR_S = 0.03;

describe('the edge', () => {
  it('is kept near on an even line', () => {
    const { dryAt, jumps, behindS } = play({ lateS: () => 0.02 });
    expect(behindS(20)).toBeLessThan(GROUND_S + NEAR_S);
    expect(behindS(60)).toBeLessThan(GROUND_S + NEAR_S);
    expect(jumps).toBe(0);
    expect(dryAt).toEqual([]);
  });

  it('is come back to after one gap, gently, and nothing is learned from it for good', () => {
    const { dryAt, jumps, behindS, rates } = play({ lateS: withGaps(0.6, 30), seconds: 90 });
    expect(behindS(30.5)).toBeGreaterThan(0.4);
    expect(behindS(40)).toBeLessThan(GROUND_S + NEAR_S);
    expect(behindS(90)).toBeLessThan(GROUND_S + NEAR_S);
    expect(dryAt).toHaveLength(1);
    expect(jumps).toBe(0);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1.2);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.85);
  });

  it('is as near after many gaps that are far from each other', () => {
    const gaps = [60, 120, 180, 240];
    const { dryAt, behindS } = play({ lateS: withGaps(0.6, ...gaps), seconds: 300 });
    for (const at of gaps) expect(behindS(at + 15)).toBeLessThan(GROUND_S + NEAR_S);
    expect(dryAt).toHaveLength(gaps.length);
  });

  it('is come to soon although the opening was uneasy', () => {
    const { behindS } = play({ lateS: withGaps(0.4, 0.5, 1.5, 2.5, 5), seconds: 30 });
    expect(behindS(20)).toBeLessThan(GROUND_S + NEAR_S);
  });

  it('is given more distance where gaps come again and again, until they no longer stop the picture', () => {
    const often = Array.from({ length: 30 }, (_, i) => 5 + i * 6);
    const { dryAt, behindS } = play({ lateS: withGaps(0.3, ...often), seconds: 185 });
    expect(dryAt.filter((at) => at < 30).length).toBeGreaterThan(0);
    expect(dryAt.filter((at) => at >= 30)).toEqual([]);
    expect(behindS(184)).toBeLessThan(0.3 + GROUND_S + NEAR_S);
  });

  it('is kept without stopping on a line that is never even', () => {
    const { dryAt, behindS } = play({ lateS: (n) => (n % 7 === 0 ? 0.2 : 0.02), seconds: 180 });
    expect(dryAt.filter((at) => at >= 10)).toEqual([]);
    for (const at of [60, 120, 180]) expect(behindS(at)).toBeLessThan(0.2 + 0.05 + 0.06 + NEAR_S);
  });

  it('is come nearer to again once such a line is calm', () => {
    const { behindS } = play({ lateS: (n) => (n % 7 === 0 && n < 800 ? 0.2 : 0.02), seconds: 120 });
    expect(behindS(39)).toBeGreaterThan(GROUND_S + 0.1);
    expect(behindS(120)).toBeLessThan(GROUND_S + NEAR_S);
  });

  it('is followed when the way itself becomes longer, at the cost of a moment', () => {
    const { dryAt, behindS } = play({ lateS: (n) => (n < 400 ? 0.02 : 0.32), seconds: 120 });
    expect(dryAt.filter((at) => at > 30)).toEqual([]);
    expect(behindS(120)).toBeLessThan(GROUND_S + 0.3 + NEAR_S);
  });

  it('is come back to without a jump when playing began a little behind', () => {
    const { jumps, behindS } = play({ lateS: () => 0.02, begin: -0.8 });
    expect(jumps).toBe(0);
    expect(behindS(20)).toBeLessThan(GROUND_S + NEAR_S);
  });

  it('is jumped to from far behind', () => {
    const { jumps, behindS } = play({ lateS: () => 0.02, begin: -20 });
    expect(jumps).toBe(1);
    expect(behindS(20)).toBeLessThan(GROUND_S + NEAR_S);
  });

  it('does not depend on how many frames a second there are', () => {
    const { dryAt, behindS } = play({ lateS: () => 0.02, frameS: 0.2, begin: -0.4 });
    expect(behindS(60)).toBeLessThan(0.2 + 0.02 + 0.06 + NEAR_S);
    expect(dryAt).toEqual([]);
  });

  it('is beyond a gap at once', () => {
    const edge = createEdge();
    expect(edge.advise({ positionS: 3, startS: 4, endS: 4.5 }, 0).jumpToS).toBeGreaterThanOrEqual(4);
  });

  it('takes nothing over from a time line that ended', () => {
    const edge = createEdge();
    for (let n = 0; n < 600; n++) edge.arrived(n * 0.05, n * 50 + (n % 7 === 0 ? 400 : 0));
    const before = edge.startS({ startS: 0, endS: 30 });
    edge.reset();
    expect(edge.startS({ startS: 0, endS: 30 })).toBeGreaterThan(before);
  });
});
