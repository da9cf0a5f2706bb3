import { z } from 'zod';
import { DeviceId, QueryTime, UtcMs } from './common.ts';

/**
 * What is kept over time, by device kind. The place in this list is the metric's number on disk: append only.
 * `scale` is how many stored units make one: what is finer is not kept.
 */
export const MetricTable = [
  { id: 'clients', unit: 'count', scale: 1, kinds: ['ap'] },
  { id: 'utilisation-2.4', unit: 'percent', scale: 10, kinds: ['ap'] },
  { id: 'utilisation-5', unit: 'percent', scale: 10, kinds: ['ap'] },
  { id: 'utilisation-6', unit: 'percent', scale: 10, kinds: ['ap'] },
  { id: 'noise-2.4', unit: 'dBm', scale: 1, kinds: ['ap'] },
  { id: 'noise-5', unit: 'dBm', scale: 1, kinds: ['ap'] },
  { id: 'noise-6', unit: 'dBm', scale: 1, kinds: ['ap'] },
  { id: 'channel-2.4', unit: 'channel', scale: 1, kinds: ['ap'] },
  { id: 'channel-5', unit: 'channel', scale: 1, kinds: ['ap'] },
  { id: 'channel-6', unit: 'channel', scale: 1, kinds: ['ap'] },
  { id: 'client-signal', unit: 'dBm', scale: 1, kinds: ['ap'] },
  { id: 'traffic-down', unit: 'kbit/s', scale: 1, kinds: ['ap'] },
  { id: 'traffic-up', unit: 'kbit/s', scale: 1, kinds: ['ap'] },
  { id: 'cpu', unit: 'percent', scale: 1, kinds: ['ap', 'switch'] },
  { id: 'memory-used', unit: 'percent', scale: 10, kinds: ['ap', 'switch'] },
  { id: 'uplink', unit: 'Mbit/s', scale: 1, kinds: ['ap', 'switch'] },
  { id: 'temperature', unit: 'celsius', scale: 10, kinds: ['camera'] },
  { id: 'fps', unit: 'fps', scale: 10, kinds: ['camera'] },
  { id: 'bitrate', unit: 'kbit/s', scale: 1, kinds: ['camera'] },
  { id: 'storage-used', unit: 'percent', scale: 10, kinds: ['camera'] },
  { id: 'poe', unit: 'watt', scale: 10, kinds: ['switch'] },
  { id: 'ports-up', unit: 'count', scale: 1, kinds: ['switch'] },
] as const;

export type MetricId = (typeof MetricTable)[number]['id'];
export const MetricIds: readonly MetricId[] = MetricTable.map((metric) => metric.id);
export const MetricId = z.enum(MetricTable.map((metric) => metric.id));

/** A chart never has more points than this a series. */
export const MAX_CHART_POINTS = 2_000;
/** Longest range of a chart: a year and a day, ms. */
export const MAX_CHART_RANGE_MS = 366 * 86_400_000;

export const ChartQuery = z.object({
  metrics: z
    .string()
    .max(300)
    .transform((text) => text.split(','))
    .pipe(z.array(MetricId).min(1).max(8)),
  from: QueryTime,
  to: QueryTime,
  points: z.coerce.number().int().min(2).max(MAX_CHART_POINTS).default(300),
});
export type ChartQuery = z.infer<typeof ChartQuery>;

/** Point `i` stands for `[from + i * stepMs, from + (i + 1) * stepMs)`; null where nothing was reported: a gap. */
export const ChartSeries = z.object({
  metric: MetricId,
  unit: z.string(),
  avg: z.array(z.number().nullable()),
  min: z.array(z.number().nullable()),
  max: z.array(z.number().nullable()),
});
export type ChartSeries = z.infer<typeof ChartSeries>;

export const Chart = z.object({
  id: DeviceId,
  from: UtcMs,
  to: UtcMs,
  stepMs: z.number().positive(),
  /** How fine the stored values behind it are, ms; 0 for every single report. */
  resolutionMs: z.number().nonnegative(),
  series: z.array(ChartSeries),
});
export type Chart = z.infer<typeof Chart>;
