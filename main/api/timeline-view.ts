import type { AccessGate, Viewer } from '../access/types.ts';
import { type MarkedTimeline, MOST_SPANS, type TimelineQuery } from '../contract/timeline.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { TimelineEventsOf } from '../health/timeline-events.ts';
import type { Bookmarks } from '../recording/bookmarks.ts';
import { coarse } from '../recording/coarse.ts';
import type { Holds } from '../recording/holds.ts';
import { clipTimeline, firstAllowed } from '../video/clip-timeline.ts';
import type { VideoRoom } from '../video/types.ts';

/** Drawn side by side at most. */
const MOST_BOOKMARKS = 500;

export interface TimelineServices {
  video: Pick<VideoRoom, 'timeline'>;
  holds: Pick<Holds, 'of'>;
  bookmarks: Pick<Bookmarks, 'of'>;
  events: TimelineEventsOf;
  gate: Pick<AccessGate, 'may'>;
}

/** A camera's timeline as one person may see it: nothing on it is older than that person may look back. */
export function createTimelineView({ video, holds, bookmarks, events, gate }: TimelineServices) {
  return async (
    viewer: Viewer,
    device: DeviceRecord,
    { from, to, resolutionMs }: TimelineQuery,
  ): Promise<MarkedTimeline> => {
    const whole = await video.timeline(device.id, from, to);
    const oldest = Math.min(whole.oldest ?? from, from);
    const allowed = (utc: number) => gate.may(viewer, 'video.archive', device, utc).allowed;
    const since = firstAllowed(oldest, Math.max(to, whole.newest ?? to), allowed);
    const seen = Math.max(from, since);
    const footage = coarse(clipTimeline(whole, since), resolutionMs, MOST_SPANS);
    const { events: found, more } = await events(device.num, seen, to, resolutionMs);
    const marks = await bookmarks.of(viewer.personId, device.id, seen, to, MOST_BOOKMARKS);
    return {
      ...footage,
      events: found,
      moreEvents: more,
      holds: holds.of(device.id, seen, to).map((hold) => ({
        id: hold.id,
        from: Math.max(hold.from, since),
        to: hold.to,
        keptUntil: hold.keptUntil,
        state: hold.state === 'requested' ? 'requested' : 'held',
        mine: hold.by.id === viewer.personId,
      })),
      bookmarks: marks
        .filter(({ at }) => at >= since)
        .map(({ id, at, to: until, title, shared, by }) => ({
          ...{ id, at, to: until, title, shared },
          mine: by.id === viewer.personId,
        })),
    };
  };
}
