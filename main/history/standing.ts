import type { ThresholdInput } from '../contract/thresholds.ts';

export type Rule = Pick<ThresholdInput, 'side' | 'raise' | 'clear' | 'reports'>;

/** How a rule stands with one device: reports in a row beyond it, and whether it was raised. */
export interface Standing {
  beyond: number;
  raised: boolean;
}

export const isBeyond = ({ side, raise }: Pick<Rule, 'side' | 'raise'>, value: number): boolean =>
  side === 'above' ? value > raise : value < raise;

/** Whether a raised rule is over by such a value. */
export const isBack = ({ side, clear }: Pick<Rule, 'side' | 'clear'>, value: number): boolean =>
  side === 'above' ? value <= clear : value >= clear;

/** The next standing after one more value: what judges reports as they come, and what previews judge the past by. */
export function stand(rule: Rule, { beyond, raised }: Standing, value: number): Standing {
  if (raised) return isBack(rule, value) ? { beyond: 0, raised: false } : { beyond, raised: true };
  const count = isBeyond(rule, value) ? beyond + 1 : 0;
  return { beyond: count, raised: count >= rule.reports };
}
