import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { createWallTimes } from './wall-times.ts';

describe('stamps of a wall clock that is set', () => {
  it.each([
    ['back', -3_600_000],
    ['forward', 3_600_000],
    ['back by a minute', -60_000],
    ['forward by a minute', 60_000],
  ])('%s are told apart from those that it makes afterwards', (_which, jump) => {
    const clock = manualClock();
    const times = createWallTimes(clock);
    clock.advance(10_000);
    const [before, steady] = [clock.now(), clock.monotonic()];
    clock.advance(100);
    expect(times.timesSet()).toBe(0);
    clock.jump(jump);
    // Made after it was set, and before anybody looked.
    clock.advance(50);
    const [after, later] = [clock.now(), clock.monotonic()];
    clock.advance(200);
    expect(times.timesSet()).toBe(1);
    expect([times.steadyOf(before), times.steadyOf(after)]).toEqual([steady, later]);
    expect([times.setSince(before), times.setSince(after)]).toEqual([jump, 0]);
  });

  it('keep their order however often it is set, as long as each is asked about when it is new', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ jump: fc.constantFrom(0, 0, -7_200_000, -5_000, 900, 61_000), ms: fc.nat(240) }),
          { minLength: 1, maxLength: 60 },
        ),
        (steps) => {
          const clock = manualClock();
          const times = createWallTimes(clock);
          for (const { jump, ms } of steps) {
            const looked = clock.monotonic();
            clock.jump(jump);
            clock.advance(ms);
            const made = clock.monotonic();
            const steady = times.steadyOf(clock.now());
            expect(steady).toBeLessThanOrEqual(made);
            expect(steady).toBeGreaterThanOrEqual(looked);
          }
        },
      ),
    );
  });

  it('of the time before this run of the hub, or of none, are not later than now', () => {
    const clock = manualClock();
    const times = createWallTimes(clock);
    expect(times.steadyOf(clock.now() - 60_000)).toBe(-60_000);
    expect(times.steadyOf(clock.now() + 60_000)).toBe(0);
    expect(times.setSince(Number.NaN)).toBe(0);
  });
});
