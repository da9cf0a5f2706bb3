import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Chart, type MetricId } from '../../main/contract/history.ts';
import { hubGet, queryString } from '../hub/client.ts';
import { type ChartRange, chartRanges } from './chart-groups.ts';

/** A stretch of time that was chosen in a chart, UTC ms. */
export interface Stretch {
  from: number;
  to: number;
}

/** More points than pixels of a telephone, fewer than of a wide screen: a point is about three pixels there. */
const POINTS = 360;

/** Measurements of a device up to now, or of a chosen stretch. What was shown stays while the next is fetched. */
export function useChart(
  deviceId: string,
  metrics: readonly MetricId[],
  range: ChartRange,
  stretch: Stretch | null,
) {
  const { ms, renewMs } = chartRanges[range];
  return useQuery({
    queryKey: ['history', deviceId, metrics, range, stretch],
    queryFn: ({ signal }) => {
      const to = stretch?.to ?? Date.now();
      const from = stretch?.from ?? to - ms;
      const query = queryString({ metrics: metrics.join(','), from, to, points: POINTS });
      return hubGet(`/api/devices/${encodeURIComponent(deviceId)}/history${query}`, Chart, signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: stretch ? false : renewMs,
  });
}
