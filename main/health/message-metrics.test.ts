import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerMessageMetrics } from './message-metrics.ts';
import type { RefusedTotal } from './quarantine/quarantine.ts';

test('each reading tells what has come since the start, once', async () => {
  const registry = new Registry();
  let totals = { messages: 5, malformed: 2, strangers: 1, missed: 0, stale: 1 };
  let refused: RefusedTotal[] = [{ tongue: 'kalancha', reason: 'not-json', count: 1 }];
  registerMessageMetrics(registry, { totals: () => totals, refused: () => refused });
  const values = async () =>
    (await registry.getMetricsAsJSON()).flatMap(({ name, values }) =>
      values.map(({ labels, value }) => [name, ...Object.values(labels), value]),
    );
  await values();
  refused = [
    { tongue: 'kalancha', reason: 'not-json', count: 3 },
    { tongue: 'homie', reason: 'unknown-state', count: 1 },
  ];
  totals = { messages: 9, malformed: 2, strangers: 4, missed: 3, stale: 1 };
  expect(await values()).toEqual([
    ['kalancha_health_messages_total', 9],
    ['kalancha_health_quarantined_total', 2],
    ['kalancha_health_quarantined_reasons_total', 'kalancha', 'not-json', 3],
    ['kalancha_health_quarantined_reasons_total', 'homie', 'unknown-state', 1],
    ['kalancha_health_strangers_total', 4],
    ['kalancha_health_missed_total', 3],
    ['kalancha_health_stale_total', 1],
  ]);
});
