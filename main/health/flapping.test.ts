import { describe, expect, it } from 'vitest';
import { changeShare, FLAPPING_FROM, flaps, STEADY_BELOW, withResult } from './flapping.ts';

/** Results as a string: `1` answers, `0` does not. */
function changesOf(results: string): number {
  let changes = 0;
  for (let i = 1; i < results.length; i++) changes = withResult(changes, results[i] !== results[i - 1]);
  return changes;
}

describe('flapping', () => {
  it('is a share of changes among the last 21 results, the newer ones weighing more', () => {
    expect(changeShare(changesOf('1'.repeat(40)))).toBe(0);
    expect(changeShare(changesOf('10'.repeat(20)))).toBeCloseTo(1);
    expect(changeShare(changesOf(`${'1'.repeat(20)}0`))).toBeCloseTo(1.2 / 20);
    expect(changeShare(changesOf(`10${'0'.repeat(19)}`))).toBeCloseTo(0.8 / 20);
  });

  it('forgets what is older', () => {
    expect(changesOf(`${'10'.repeat(30)}${'0'.repeat(30)}`)).toBe(0);
  });

  it('begins above the higher threshold and ends below the lower', () => {
    let changes = 0;
    let flapping = false;
    const seen: boolean[] = [];
    const step = (changed: boolean) => {
      changes = withResult(changes, changed);
      flapping = flaps(changes, flapping);
      seen.push(flapping);
    };
    for (let i = 0; i < 10; i++) step(true);
    expect(seen).toEqual([false, false, false, false, false, true, true, true, true, true]);
    for (let i = 0; i < 20; i++) step(false);
    const calmAfter = seen.slice(10).indexOf(false);
    expect(calmAfter).toBeGreaterThan(10);
    expect(seen.slice(10 + calmAfter).every((value) => !value)).toBe(true);
    expect(STEADY_BELOW).toBeLessThan(FLAPPING_FROM);
  });
});
