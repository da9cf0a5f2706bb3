import { Counter, Gauge, type Registry } from 'prom-client';
import type { RunningBroker } from './embedded-broker.ts';
import { noRefusals, RefusalReasons } from './refusals.ts';

/** Adds the embedded broker's connections, and whom it sent away and why, to a Prometheus registry. */
export function registerBrokerMetrics(
  registry: Registry,
  broker: Pick<RunningBroker, 'connections' | 'refusals' | 'listsDueAt'>,
  now: () => number,
): void {
  new Gauge({
    name: 'kalancha_mqtt_connections',
    help: 'Connections to the embedded broker',
    registers: [registry],
    collect() {
      this.set(broker.connections());
    },
  });
  new Gauge({
    name: 'kalancha_mqtt_crl_seconds_left',
    help: 'Until the list of revoked certificates is to be replaced; at 0 nobody gets in by a certificate. Absent without a list',
    registers: [registry],
    collect() {
      this.reset();
      const due = broker.listsDueAt();
      if (due === null) this.remove();
      else this.set((due - now()) / 1000);
    },
  });
  let told = noRefusals();
  new Counter({
    name: 'kalancha_mqtt_refused_total',
    help: 'Sign-ins, messages and connections that the embedded broker refused',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      const now = broker.refusals();
      for (const reason of RefusalReasons) this.inc({ reason }, now[reason] - told[reason]);
      told = { ...now };
    },
  });
}
