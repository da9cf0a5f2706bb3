import { z } from 'zod';
import { AppError } from '../../base/errors.ts';
import { DeviceId } from '../../contract/common.ts';
import { Chart, ChartQuery, MAX_CHART_RANGE_MS } from '../../contract/history.ts';
import type { History } from '../../history/history.ts';
import type { Api } from '../server.ts';

export interface HistoryServices {
  history: Pick<History, 'chart'>;
}

/** How a device's measurements went over time. */
export function historyRoutes(app: Api, { history }: HistoryServices): void {
  app.get(
    '/api/devices/:id/history',
    {
      config: { access: { action: 'device.view', deviceParam: 'id' } },
      schema: {
        description:
          'Charts of a device: average, least and most of each stretch; null where nothing was reported',
        params: z.object({ id: DeviceId }),
        querystring: ChartQuery,
        response: { 200: Chart },
      },
    },
    async ({ device, query }, reply) => {
      const { metrics, from, to, points } = query;
      if (to <= from || to - from > MAX_CHART_RANGE_MS)
        throw new AppError('chart-range', 400, 'A chart shows at least a moment and at most a year.', {
          from,
          to,
        });
      const answer = await history.chart({ num: device.num, metrics, from, to, points });
      reply.header('cache-control', 'no-store');
      return Chart.parse({ id: device.id, from, to, ...answer });
    },
  );
}
