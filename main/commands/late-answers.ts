import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { DeviceStore } from '../devices/types.ts';
import type { Health } from '../health/health.ts';
import type { Answer } from './answers.ts';
import { onAck } from './life.ts';
import type { Runner } from './runner.ts';
import type { CommandStore } from './store.ts';

/** Answers that may wait to be looked up: more than any city gives of its own, less than floods could fill memory with. */
const LOOKUP_LIMIT = 20_000;

/** Answers to commands that are not in memory: looked up one after the other. */
export interface LateAnswers {
  take(answer: Answer): void;
  /** None waits. */
  idle(): boolean;
  settled(): Promise<void>;
}

export function createLateAnswers(options: {
  store: Pick<CommandStore, 'command' | 'commands' | 'run'>;
  runner: Pick<Runner, 'get' | 'adopt' | 'answer'>;
  devices: Pick<DeviceStore, 'byNum'>;
  clock: Clock;
  log: Logger;
  latest: Health['latest'];
  strange(answer: Answer): void;
}): LateAnswers {
  const { store, runner, devices, clock, log } = options;
  let looking = Promise.resolve();
  let waiting = 0;

  /** An answer to a command of a run that is over: it may still tell the truth about it. */
  async function lookUp(answer: Answer): Promise<void> {
    const command = await store.command(answer.ack.requestId);
    const run = command && (await store.run(command.runId));
    if (!run || devices.byNum(answer.num)?.id !== command.executorId) {
      options.strange(answer);
      return;
    }
    const target = devices.byNum(command.num);
    if (!target) return;
    const times = { at: answer.at, now: clock.now() };
    if (!onAck(run.spec, command, answer.ack, times, options.latest(target).heartbeatMs)) return;
    if (!runner.get(run.id)) runner.adopt(run, await store.commands(run.id));
    runner.answer(answer);
  }

  return {
    take(answer) {
      if (waiting >= LOOKUP_LIMIT) {
        options.strange(answer);
        return;
      }
      waiting += 1;
      looking = looking
        .then(() => lookUp(answer))
        .catch((error: unknown) => log.error({ err: messageOf(error) }, 'an answer could not be looked up'))
        .finally(() => {
          waiting -= 1;
        });
    },
    idle: () => waiting === 0,
    settled: () => looking,
  };
}
