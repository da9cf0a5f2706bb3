import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { registerBrokerMetrics } from './metrics.ts';
import { noRefusals } from './refusals.ts';

it('tells connections as they are, and refusals by reason as they grow', async () => {
  const registry = new Registry();
  let refused = { ...noRefusals(), 'sign-in': 3 };
  let due: number | null = null;
  registerBrokerMetrics(
    registry,
    { connections: () => 7, refusals: () => refused, listsDueAt: () => due },
    () => 60_000,
  );
  const told = async () => (await registry.metrics()).split('\n').filter((line) => !line.startsWith('#'));
  expect(await told()).toContain('kalancha_mqtt_connections 7');
  expect(await told()).toContain('kalancha_mqtt_refused_total{reason="sign-in"} 3');
  expect(await told()).not.toContainEqual(expect.stringContaining('crl'));
  due = 90_000;
  refused = { ...refused, 'sign-in': 5, slow: 1 };
  const later = await told();
  expect(later).toContain('kalancha_mqtt_refused_total{reason="sign-in"} 5');
  expect(later).toContain('kalancha_mqtt_crl_seconds_left 30');
  expect(later).toContain('kalancha_mqtt_refused_total{reason="slow"} 1');
  expect(later).toContain('kalancha_mqtt_refused_total{reason="full"} 0');
});
