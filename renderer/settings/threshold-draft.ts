import { DeviceKind } from '../../main/contract/device.ts';
import { type MetricId, MetricIds } from '../../main/contract/history.ts';
import { isMeasured, type Threshold, type ThresholdInput } from '../../main/contract/thresholds.ts';

/** A threshold while it is edited: a field that holds no number is null. */
export interface ThresholdDraft extends Omit<ThresholdInput, 'raise' | 'clear' | 'reports'> {
  raise: number | null;
  clear: number | null;
  reports: number | null;
  /** Not stored yet: it may be taken away again. */
  fresh: boolean;
}

export const keyOf = ({ kind, metric, side }: Pick<ThresholdDraft, 'kind' | 'metric' | 'side'>): string =>
  `${kind} ${metric} ${side}`;

export const draftOf = ({ id: _id, ...threshold }: Threshold): ThresholdDraft => ({
  ...threshold,
  fresh: false,
});

/** What is wrong with a field (`thresholds:<code>`). */
export type ThresholdFault = 'level-needed' | 'clear-above' | 'clear-below' | 'reports-wrong';

export function faultsOf({ side, raise, clear, reports }: ThresholdDraft): {
  raise?: ThresholdFault;
  clear?: ThresholdFault;
  reports?: ThresholdFault;
} {
  const reportsWrong = reports === null || !Number.isInteger(reports) || reports < 1 || reports > 100;
  return {
    ...(raise === null && { raise: 'level-needed' as const }),
    ...(clear === null && { clear: 'level-needed' as const }),
    ...(raise !== null &&
      clear !== null &&
      (side === 'above' ? clear > raise : clear < raise) && { clear: `clear-${side}` as const }),
    ...(reportsWrong && { reports: 'reports-wrong' as const }),
  };
}

/** What the hub takes; undefined while something is wrong with it. */
export function inputOf({
  fresh: _fresh,
  raise,
  clear,
  reports,
  ...rest
}: ThresholdDraft): ThresholdInput | undefined {
  const faults = faultsOf({ fresh: false, raise, clear, reports, ...rest });
  if (raise === null || clear === null || reports === null || Object.keys(faults).length > 0)
    return undefined;
  return { ...rest, raise, clear, reports };
}

/** What a new threshold may be about: every metric that a kind measures. */
export const choices: readonly { kind: DeviceKind; metric: MetricId }[] = DeviceKind.options.flatMap((kind) =>
  MetricIds.filter((metric) => isMeasured(kind, metric)).map((metric) => ({ kind, metric })),
);
