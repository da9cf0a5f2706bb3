import { z } from 'zod';
import type { AccessGate } from '../../access/types.ts';
import { notFound } from '../../base/errors.ts';
import { DeviceId } from '../../contract/common.ts';
import { MarkedTimeline, TimelineQuery, Timelines, TimelinesQuery } from '../../contract/timeline.ts';
import type { DeviceRecord, DeviceRegistry } from '../../devices/types.ts';
import type { Api } from '../server.ts';
import { createTimelineView, type TimelineServices } from '../timeline-view.ts';

export interface TimelineRouteServices extends Omit<TimelineServices, 'events'> {
  timelineEvents: TimelineServices['events'];
  gate: AccessGate;
  devices: Pick<DeviceRegistry, 'get'>;
}

/** What is recorded of cameras, why the rest is not, what happened, and what people marked. */
export function timelineRoutes(app: Api, services: TimelineRouteServices): void {
  const { gate, devices, timelineEvents } = services;
  const timelineOf = createTimelineView({ ...services, events: timelineEvents });

  const camera = (id: string): DeviceRecord => {
    const device = devices.get(id);
    if (device?.kind !== 'camera') throw notFound('camera', id);
    return device;
  };

  app.get(
    '/api/video/:id/timeline',
    {
      config: { access: 'signed-in' },
      schema: {
        description: 'What of a range is recorded, with events, kept stretches and bookmarks',
        params: z.object({ id: DeviceId }),
        querystring: TimelineQuery,
        response: { 200: MarkedTimeline },
      },
    },
    async (request, reply) => {
      const { viewer, query } = request;
      const device = camera(request.params.id);
      const decision = gate.may(viewer, 'video.archive', device);
      if (!decision.allowed) throw await request.refuse('video.archive', device, decision.reason);
      reply.header('cache-control', 'no-store');
      return timelineOf(viewer, device, query);
    },
  );

  app.get(
    '/api/video/timelines',
    {
      config: { access: 'signed-in' },
      schema: {
        description: 'The same of up to nine cameras at once; those one may not see are named',
        querystring: TimelinesQuery,
        response: { 200: Timelines },
      },
    },
    async (request, reply) => {
      const { viewer, query } = request;
      const answer: Timelines = { timelines: [], refused: [] };
      for (const device of query.ids.map(camera)) {
        const decision = gate.may(viewer, 'video.archive', device);
        if (decision.allowed) answer.timelines.push(await timelineOf(viewer, device, query));
        else {
          await request.refuse('video.archive', device, decision.reason);
          answer.refused.push(device.id);
        }
      }
      reply.header('cache-control', 'no-store');
      return answer;
    },
  );
}
