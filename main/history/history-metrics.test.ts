import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { troubleOf } from '../contract/trouble.ts';
import type { HistoryState } from './history.ts';
import { registerHistoryMetrics } from './history-metrics.ts';

test('what cannot be stored, waits and is lost is counted; what is not known is left out', async () => {
  const registry = new Registry();
  let state: HistoryState = {
    ...{ failingSince: null, problem: null, lostBatches: 0, unstoredBytes: 12, fileBytes: null },
  };
  registerHistoryMetrics(registry, { state: () => state });
  const values = async () =>
    Object.fromEntries(
      (await registry.getMetricsAsJSON()).map(({ name, values }) => [name, values[0]?.value]),
    );
  expect(await values()).toEqual({
    kalancha_history_failing: 0,
    kalancha_history_lost_batches_total: 0,
    kalancha_history_unstored_bytes: 12,
    kalancha_history_file_bytes: undefined,
  });
  state = {
    ...state,
    failingSince: 1,
    problem: troubleOf('disk-full', 'full'),
    lostBatches: 3,
    fileBytes: 4096,
  };
  await values();
  state = { ...state, lostBatches: 5 };
  expect(await values()).toEqual({
    kalancha_history_failing: 1,
    kalancha_history_lost_batches_total: 5,
    kalancha_history_unstored_bytes: 12,
    kalancha_history_file_bytes: 4096,
  });
});
