import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMasterClock, JUMP_MS, nudgedRate } from './master-clock.ts';

describe('clock of the archive', () => {
  it('runs at its speed, stands while held, and goes on where it stood', () => {
    let at = 1000;
    const clock = createMasterClock(50_000, () => at);
    at += 500;
    expect(clock.now()).toBe(50_000);
    clock.setPlaying(true);
    at += 1000;
    expect(clock.now()).toBe(51_000);
    clock.setRate(-4);
    at += 1000;
    expect(clock.now()).toBe(47_000);
    clock.setHeld(true);
    at += 10_000;
    expect(clock.now()).toBe(47_000);
    expect(clock.playing()).toBe(true);
    clock.setHeld(false);
    clock.setRate(0.25);
    at += 2000;
    expect(clock.now()).toBe(47_500);
    expect(clock.now(at + 400)).toBe(47_600);
    clock.set(10);
    expect(clock.now()).toBe(10);
  });
});

describe('keeping in step', () => {
  it('takes an error back without overshooting, and puts a picture that is far off', () => {
    expect(nudgedRate(1, 0)).toBe(1);
    expect(nudgedRate(1, 90)).toBeLessThan(1);
    expect(nudgedRate(2, -90)).toBeGreaterThan(2);
    expect(nudgedRate(1, JUMP_MS + 1)).toBeUndefined();
    expect(nudgedRate(1, -JUMP_MS - 1)).toBeUndefined();
  });

  it('brings any picture within 100 ms in two seconds, at every speed that streams', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -JUMP_MS, max: JUMP_MS, noNaN: true }),
        fc.constantFrom(0.25, 0.5, 1, 2),
        (start, rate) => {
          let error = start;
          // The clock looks each 40 ms; a picture that is jumped lands on it.
          for (let step = 0; step < 50 / Math.min(1, rate); step++) {
            const nudged = nudgedRate(rate, error);
            error = nudged === undefined ? 0 : error + (nudged - rate) * 40;
          }
          expect(Math.abs(error)).toBeLessThan(100);
        },
      ),
    );
  });
});
