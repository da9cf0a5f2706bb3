import type { AuditEvent } from '../audit/types.ts';
import type { Pace } from './pace.ts';
import { hasFailed, isOpen, type StageTally } from './stages.ts';
import type { Commander, DeviceCommand, Run } from './types.ts';

/** A run of which something is under way. */
export interface LiveRun {
  run: Run;
  commands: DeviceCommand[];
  /** The place among the commands after the one that was tried last. */
  nextToSend: number;
  /** By command that was sent. */
  paces: Map<string, Pace>;
  /** Monotonic ms. */
  stageSince: number;
  /** Monotonic ms. */
  pausedSince: number;
}

/** How the commands of a stage stand; whoever was left out is no part of it, and neither proves nor fails anything. */
export function tallyOf({ run, commands }: LiveRun, ofStage = run.stage): StageTally {
  const forgiven = ofStage === run.stage ? run.forgiven : 0;
  const tally: StageTally = { total: 0, open: 0, failed: 0, forgiven };
  for (const { stage, state } of commands) {
    if (stage !== ofStage || state === 'skipped') continue;
    tally.total += 1;
    if (isOpen(state)) tally.open += 1;
    if (hasFailed(state)) tally.failed += 1;
  }
  return tally;
}

/**
 * The first stage proves the command at one device: when that one was left out, another takes its place.
 * @returns the one that does; undefined when the stage proved it, or nobody is left
 */
export function substitute({ run, commands }: LiveRun): DeviceCommand | undefined {
  if (run.stage !== 0 || commands.some(({ stage, state }) => stage === 0 && state === 'confirmed'))
    return undefined;
  const next = commands.find(({ state }) => state === 'waiting');
  if (!next) return undefined;
  run.stages = run.stages.map((size, stage) =>
    stage === 0 ? size + 1 : stage === next.stage ? size - 1 : size,
  );
  next.stage = 0;
  return next;
}

/** The entry of the log for what became of one device's command. */
export function stepEvent(
  { run }: LiveRun,
  command: DeviceCommand,
  person: AuditEvent['person'],
): AuditEvent {
  const { id: requestId, state, reason, deviceReason, before, after, executorId, port } = command;
  return {
    ...{ kind: 'command.step', person, from: person ? run.from : '', subject: command.deviceId },
    data: {
      ...{ run: run.id, requestId, command: run.spec.kind, state },
      ...(reason === null ? {} : { reason }),
      ...(deviceReason === null ? {} : { deviceReason }),
      ...(port === null ? {} : { switch: executorId, port }),
      ...(after === null ? {} : { before, after }),
    },
  };
}

/** The entry of the log for a run that goes on, pauses or ends; `by` whom, null by itself. */
export const turnEvent = ({ run }: LiveRun, by: Commander | null): AuditEvent => ({
  ...{ kind: 'command.run', subject: run.id, from: by?.from ?? '' },
  person: by ? { id: by.personId, name: by.name } : null,
  data: { command: run.spec.kind, state: run.state, reason: run.stateReason, stage: run.stage },
});
