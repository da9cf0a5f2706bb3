import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { EventBus } from '../base/event-bus.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { HealthView } from '../health/types.ts';

export interface Metrics {
  registry: Registry;
  stop(): void;
}

/** Prometheus metrics of one hub, in a registry of its own: counts only, nothing that names a person or an address. */
export function createMetrics(bus: EventBus<HubEvents>, health: HealthView): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'kalancha_devices',
    help: 'Devices by kind and status',
    labelNames: ['kind', 'status'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [kind, statuses] of Object.entries(health.monitoring().counts))
        for (const [status, count] of Object.entries(statuses ?? {})) this.set({ kind, status }, count ?? 0);
    },
  });
  new Gauge({
    name: 'kalancha_health_messages_per_second',
    help: 'Health messages a second over the last ten seconds',
    registers: [registry],
    collect() {
      this.set(health.monitoring().messagesPerSecond);
    },
  });
  new Gauge({
    name: 'kalancha_blind',
    help: '1 while the part named cannot be trusted',
    labelNames: ['part'],
    registers: [registry],
    collect() {
      const { broker, ingestStalledSince, recorder } = health.monitoring();
      this.set({ part: 'broker' }, broker.downSince === null ? 0 : 1);
      this.set({ part: 'ingest' }, ingestStalledSince === null ? 0 : 1);
      this.set({ part: 'recorder' }, recorder.failingSince === null ? 0 : 1);
    },
  });
  const segments = new Counter({
    name: 'kalancha_segments_written_total',
    help: 'Recorded segments',
    registers: [registry],
  });
  const changes = new Counter({
    name: 'kalancha_status_changes_total',
    help: 'Status changes of devices',
    registers: [registry],
  });
  const leave = [
    bus.on('recording.written', () => segments.inc()),
    bus.on('health.changed', (batch) => changes.inc(batch.length)),
  ];
  return {
    registry,
    stop() {
      for (const unsubscribe of leave) unsubscribe();
      registry.clear();
    },
  };
}
