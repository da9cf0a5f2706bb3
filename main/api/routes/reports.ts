import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessGate } from '../../access/types.ts';
import { AppError } from '../../base/errors.ts';
import type { Language } from '../../contract/common.ts';
import {
  AvailabilityCsvQuery,
  AvailabilityQuery,
  AvailabilityReport,
  AvailabilityShares,
  REPORT_LINES,
  SharesQuery,
} from '../../contract/reports.ts';
import type { DeviceRegistry } from '../../devices/types.ts';
import type { Reports } from '../../reports/availability-report.ts';
import type { AvailabilityShares as Shares } from '../../reports/shares.ts';
import { CSV_FORMS, CSV_START, csvLine } from '../csv.ts';
import { createOneAtATime } from '../one-at-a-time.ts';
import type { Api } from '../server.ts';

export interface ReportServices {
  gate: AccessGate;
  reports: Reports;
  shares: Shares;
  devices: Pick<DeviceRegistry, 'byNum'>;
}

/** Reports reckoned at the same time: each reads much. */
const AT_ONCE = 2;
/** Reports that one person may have waiting. */
const MOST_WAITING = 3;

const HEADERS: Readonly<Record<Language, readonly string[]>> = {
  en: [
    ...['key', 'name', 'devices', 'availability_pct', 'availability_own_pct', 'known_pct'],
    ...[
      'up_s',
      'down_s',
      'down_by_parent_s',
      'flapping_s',
      'maintenance_up_s',
      'maintenance_down_s',
      'unknown_s',
    ],
  ],
  ru: [
    ...['Обозначение', 'Название', 'Устройств', 'Общая доступность, %', 'Своя доступность, %', 'Известно, %'],
    ...['Работало, с', 'Простой, с', 'Простой из-за вышестоящего, с', 'Нестабильно, с'],
    ...['Обслуживание, работало, с', 'Обслуживание, простой, с', 'Неизвестно, с'],
  ],
};

/** How much of the time devices worked, over those of which the person may see the incidents. */
export function reportRoutes(app: Api, { gate, reports, shares, devices }: ReportServices): void {
  let running = 0;
  /** One person does not take all places; who chooses anew before the first is given up waits for that. */
  const own = createOneAtATime(MOST_WAITING);

  async function reckon(
    request: FastifyRequest,
    reply: FastifyReply,
    { from, to, by, kind }: AvailabilityQuery,
  ): Promise<AvailabilityReport> {
    const left = new AbortController();
    const onClose = () => left.abort(new AppError('report-left', 499, 'The report was given up.'));
    reply.raw.once('close', onClose);
    reply.header('cache-control', 'no-store');
    try {
      return await own.run(
        request.viewer.personId,
        async () => {
          left.signal.throwIfAborted();
          if (running >= AT_ONCE)
            throw new AppError('report-busy', 503, 'Other reports are being made. Try again in a moment.');
          running += 1;
          try {
            const visible = gate.visible(request.viewer, 'incident.view');
            return await reports.availability({ range: { from, until: to }, by, kind, visible }, left.signal);
          } finally {
            running -= 1;
          }
        },
        () =>
          new AppError(
            'report-yours-runs',
            429,
            'Other reports of yours are being made. Wait until they are ready, or give them up.',
          ),
      );
    } finally {
      reply.raw.removeListener('close', onClose);
    }
  }

  const config = { access: { action: 'incident.view' } } as const;
  app.get(
    '/api/reports/availability',
    {
      config,
      schema: {
        description:
          'Availability by device, district, okrug, owner, contractor or group; the worst lines first',
        querystring: AvailabilityQuery,
        response: { 200: AvailabilityReport },
      },
    },
    async (request, reply) => {
      const report = await reckon(request, reply, request.query);
      return {
        ...report,
        lines: report.lines.slice(0, REPORT_LINES),
        more: report.lines.length > REPORT_LINES,
      };
    },
  );

  app.get(
    '/api/reports/availability.csv',
    {
      config,
      schema: { description: 'The same, all lines, for a spreadsheet', querystring: AvailabilityCsvQuery },
    },
    async (request, reply) => {
      const { lines, by } = await reckon(request, reply, request.query);
      const { language } = request.query;
      const form = CSV_FORMS[language];
      const pct = (share: number | null) => (share === null ? null : Math.round(share * 1e6) / 1e4);
      const known = (times: AvailabilityReport['total']['times']) => {
        const whole = Object.values(times).reduce((sum, ms) => sum + ms, 0);
        return whole === 0 ? 0 : 1 - times.unknown / whole;
      };
      const s = (ms: number) => Math.round(ms / 1000);
      const rows = lines.map(({ key, name, devices, all, own, times }) =>
        csvLine(
          [
            ...[key, name, devices, pct(all), pct(own), pct(known(times))],
            ...[s(times.up), s(times.down), s(times.downByParent)],
            ...[s(times.flapping), s(times.maintenanceUp), s(times.maintenanceDown), s(times.unknown)],
          ],
          form,
        ),
      );
      reply.header('content-disposition', `attachment; filename="availability-${by}.csv"`);
      reply.type('text/csv; charset=utf-8');
      return reply.send(CSV_START + csvLine(HEADERS[language], form) + rows.join(''));
    },
  );

  app.get(
    '/api/availability',
    {
      config: { access: { action: 'device.view' } },
      schema: {
        description:
          'Share of a day or of thirty in which each access point or switch worked; access points need wifi.view',
        querystring: SharesQuery,
        response: { 200: AvailabilityShares },
      },
    },
    async (request, reply) => {
      const { kind, hours } = request.query;
      const table = await shares.of(kind, hours);
      reply.header('cache-control', 'no-store');
      // Rights are asked after the wait, so that they are today's.
      const visible = gate.visible(request.viewer, kind === 'ap' ? 'wifi.view' : 'device.view');
      const seen: AvailabilityShares['shares'] = {};
      for (const [num, share] of table.shares) {
        const device = visible.has(num) ? devices.byNum(num) : undefined;
        if (device) seen[device.id] = share === null ? null : Math.round(share * 1e6) / 1e6;
      }
      return { from: table.from, to: table.to, shares: seen };
    },
  );
}
