import type { DeviceKind } from '../../main/contract/device.ts';
import type { MetricId } from '../../main/contract/history.ts';
import type { ChartScale } from '../ui/chart-data.ts';

export type ChartGroupId =
  | 'clients'
  | 'utilisation'
  | 'traffic'
  | 'client-signal'
  | 'noise'
  | 'channel'
  | 'load'
  | 'uplink'
  | 'temperature'
  | 'fps'
  | 'bitrate'
  | 'storage-used'
  | 'poe'
  | 'ports-up';

/** Metrics of one unit that are read together, in one chart (`charts:group.<id>`). */
export interface ChartGroup {
  id: ChartGroupId;
  metrics: readonly MetricId[];
  scale: ChartScale;
  /** Numbers that hold until they change, and between which there is nothing. */
  stepped?: boolean;
}

const bands = (what: 'utilisation' | 'noise' | 'channel') =>
  [`${what}-2.4`, `${what}-5`, `${what}-6`] as const satisfies readonly MetricId[];

/** What charts a kind has, in the order of use; each inner list is asked for at once. */
export const chartGroups: Readonly<Record<DeviceKind, readonly (readonly ChartGroup[])[]>> = {
  ap: [
    [
      { id: 'clients', metrics: ['clients'], scale: 'from-zero' },
      { id: 'utilisation', metrics: bands('utilisation'), scale: 'percent' },
      { id: 'traffic', metrics: ['traffic-down', 'traffic-up'], scale: 'from-zero' },
      { id: 'client-signal', metrics: ['client-signal'], scale: 'free' },
    ],
    [
      { id: 'noise', metrics: bands('noise'), scale: 'free' },
      { id: 'channel', metrics: bands('channel'), scale: 'free', stepped: true },
    ],
    [
      { id: 'load', metrics: ['cpu', 'memory-used'], scale: 'percent' },
      { id: 'uplink', metrics: ['uplink'], scale: 'from-zero', stepped: true },
    ],
  ],
  switch: [
    [
      { id: 'load', metrics: ['cpu', 'memory-used'], scale: 'percent' },
      { id: 'poe', metrics: ['poe'], scale: 'from-zero' },
      { id: 'ports-up', metrics: ['ports-up'], scale: 'from-zero' },
      { id: 'uplink', metrics: ['uplink'], scale: 'from-zero', stepped: true },
    ],
  ],
  camera: [
    [
      { id: 'fps', metrics: ['fps'], scale: 'from-zero' },
      { id: 'bitrate', metrics: ['bitrate'], scale: 'from-zero' },
      { id: 'temperature', metrics: ['temperature'], scale: 'free' },
      { id: 'storage-used', metrics: ['storage-used'], scale: 'percent' },
    ],
  ],
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How far back a chart goes, and how often it is fetched anew, ms. */
export const chartRanges = {
  hour: { ms: HOUR, renewMs: 30_000 },
  day: { ms: DAY, renewMs: 60_000 },
  week: { ms: 7 * DAY, renewMs: 300_000 },
  year: { ms: 365 * DAY, renewMs: 3_600_000 },
} as const;
export type ChartRange = keyof typeof chartRanges;
export const isChartRange = (text: string): text is ChartRange => Object.hasOwn(chartRanges, text);
