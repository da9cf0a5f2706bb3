import { describe, expect, it } from 'vitest';
import { createHoldBack } from './hold-back.ts';

const PART_S = 0.2;
const TARGET_S = 0.66;
const LOOK_S = 0.2;

/** Plays parts that come so late after their end, from so far behind the edge, and tells where that leads. */
function play({ beginBehindS, delays = () => 0.04, seconds = 60 }: Course) {
  const holdBack = createHoldBack();
  let position = -beginBehindS;
  let rate = 1;
  let wasDry = true;
  let mostAheadS = 0;
  const dryAt: number[] = [];
  const fast: number[] = [];
  for (let tick = 0; tick * 0.01 < seconds; tick++) {
    const now = tick * 0.01;
    let parts = Math.floor(now / PART_S) + 1;
    while (parts > 0 && parts * PART_S + delays(parts) > now) parts -= 1;
    const end = parts * PART_S;
    const dry = position + 0.01 * rate > end;
    if (dry && !wasDry) {
      dryAt.push(now);
      holdBack.ranDry(now * 1000);
    }
    wasDry = dry;
    if (!dry) position += 0.01 * rate;
    if (tick % (LOOK_S * 100) !== 0) continue;
    // As hls.js tells it: the end of the list, and the time since it came.
    const edge = end + (now - (end + delays(parts)));
    rate = holdBack.rate({ behindS: edge - TARGET_S - position, aheadS: end - position }, now * 1000);
    mostAheadS = Math.max(mostAheadS, end - position);
    if (rate > 1) fast.push(end - position);
  }
  return { behindS: seconds - position, dryAt, mostAheadS, fast };
}

interface Course {
  beginBehindS: number;
  delays?: (part: number) => number;
  seconds?: number;
}

describe('the distance from the live edge', () => {
  it('is come back to although less than a second is buffered, without running dry', () => {
    const { behindS, dryAt, mostAheadS, fast } = play({ beginBehindS: 0.95 });
    expect(mostAheadS).toBeLessThan(1);
    expect(fast.length).toBeGreaterThan(0);
    expect(behindS).toBeLessThan(TARGET_S + 0.04 + 0.06);
    expect(dryAt).toEqual([]);
  });

  it('is taken again where playing began too near', () => {
    const { behindS, dryAt } = play({ beginBehindS: 0.4 });
    expect(behindS).toBeGreaterThan(TARGET_S - 0.06);
    expect(dryAt).toEqual([]);
  });

  it('grows where parts come so unevenly that the player runs dry, until it no longer does', () => {
    const delays = (part: number) => (part % 40 < 5 ? 0.9 : 0.04);
    const { dryAt, behindS } = play({ beginBehindS: TARGET_S, delays, seconds: 120 });
    const early = dryAt.filter((at) => at < 60).length;
    const late = dryAt.filter((at) => at >= 60).length;
    expect(early).toBeGreaterThan(2);
    expect(late).toBeLessThan(early);
    expect(behindS).toBeGreaterThan(TARGET_S);
  });

  it('is come back to within half a minute after one gap', () => {
    // Parts of the gap's time come when it ends; those behind it come as ever.
    const delays = (part: number) => (part >= 150 && part < 156 ? (156 - part) * PART_S + 0.04 : 0.04);
    const { dryAt, behindS } = play({ beginBehindS: TARGET_S, delays, seconds: 62 });
    expect(dryAt).toHaveLength(1);
    expect(behindS).toBeLessThan(TARGET_S + 0.04 + 0.06);
  });

  it('is not hurried towards while hardly anything is buffered', () => {
    expect(createHoldBack().rate({ behindS: 2, aheadS: 0.1 }, 0)).toBe(1);
  });

  it('shrinks again once the line is calm', () => {
    const holdBack = createHoldBack();
    holdBack.ranDry(0);
    holdBack.ranDry(100);
    const place = { behindS: 0.05, aheadS: 0.5 };
    expect(holdBack.rate(place, 1_000)).toBeLessThan(1);
    expect(holdBack.rate(place, 61_000)).toBeCloseTo(1.05);
  });
});
