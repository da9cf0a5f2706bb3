import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRounds } from './rounds.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('lets all look by one timer, which ends with the last of them', () => {
  const rounds = createRounds(500);
  const looks: string[] = [];
  const leaveFirst = rounds.join(() => looks.push('first'));
  vi.advanceTimersByTime(300);
  const leaveSecond = rounds.join(() => looks.push('second'));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(200);
  expect(looks).toEqual(['first', 'second']);
  leaveFirst();
  leaveFirst();
  vi.advanceTimersByTime(500);
  expect(looks).toEqual(['first', 'second', 'second']);
  leaveSecond();
  expect(vi.getTimerCount()).toBe(0);
  rounds.join(() => looks.push('third'));
  vi.advanceTimersByTime(500);
  expect(looks.at(-1)).toBe('third');
});
