import { expect, test } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { createControlLimit } from './control-limit.ts';

test('a budget is used up, fills by the second, and follows the device to its next connection', () => {
  const clock = manualClock();
  const limit = createControlLimit({ clock });
  const first = limit.budget();
  expect(first.spend(12_000)).toBe(true);
  expect(first.spend(1_000_000)).toBe(false);
  first.close('ap-1');
  const next = limit.budget();
  next.of('ap-1');
  expect(next.spend(1)).toBe(false);
  clock.advance(10_000);
  const later = limit.budget();
  later.of('ap-1');
  expect(later.spend(199)).toBe(true);
  expect(later.spend(2)).toBe(false);
  const other = limit.budget();
  other.of('ap-2');
  expect(other.spend(12_000)).toBe(true);
});

test('of who pings as devices do nothing is kept', () => {
  const clock = manualClock();
  const limit = createControlLimit({ clock });
  for (let day = 0; day < 3; day++) {
    const budget = limit.budget();
    budget.of('ap-1');
    for (let ping = 0; ping < 2_880; ping++) {
      expect(budget.spend(1)).toBe(true);
      clock.advance(30_000);
    }
    budget.close('ap-1');
  }
  const fresh = limit.budget();
  fresh.of('ap-1');
  expect(fresh.spend(12_000)).toBe(true);
});
