import type { Timeline } from '../contract/video.ts';
import { breakReason } from './file-row.ts';

/** A hole shorter than this is a camera's clock settling, not missing footage. */
const HOLE_MS = 1_500;

type Gap = Timeline['gaps'][number];

export interface TimelineInput {
  cameraId: string;
  from: number;
  to: number;
  now: number;
  /** Sorted by start. */
  extents: readonly { start_ms: number; end_ms: number; break_before: string | null }[];
  bounds: { oldest: number; newest: number } | undefined;
  expiredUntil: number | undefined;
  /** Why nothing newer is there, when it is not there. */
  reasonNow: Gap['reason'];
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

  /** A hole before the oldest footage is what retention deleted, as far as it did. */
  function gapsBefore(start: number, stop: number, reason: Gap['reason']): Gap[] {
    const first = bounds?.oldest ?? stop;
    if (start >= first) return [{ from: start, to: stop, reason }];
    const expired = Math.min(stop, expiredUntil ?? start);
    const parts: Gap[] = [];
    if (expired > start) parts.push({ from: start, to: expired, reason: 'expired' });
    const rest = Math.max(start, expired);
    if (stop - rest >= HOLE_MS) parts.push({ from: rest, to: stop, reason: 'unknown' });
    return parts;
  }
}

function reasonOf(text: string | null): Gap['reason'] {
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
      return 'unknown';
  }
}
