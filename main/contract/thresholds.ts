import { z } from 'zod';
import { Id } from './common.ts';
import { DeviceKind } from './device.ts';
import { MetricId, MetricTable } from './history.ts';

/**
 * Whether such devices report the metric as a measurement. The others are refused where thresholds are set: nothing
 * would ever be beyond them. Channels are numbers only by name.
 */
export const isMeasured = (kind: DeviceKind, metric: MetricId): boolean =>
  MetricTable.some(
    ({ id, unit, kinds }) => id === metric && unit !== 'channel' && kinds.some((one) => one === kind),
  );

/**
 * When a measurement makes a device `degraded`. It is raised after `reports` reports in a row beyond `raise`, and
 * cleared by the first one back at `clear`: two levels, so that a value at the edge does not come and go.
 */
export const ThresholdInput = z
  .strictObject({
    kind: DeviceKind,
    metric: MetricId,
    side: z.enum(['above', 'below']),
    raise: z.number().min(-1e9).max(1e9),
    clear: z.number().min(-1e9).max(1e9),
    reports: z.int().min(1).max(100),
    enabled: z.boolean(),
  })
  .refine(({ side, raise, clear }) => (side === 'above' ? clear <= raise : clear >= raise), {
    message: 'must lie on the sound side of raise: at most as high for "above", at least as high for "below"',
    path: ['clear'],
  });
export type ThresholdInput = z.infer<typeof ThresholdInput>;

export const Threshold = ThresholdInput.safeExtend({ id: Id });
export type Threshold = z.infer<typeof Threshold>;
export const Thresholds = z.array(Threshold);
/** All thresholds at once; switched off is `enabled: false`, so that none is ever lost by mistake. */
export const ThresholdsInput = z
  .array(ThresholdInput)
  .min(1)
  .max(200)
  .refine(
    (all) => new Set(all.map(({ kind, metric, side }) => `${kind} ${metric} ${side}`)).size === all.length,
    { message: 'one threshold a kind, metric and side' },
  );

/** What a threshold would have raised, reckoned from five-minute summaries. */
export const ThresholdPreview = z.object({
  /** Devices of the kind that were looked at, and how many there are. */
  looked: z.int(),
  all: z.int(),
  /** Of those looked at: devices that it would have raised, how often in all, and for how many hours. */
  devices: z.int(),
  raised: z.int(),
  hours: z.number(),
  /** Days of history that it was reckoned from; 0 when nothing was measured. */
  days: z.number(),
});
export type ThresholdPreview = z.infer<typeof ThresholdPreview>;
