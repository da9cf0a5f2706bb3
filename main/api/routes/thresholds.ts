import type { AccessGate } from '../../access/types.ts';
import type { AuditLog } from '../../audit/types.ts';
import { AppError } from '../../base/errors.ts';
import {
  isMeasured,
  ThresholdInput,
  ThresholdPreview,
  Thresholds,
  ThresholdsInput,
} from '../../contract/thresholds.ts';
import type { DeviceStore } from '../../devices/types.ts';
import type { Health } from '../../health/health.ts';
import type { History } from '../../history/history.ts';
import { auditEvent } from '../audit-event.ts';
import type { Api } from '../server.ts';

export interface ThresholdServices {
  gate: AccessGate;
  audit: AuditLog;
  devices: Pick<DeviceStore, 'all'>;
  health: Pick<Health, 'thresholds' | 'setThresholds'>;
  history: Pick<History, 'preview'>;
  now: () => number;
}

const PREVIEW_MS = 7 * 86_400_000;
/** A preview looks at no more devices than these, evenly chosen by blocks of neighbours. */
const MOST_LOOKED_AT = 4_096;
const BLOCK = 64;
/** Previews reckoned at the same time: each reads a week of thousands of devices. */
const AT_ONCE = 2;

/** @throws AppError `threshold-metric` */
function demandMeasured({ kind, metric }: Pick<ThresholdInput, 'kind' | 'metric'>): void {
  if (isMeasured(kind, metric)) return;
  throw new AppError(
    'threshold-metric',
    422,
    `Devices of kind "${kind}" never report "${metric}", so this threshold would never be raised. Choose another metric.`,
    { kind, metric },
  );
}

/**
 * The measurements beyond which a device is not well, and what others would have raised: reckoned from what whoever
 * may view a device may read of it anyway, since those who set thresholds need not handle incidents.
 */
export function thresholdRoutes(app: Api, services: ThresholdServices): void {
  const { gate, audit, devices, health, history, now } = services;
  let previewing = 0;

  app.get(
    '/api/thresholds',
    {
      config: { access: { action: 'device.view' } },
      schema: { description: 'Thresholds of all metrics', response: { 200: Thresholds } },
    },
    async () => [...health.thresholds()],
  );

  app.put(
    '/api/thresholds',
    {
      config: { access: { action: 'system.configure' } },
      schema: {
        description: 'Replaces all thresholds',
        body: ThresholdsInput,
        response: { 200: Thresholds },
      },
    },
    async (request) => {
      for (const threshold of request.body) demandMeasured(threshold);
      const before = health.thresholds();
      const all = await health.setThresholds(request.body, (trx) =>
        audit.append(
          trx,
          auditEvent(request, 'system.configured', 'thresholds', { before, after: request.body }),
        ),
      );
      return [...all];
    },
  );

  app.post(
    '/api/thresholds/preview',
    {
      config: { access: { action: 'device.view' } },
      schema: {
        description: 'What a threshold would have raised last week, estimated from five-minute summaries',
        body: ThresholdInput,
        response: { 200: ThresholdPreview },
      },
    },
    async ({ viewer, body }) => {
      demandMeasured(body);
      if (previewing >= AT_ONCE)
        throw new AppError('history-busy', 503, 'The history is busy. Try again in a moment.');
      const visible = gate.visible(viewer, 'device.view');
      const all: number[] = [];
      for (const { num, kind } of devices.all()) if (kind === body.kind && visible.has(num)) all.push(num);
      const every = Math.ceil(all.length / MOST_LOOKED_AT);
      const nums = all.filter((num) => Math.floor(num / BLOCK) % every === 0);
      const to = now();
      const { metric, side, raise, clear, reports } = body;
      const from = to - PREVIEW_MS;
      previewing += 1;
      const found = await history
        .preview({ nums, metric, side, raise, clear, reports, from, to })
        .finally(() => {
          previewing -= 1;
        });
      return {
        ...{ looked: nums.length, all: all.length, devices: found.devices, raised: found.raised },
        ...{ hours: found.ms / 3_600_000, days: found.since === null ? 0 : (to - found.since) / 86_400_000 },
      };
    },
  );
}
