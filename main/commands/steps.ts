import type { AuditEvent } from '../audit/types.ts';
import type { Clock } from '../base/clock.ts';
import type { CommandReason, CommandState, RunReason } from '../contract/command-runs.ts';
import type { Claims } from './claims.ts';
import type { Delivery } from './delivery.ts';
import type { Change } from './life.ts';
import { type LiveRun, stepEvent, tallyOf, turnEvent } from './live-run.ts';
import type { Pacer } from './pace.ts';
import { groupOf } from './spec.ts';
import { hasFailed, isOpen, judgeStage } from './stages.ts';
import type { Commander, DeviceCommand, Run } from './types.ts';
import type { Writer } from './writer.ts';

/** What was decided takes effect: in memory, in the store with its entry in the log, and then at the broker. */
export interface Steps {
  /** One device's command goes on; `person` by whose word. */
  apply(live: LiveRun, command: DeviceCommand, change: Change, person?: AuditEvent['person']): void;
  finish(live: LiveRun, command: DeviceCommand, state: CommandState, reason: CommandReason): void;
  /** The run goes on, pauses or ends; `by` whom, null by itself. */
  turn(live: LiveRun, change: Partial<Run>, by: Commander | null): void;
  /** Too many failed: nothing more goes out until a person says so, not even what waits for its device to listen. */
  pause(live: LiveRun): void;
  stop(live: LiveRun, reason: RunReason, by: Commander | null): void;
  /** How many commands ended how, since the start. */
  readonly ended: ReadonlyMap<CommandState, number>;
}

export function createSteps(options: {
  clock: Clock;
  writer: Pick<Writer, 'put'>;
  delivery: Pick<Delivery, 'add' | 'withdraw'>;
  claims: Pick<Claims, 'claim' | 'release'>;
  pacer: Pick<Pacer, 'step'>;
}): Steps {
  const { clock, writer, delivery, claims, pacer } = options;
  const ended = new Map<CommandState, number>();

  function apply(
    live: LiveRun,
    command: DeviceCommand,
    change: Change,
    person: AuditEvent['person'] = null,
  ): void {
    const before = command.state;
    Object.assign(command, change);
    const { id, num } = command;
    const group = groupOf(live.run.spec.kind);
    const pace = pacer.step(live.paces.get(id), change);
    if (pace) live.paces.set(id, pace);
    else live.paces.delete(id);
    if (command.endedAt === null) claims.claim(group, { commandId: id, num, run: live.run });
    else {
      claims.release(num, group, id);
      ended.set(command.state, (ended.get(command.state) ?? 0) + 1);
    }
    const { sentAt } = command;
    const deliver = () => {
      if (command.sentAt === sentAt) delivery.add(command, live.run.spec);
    };
    const after = command.state === 'sent' ? { after: deliver } : {};
    writer.put({ command, event: stepEvent(live, command, person), ...after });
    reconsider(live, command, before);
  }

  /** What was counted turned out otherwise: a failure that lives after all, a proof that was taken back. */
  function reconsider(live: LiveRun, { stage, state }: DeviceCommand, before: CommandState): void {
    const { run } = live;
    if (isOpen(before)) return;
    ended.set(before, Math.max(0, (ended.get(before) ?? 0) - 1));
    if (hasFailed(before) && !hasFailed(state) && stage === run.stage && run.forgiven > 0) {
      run.forgiven -= 1;
      writer.put({ run });
    }
    const goneOn = before === 'confirmed' && run.state === 'running' && stage < run.stage;
    if (goneOn && judgeStage(stage, tallyOf(live, stage), run.stopAtFailedPct) === 'stop') pause(live);
  }

  function pause(live: LiveRun): void {
    for (const command of live.commands)
      if (command.state === 'sent' && delivery.withdraw(command))
        apply(live, command, {
          ...{ state: 'waiting', before: null, sentAt: null, expiresAt: null, waitsUntil: null },
        });
    turn(live, { state: 'paused', stateReason: 'failures' }, null);
  }

  const finish = (live: LiveRun, command: DeviceCommand, state: CommandState, reason: CommandReason): void =>
    apply(live, command, { state, reason, endedAt: clock.now(), waitsUntil: null });

  function turn(live: LiveRun, change: Partial<Run>, by: Commander | null): void {
    const { run } = live;
    Object.assign(run, change);
    const now = clock.monotonic();
    if (change.stage !== undefined) live.stageSince = now;
    if (run.state === 'paused') live.pausedSince = now;
    writer.put({
      run,
      about: live.commands.map(({ num }) => num),
      event: turnEvent(live, by),
    });
  }

  function stop(live: LiveRun, reason: RunReason, by: Commander | null): void {
    const because =
      reason === 'right-withdrawn' || reason === 'account-closed' ? 'right-withdrawn' : 'run-stopped';
    for (const command of live.commands)
      if (command.state === 'waiting' || (command.state === 'sent' && delivery.withdraw(command)))
        apply(live, command, {
          ...{ state: 'cancelled', reason: because, sentAt: null, expiresAt: null },
          ...{ endedAt: clock.now(), waitsUntil: null },
        });
    turn(live, { state: 'stopped', stateReason: reason, endedAt: clock.now() }, by);
  }

  return { apply, finish, turn, pause, stop, ended };
}
