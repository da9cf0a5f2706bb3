import type { Command, CommandRun, CommandState } from '../../main/contract/command-runs.ts';

/** How a state is to be read at a glance. */
export type Outcome = 'ahead' | 'under-way' | 'good' | 'bad' | 'left-out';

const OUTCOMES: Readonly<Record<CommandState, Outcome>> = {
  waiting: 'ahead',
  sent: 'under-way',
  accepted: 'under-way',
  done: 'under-way',
  confirmed: 'good',
  skipped: 'left-out',
  cancelled: 'left-out',
  rejected: 'bad',
  expired: 'bad',
  failed: 'bad',
  reverted: 'bad',
  unconfirmed: 'bad',
};

export const outcomeOf = (state: CommandState): Outcome => OUTCOMES[state];

/** Not at its end: it goes on by itself, or waits for somebody. */
export const isActive = ({ state }: Pick<CommandRun, 'state'>): boolean =>
  state === 'running' || state === 'paused';

/** Devices of a run by outcome. */
export function tally(counts: CommandRun['counts']): Record<Outcome, number> & { total: number } {
  const sums = { ahead: 0, 'under-way': 0, good: 0, bad: 0, 'left-out': 0, total: 0 };
  for (const [state, outcome] of Object.entries(OUTCOMES) as [CommandState, Outcome][]) {
    const count = counts[state] ?? 0;
    sums[outcome] += count;
    sums.total += count;
  }
  return sums;
}

export type StepName = 'asked' | 'sent' | 'accepted' | 'done' | 'confirmed';
export interface Step {
  name: StepName;
  /** UTC ms; null when it has not come. */
  at: number | null;
  state: 'past' | 'now' | 'ahead' | 'failed' | 'passed-over';
}

/**
 * The way of one command, step by step. A point may do a thing without a word between; such steps are passed over. Where
 * it failed, the step that did not come is the failed one.
 */
export function stepsOf(
  command: Pick<Command, 'state' | 'askedAt' | 'sentAt' | 'acceptedAt' | 'doneAt' | 'endedAt'>,
): Step[] {
  const { state, askedAt, sentAt, acceptedAt, doneAt, endedAt } = command;
  const confirmedAt = state === 'confirmed' ? endedAt : null;
  const times: [StepName, number | null][] = [
    ['asked', askedAt],
    ['sent', sentAt],
    ['accepted', acceptedAt],
    ['done', doneAt],
    ['confirmed', confirmedAt],
  ];
  const last = times.findLastIndex(([, at]) => at !== null);
  const ended = endedAt !== null;
  return times.map(([name, at], i) => ({
    name,
    at,
    state:
      at !== null
        ? 'past'
        : i < last
          ? 'passed-over'
          : i > last + 1
            ? 'ahead'
            : !ended
              ? 'now'
              : outcomeOf(state) === 'bad'
                ? 'failed'
                : 'ahead',
  }));
}
