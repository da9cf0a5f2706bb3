import { Counter, Gauge, type Registry } from 'prom-client';
import type { History, HistoryState } from './history.ts';

/** Adds how the values of reports are kept to a Prometheus registry. */
export function registerHistoryMetrics(registry: Registry, history: Pick<History, 'state'>): void {
  gauge('kalancha_history_failing', '1 while values of reports cannot be stored', ({ failingSince }) =>
    failingSince === null ? 0 : 1,
  );
  gauge(
    'kalancha_history_unstored_bytes',
    'Bytes of values that wait to be stored',
    ({ unstoredBytes }) => unstoredBytes,
  );
  gauge('kalancha_history_file_bytes', 'Size of the history, in bytes', ({ fileBytes }) => fileBytes);
  let told = 0;
  new Counter({
    name: 'kalancha_history_lost_batches_total',
    help: 'Batches of values, of a twentieth of a second each, given up because nothing could be stored',
    registers: [registry],
    collect() {
      const { lostBatches } = history.state();
      this.inc(lostBatches - told);
      told = lostBatches;
    },
  });

  /** What is not known yet is left out. */
  function gauge(name: string, help: string, amount: (state: HistoryState) => number | null): void {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const value = amount(history.state());
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  }
}
