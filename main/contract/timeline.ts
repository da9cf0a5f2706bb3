import { z } from 'zod';
import { DeviceId, Id, QueryTime, UtcMs } from './common.ts';
import { HealthStatus, StatusReason } from './health.ts';
import { Timeline } from './video.ts';

/** Something that happened to a camera: it changed its status (findings about its picture among them), or told of an event. */
export const TimelineEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('status'),
    at: UtcMs,
    status: HealthStatus,
    reason: StatusReason,
    /** How many of that resolution this one, the gravest, stands for. */
    count: z.int(),
  }),
  z.object({
    kind: z.literal('device'),
    at: UtcMs,
    /** As the device calls it. */
    type: z.string(),
    severity: z.enum(['info', 'warning', 'critical']),
    count: z.int(),
  }),
]);
export type TimelineEvent = z.infer<typeof TimelineEvent>;

/** A stretch that nothing deletes. Who keeps it and why, the list of holds tells those who may know. */
export const TimelineHold = z.object({
  id: Id,
  from: UtcMs,
  to: UtcMs,
  keptUntil: UtcMs,
  state: z.enum(['requested', 'held']),
  mine: z.boolean(),
});
export type TimelineHold = z.infer<typeof TimelineHold>;

export const TimelineBookmark = z.object({
  id: Id,
  at: UtcMs,
  to: UtcMs.nullable(),
  title: z.string(),
  shared: z.boolean(),
  mine: z.boolean(),
});
export type TimelineBookmark = z.infer<typeof TimelineBookmark>;

/** A timeline with what is marked on it, as far as the person may look back. */
export const MarkedTimeline = Timeline.extend({
  events: z.array(TimelineEvent),
  /** There were more events than are told. */
  moreEvents: z.boolean(),
  holds: z.array(TimelineHold),
  bookmarks: z.array(TimelineBookmark),
});
export type MarkedTimeline = z.infer<typeof MarkedTimeline>;

/** Spans of one answer at most: a finer resolution than gives so many is made coarser. */
export const MOST_SPANS = 5000;

export const TimelineQuery = z.object({
  from: QueryTime,
  to: QueryTime,
  /** What lasts shorter cannot be told apart on the screen, and is joined; 0 tells everything. */
  resolutionMs: z.coerce.number().int().min(0).max(86_400_000).default(0),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;

export const TimelinesQuery = TimelineQuery.extend({
  /** Cameras, with commas; at most nine. */
  ids: z
    .string()
    .max(700)
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(DeviceId).min(1).max(9)),
});

/** In the order asked for; cameras whose archive the person may not see are named. */
export const Timelines = z.object({ timelines: z.array(MarkedTimeline), refused: z.array(DeviceId) });
export type Timelines = z.infer<typeof Timelines>;
