import type { CommandState } from '../contract/command-runs.ts';

/** Sizes of the stages for so many devices: one, then up to a tenth of all, then the rest. Stages of nobody fall away. */
export function stageSizes(devices: number): number[] {
  const first = Math.min(devices, 1);
  const tenth = Math.max(first, Math.ceil(devices / 10));
  return [first, tenth - first, devices - tenth].filter((size) => size > 0);
}

/** The stage of the device at this place of the order. */
export function stageAt(sizes: readonly number[], place: number): number {
  let end = 0;
  for (const [stage, size] of sizes.entries()) {
    end += size;
    if (place < end) return stage;
  }
  return sizes.length - 1;
}

/** Ends that count against a run. Left out or called off is no failure. */
const FAILED: ReadonlySet<CommandState> = new Set([
  'rejected',
  'expired',
  'failed',
  'reverted',
  'unconfirmed',
]);
const OPEN: ReadonlySet<CommandState> = new Set(['waiting', 'sent', 'accepted', 'done']);

export const hasFailed = (state: CommandState): boolean => FAILED.has(state);
export const isOpen = (state: CommandState): boolean => OPEN.has(state);
/** Told to the device, and not settled yet. */
export const isUnderWay = (state: CommandState): boolean => state !== 'waiting' && OPEN.has(state);

export interface StageTally {
  total: number;
  open: number;
  failed: number;
  /** Failures that a person has seen and gone on from. */
  forgiven: number;
}

/**
 * What is to be done with a run whose stage stands so: `stop` at the first failure of the first stage, and in the others
 * as soon as more than `limitPct` of the stage failed, without waiting for its end.
 */
export function judgeStage(
  stage: number,
  { total, open, failed, forgiven }: StageTally,
  limitPct: number,
): 'wait' | 'next' | 'stop' {
  const fresh = failed - forgiven;
  if (fresh > 0 && (stage === 0 || fresh * 100 > limitPct * total)) return 'stop';
  return open > 0 ? 'wait' : 'next';
}
