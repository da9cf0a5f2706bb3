import { Gauge, type Registry } from 'prom-client';
import { CommandStates } from '../contract/command-runs.ts';
import type { Commands } from './commands.ts';

/** Adds what became of commands since the start of the hub to a Prometheus registry. */
export function registerCommandMetrics(
  registry: Registry,
  commands: Pick<Commands, 'totals' | 'failingSince'>,
): void {
  new Gauge({
    name: 'kalancha_commands_ended',
    help: 'Commands that ended since the start, by how',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { ended } = commands.totals();
      for (const state of CommandStates) {
        const count = ended.get(state);
        if (count !== undefined) this.set({ state }, count);
      }
    },
  });
  new Gauge({
    name: 'kalancha_commands_open',
    help: 'Commands that wait for their stage, an answer or an effect',
    registers: [registry],
    collect() {
      this.set(commands.totals().open);
    },
  });
  new Gauge({
    name: 'kalancha_commands_strange_answers',
    help: 'Answers to commands that the device was not given, since the start',
    registers: [registry],
    collect() {
      this.set(commands.totals().strange);
    },
  });
  new Gauge({
    name: 'kalancha_commands_storing_fails',
    help: '1 while steps of commands cannot be stored and nothing is sent',
    registers: [registry],
    collect() {
      this.set(commands.failingSince() === null ? 0 : 1);
    },
  });
}
