import { z } from 'zod';
import type { AccessGate } from '../../access/types.ts';
import { DeviceId } from '../../contract/common.ts';
import { MarkedTimeline, TimelineQuery, Timelines, TimelinesQuery } from '../../contract/timeline.ts';
import type { DeviceRegistry } from '../../devices/types.ts';
import type { Api } from '../server.ts';
import { createTimelineView, type TimelineServices } from '../timeline-view.ts';
import type { VideoDesk } from '../video-desk.ts';
import { createVideoDoor } from '../video-door.ts';

export interface TimelineRouteServices extends Omit<TimelineServices, 'events'> {
  timelineEvents: TimelineServices['events'];
  desk: VideoDesk;
  gate: AccessGate;
  devices: Pick<DeviceRegistry, 'get'>;
}

/** What is recorded of cameras, why the rest is not, what happened, and what people marked. */
export function timelineRoutes(app: Api, services: TimelineRouteServices): void {
  const { desk, gate, devices, timelineEvents } = services;
  const { camera, demand } = createVideoDoor({ desk, devices });
  const timelineOf = createTimelineView({ ...services, events: timelineEvents });

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
      await demand(viewer, device, 'video.archive', gate.may(viewer, 'video.archive', device));
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
          await desk.refusal(viewer, device, 'video.archive', decision.reason);
          answer.refused.push(device.id);
        }
      }
      reply.header('cache-control', 'no-store');
      return answer;
    },
  );
}
