import { expect, test } from 'vitest';
import { createSchedule, MOST_AT_ONCE, type Urgency } from './schedule.ts';

/** Runs a schedule over simulated time in steps of two seconds, each picture costing `costMs`. */
function simulate(options: {
  cameras: number;
  minutes: number;
  costMs: number;
  urgencyOf?: (id: string) => Urgency;
}) {
  const schedule = createSchedule();
  const ids = new Set(Array.from({ length: options.cameras }, (_, index) => `cam-${index}`));
  const looks = new Map<string, number[]>();
  let cpuMs = 0;
  const rounds: number[] = [];
  for (let now = 0; now < options.minutes * 60_000; now += 2_000) {
    schedule.follow(ids, now);
    const taken = schedule.take(now);
    if (taken.length > 0) rounds.push(taken.length);
    for (const id of taken) {
      looks.set(id, [...(looks.get(id) ?? []), now]);
      schedule.done(id, options.urgencyOf?.(id) ?? 'routine', now);
    }
    cpuMs += taken.length * options.costMs;
    schedule.spent(taken.length * options.costMs, taken.length);
  }
  const gaps = [...ids].flatMap((id) => {
    const times = [0, ...(looks.get(id) ?? []), options.minutes * 60_000];
    return times.slice(1).map((time, index) => time - (times[index] ?? 0));
  });
  return {
    share: cpuMs / (options.minutes * 60_000),
    longestGapMs: Math.max(...gaps),
    rounds,
    looks,
    schedule,
  };
}

test.each([10, 20, 60])(
  'a hundred cameras at %d ms a picture: 3 %% of a core, each within five minutes',
  (costMs) => {
    const { share, longestGapMs } = simulate({ cameras: 100, minutes: 60, costMs });
    expect(share).toBeLessThanOrEqual(0.03);
    expect(longestGapMs).toBeLessThan(300_000);
  },
);

test('cheap pictures are looked at more often than dear ones', () => {
  const count = (costMs: number) =>
    [...simulate({ cameras: 100, minutes: 30, costMs }).looks.values()].flat().length;
  expect(count(10)).toBeGreaterThan(2 * count(40));
});

test('what costs more than the budget is still looked at within five minutes', () => {
  expect(simulate({ cameras: 100, minutes: 40, costMs: 400 }).longestGapMs).toBeLessThan(300_000);
});

test('trouble everywhere at once stays within the budget, and nobody is forgotten', () => {
  const { share, longestGapMs } = simulate({
    cameras: 100,
    minutes: 60,
    costMs: 20,
    urgencyOf: () => 'doubtful',
  });
  expect(share).toBeLessThanOrEqual(0.031);
  expect(longestGapMs).toBeLessThan(300_000);
});

test('a doubtful camera is looked at again after some seconds, whatever the others do', () => {
  const { looks } = simulate({
    cameras: 100,
    minutes: 30,
    costMs: 20,
    urgencyOf: (id) => (id === 'cam-7' ? 'doubtful' : 'routine'),
  });
  const times = looks.get('cam-7') ?? [];
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(10_000);
});

test('routine looks share a decoder', () => {
  const { rounds } = simulate({ cameras: 200, minutes: 30, costMs: 10 });
  const mean = rounds.reduce((sum, one) => sum + one, 0) / rounds.length;
  expect(mean).toBeGreaterThan(4);
  expect(Math.max(...rounds)).toBeLessThanOrEqual(MOST_AT_ONCE);
});

test('cameras that are gone are not asked for, new ones soon', () => {
  const schedule = createSchedule();
  schedule.follow(new Set(['a', 'b']), 0);
  schedule.take(0);
  schedule.follow(new Set(['b', 'c']), 30_000);
  const taken = [30_000, 40_000, 50_000].flatMap((now) => {
    const ids = schedule.take(now);
    for (const id of ids) schedule.done(id, 'routine', now);
    return ids;
  });
  expect(taken.sort()).toEqual(['b', 'c']);
});
