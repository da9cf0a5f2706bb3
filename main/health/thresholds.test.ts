import { describe, expect, it } from 'vitest';
import { MetricIds } from '../contract/history.ts';
import { type Threshold, ThresholdInput } from '../contract/thresholds.ts';
import { stand } from '../history/standing.ts';
import { createThresholdWatch, defaultThresholds } from './thresholds.ts';

const hot: Threshold = {
  ...{ id: 't1', kind: 'camera', metric: 'temperature', side: 'above' },
  ...{ raise: 80, clear: 75, reports: 2, enabled: true },
};
const temperature = (value: number) => ({
  metrics: [MetricIds.indexOf('temperature')],
  values: [value * 10],
});

describe('a threshold', () => {
  it('is raised after so many reports in a row and cleared at its own level', () => {
    const run = (rule: Parameters<typeof stand>[0], values: readonly number[]) => {
      let standing = { beyond: 0, raised: false };
      return values.map((value) => {
        standing = stand(rule, standing, value);
        return standing.raised;
      });
    };
    expect(run(hot, [81, 79, 81, 82, 78, 76, 75, 81])).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
    const cold = { side: 'below' as const, raise: -20, clear: -15, reports: 1 };
    expect(run(cold, [-19, -21, -18, -15])).toEqual([false, true, true, false]);
  });

  it('is watched for each device of its kind, and stays raised while a report says nothing of it', () => {
    const watch = createThresholdWatch();
    watch.use([hot]);
    const report = (value: number, num = 1) => watch.report(num, 'camera', temperature(value));
    expect([report(90), report(90), report(78)]).toEqual([false, true, true]);
    expect(watch.report(1, 'camera', { metrics: [], values: [] })).toBe(true);
    expect(watch.exceeded(1)).toEqual([{ threshold: hot, value: 78 }]);
    expect(report(60, 2)).toBe(false);
    expect(watch.report(3, 'ap', temperature(200))).toBe(false);
    expect(report(75)).toBe(false);
    expect(watch.exceeded(1)).toEqual([]);
  });

  it('that is changed or switched off begins anew', () => {
    const watch = createThresholdWatch();
    watch.use([hot]);
    watch.report(1, 'camera', temperature(90));
    watch.report(1, 'camera', temperature(90));
    watch.use([{ ...hot, raise: 95 }]);
    expect(watch.exceeded(1)).toEqual([]);
    watch.use([{ ...hot, enabled: false }]);
    expect([1, 2, 3].map(() => watch.report(1, 'camera', temperature(99)))).toEqual([false, false, false]);
  });

  it('clears on the sound side, and those of a fresh hub do', () => {
    expect(ThresholdInput.safeParse({ ...defaultThresholds[0], clear: 90 }).success).toBe(false);
    for (const rule of defaultThresholds) expect(ThresholdInput.parse(rule)).toEqual(rule);
  });
});
