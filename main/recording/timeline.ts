import type { Timeline } from '../contract/video.ts';
import { type Extent, HOLE_MS } from './day-extents.ts';
import { breakReason } from './file-row.ts';

type Gap = Timeline['gaps'][number];

export interface TimelineInput {
  cameraId: string;
  from: number;
  to: number;
  now: number;
  /** Sorted by start. */
  extents: readonly Extent[];
  bounds: { oldest: number; newest: number } | undefined;
  expiredUntil: number | undefined;
  /** Stretches that retention left alone: what is missing in them it did not delete. */
  held?: readonly { fromMs: number; toMs: number }[];
  /** Why nothing newer is there, when it is not there. */
  reasonNow: Gap['reason'];
  /** Why footage is missing that nothing broke off: it may be on a disk that is out of use. */
  reasonLost?: Gap['reason'];
}

/** What of `[from, to)` is recorded, and why the rest is not. Touching files are one span; the future is no gap. */
export function buildTimeline(input: TimelineInput): Timeline {
  const { cameraId, from, now, extents, bounds, expiredUntil } = input;
  const to = Math.max(from, input.to);
  const end = Math.min(to, now);
  const spans: Timeline['spans'] = [];
  const gaps: Gap[] = [];
  let covered = from;
  for (const extent of extents) {
    const start = Math.max(from, extent.start_ms);
    const stop = Math.min(to, extent.end_ms);
    if (stop <= covered && spans.length > 0) continue;
    const last = spans.at(-1);
    if (last && start - last.to < HOLE_MS) {
      last.to = Math.max(last.to, stop);
    } else {
      if (start > covered) gaps.push(...gapsBefore(covered, start, reasonOf(extent.break_before)));
      spans.push({ from: start, to: stop });
    }
    covered = Math.max(covered, stop);
  }
  if (end - covered >= HOLE_MS) gaps.push(...gapsBefore(covered, end, input.reasonNow));
  return {
    cameraId,
    from,
    to,
    spans,
    gaps,
    oldest: bounds?.oldest ?? null,
    newest: bounds?.newest ?? null,
  };

  /** What retention deleted is missing by its age, unless it lies within a stretch that was held. */
  function gapsBefore(start: number, stop: number, reason: Gap['reason']): Gap[] {
    const beforeAll = start < (bounds?.oldest ?? stop);
    const held = input.held?.some(({ fromMs, toMs }) => fromMs <= start && stop <= toMs) ?? false;
    const expired = held ? start : Math.min(stop, expiredUntil ?? start);
    const parts: Gap[] = [];
    if (expired > start) parts.push({ from: start, to: expired, reason: 'expired' });
    const rest = Math.max(start, expired);
    if (rest === start || stop - rest >= HOLE_MS)
      parts.push({
        from: rest,
        to: stop,
        reason: beforeAll && !held ? (input.reasonLost ?? 'unknown') : reason,
      });
    return parts;
  }
}

function reasonOf(text: string | null, lost: Gap['reason'] = 'unknown'): Gap['reason'] {
  switch (breakReason(text)) {
    case 'stream-lost':
    case 'format':
    case 'clock':
      return 'stream-lost';
    case 'hub-stopped':
      return 'hub-stopped';
    case 'disk':
      return 'disk';
    case null:
      return lost;
  }
}
