import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeStage, stageAt, stageSizes } from './stages.ts';

it.each([
  [0, []],
  [1, [1]],
  [2, [1, 1]],
  [10, [1, 9]],
  [11, [1, 1, 9]],
  [100, [1, 9, 90]],
  [3000, [1, 299, 2700]],
])('%i devices are told in stages of %j', (devices, sizes) => {
  expect(stageSizes(devices)).toEqual(sizes);
});

it('puts every device into exactly one stage, in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), (devices) => {
      const sizes = stageSizes(devices);
      const counts = sizes.map(() => 0);
      let before = 0;
      for (let place = 0; place < devices; place++) {
        const stage = stageAt(sizes, place);
        expect(stage).toBeGreaterThanOrEqual(before);
        before = stage;
        counts[stage] = (counts[stage] ?? 0) + 1;
      }
      expect(counts).toEqual(sizes);
    }),
    { numRuns: 50 },
  );
});

it('waits for every device of a stage, and goes on when all are settled', () => {
  expect(judgeStage(1, { total: 10, open: 3, failed: 0, forgiven: 0 }, 10)).toBe('wait');
  expect(judgeStage(1, { total: 10, open: 0, failed: 1, forgiven: 0 }, 10)).toBe('next');
});

it('bears no failure at the first device, whatever the limit', () => {
  expect(judgeStage(0, { total: 1, open: 0, failed: 1, forgiven: 0 }, 100)).toBe('stop');
});

it('stops as soon as too many failed, without waiting for the others', () => {
  expect(judgeStage(2, { total: 100, open: 80, failed: 10, forgiven: 0 }, 10)).toBe('wait');
  expect(judgeStage(2, { total: 100, open: 79, failed: 11, forgiven: 0 }, 10)).toBe('stop');
  expect(judgeStage(2, { total: 100, open: 99, failed: 1, forgiven: 0 }, 0)).toBe('stop');
});

it('counts only failures since a person went on', () => {
  expect(judgeStage(0, { total: 1, open: 0, failed: 1, forgiven: 1 }, 10)).toBe('next');
  expect(judgeStage(2, { total: 100, open: 70, failed: 20, forgiven: 11 }, 10)).toBe('wait');
});
