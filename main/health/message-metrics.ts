import { Counter, type Registry } from 'prom-client';
import type { Health } from './health.ts';

/** Adds what became of devices' messages to a Prometheus registry. */
export function registerMessageMetrics(registry: Registry, health: Pick<Health, 'totals' | 'refused'>): void {
  let told = { messages: 0, malformed: 0, strangers: 0, missed: 0, stale: 0 };
  const counter = (name: string, help: string, key: keyof typeof told) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        const now = health.totals()[key];
        this.inc(now - told[key]);
        told = { ...told, [key]: now };
      },
    });
  counter('kalancha_health_messages_total', 'Messages taken from devices', 'messages');
  counter('kalancha_health_quarantined_total', 'Messages refused, with the reason kept', 'malformed');
  const refusedBefore = new Map<string, number>();
  new Counter({
    name: 'kalancha_health_quarantined_reasons_total',
    help: 'The same by reason and dialect; kalancha is our own',
    labelNames: ['dialect', 'reason'],
    registers: [registry],
    collect() {
      for (const { tongue, reason, count } of health.refused()) {
        const name = `${tongue} ${reason}`;
        this.inc({ dialect: tongue, reason }, count - (refusedBefore.get(name) ?? 0));
        refusedBefore.set(name, count);
      }
    },
  });
  counter('kalancha_health_strangers_total', 'Messages of devices that are not registered', 'strangers');
  counter(
    'kalancha_health_missed_total',
    'Reports that never came, by the gaps in their numbers; those that came late are among the stale ones',
    'missed',
  );
  counter('kalancha_health_stale_total', 'Reports that came late or twice', 'stale');
}
