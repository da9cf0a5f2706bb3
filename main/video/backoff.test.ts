import { expect, test, vi } from 'vitest';
import { createBackoff } from './backoff.ts';
import { createStartGate } from './start-gate.ts';

test('waits grow to a limit, spread by a quarter, and begin anew after a recovery', () => {
  const backoff = createBackoff(() => 0.5);
  expect([1, 2, 3, 4, 5, 6, 7].map(() => backoff.next('ended'))).toEqual([
    700, 1400, 2800, 5600, 11_200, 15_000, 15_000,
  ]);
  backoff.reset();
  expect(backoff.next('ended')).toBe(700);
  expect(createBackoff(() => 0).next('ended')).toBe(525);
  expect(createBackoff(() => 0.999).next('ended')).toBeLessThanOrEqual(875);
});

test('a refused password is tried once more, then rarely: cameras lock accounts', () => {
  const backoff = createBackoff(() => 0.5);
  expect([backoff.next('unauthorised'), backoff.next('unauthorised')]).toEqual([700, 60_000]);
});

test('the gate lets so many through at once, in order, and forgets who gave up', async () => {
  const gate = createStartGate(2);
  const never = new AbortController().signal;
  const order: number[] = [];
  const enter = async (n: number, signal = never) => {
    const leave = await gate.enter(signal);
    order.push(n);
    return leave;
  };
  const first = await enter(1);
  const second = await enter(2);
  const giveUp = new AbortController();
  const third = enter(3, giveUp.signal);
  const fourth = enter(4);
  giveUp.abort();
  await expect(third).rejects.toThrow();
  expect(order).toEqual([1, 2]);
  first();
  first();
  const leaveFourth = await fourth;
  expect(order).toEqual([1, 2, 4]);
  const fifth = enter(5);
  second();
  (await fifth)();
  leaveFourth();
  await expect(gate.enter(AbortSignal.abort())).rejects.toThrow();
});

test('who is waited for goes before those whom nobody waits for', async () => {
  const gate = createStartGate(1);
  const never = new AbortController().signal;
  const leave = await gate.enter(never);
  const order: string[] = [];
  const enter = async (name: string, urgent: boolean) => {
    const out = await gate.enter(never, () => urgent);
    order.push(name);
    out();
  };
  const all = [enter('recorded 1', false), enter('recorded 2', false), enter('watched', true)];
  leave();
  await Promise.all(all);
  expect(order).toEqual(['watched', 'recorded 1', 'recorded 2']);
});

test('starts are spread in time', async () => {
  vi.useFakeTimers();
  try {
    const gate = createStartGate(10, { spacingMs: 40, random: () => 0.5 });
    let inside = 0;
    for (let i = 0; i < 5; i++)
      void gate.enter(new AbortController().signal).then(() => {
        inside += 1;
      });
    const after: number[] = [];
    for (let step = 0; step < 5; step++) {
      await vi.advanceTimersByTimeAsync(step === 0 ? 0 : 40);
      after.push(inside);
    }
    expect(after).toEqual([1, 2, 3, 4, 5]);
  } finally {
    vi.useRealTimers();
  }
});
