import type { Timeline } from '../contract/video.ts';

type Span = Timeline['spans'][number];

const recorded = ({ from, to, recordedMs }: Span): number => recordedMs ?? to - from;

/**
 * A timeline at the resolution of a screen: holes shorter than `resolutionMs` close, and the span that they were in
 * tells how much of it is recorded. A single second of footage stays, however short: it may be all there is.
 * The answer holds at most `most` spans: the resolution is doubled until it does.
 */
export function coarse(timeline: Timeline, resolutionMs: number, most: number): Timeline {
  let spans = join(timeline.spans, resolutionMs);
  let used = resolutionMs;
  while (spans.length > most) {
    used = Math.max(1000, used * 2);
    spans = join(spans, used);
  }
  if (spans.length === timeline.spans.length) return timeline;
  const gaps: Timeline['gaps'] = [];
  let at = 0;
  // Both in order of time: a gap that lies in a span was closed.
  for (const gap of timeline.gaps) {
    while (at < spans.length && (spans[at]?.to ?? 0) <= gap.from) at += 1;
    const span = spans[at];
    if (!span || gap.from < span.from) gaps.push(gap);
  }
  return { ...timeline, spans, gaps };
}

function join(spans: readonly Span[], resolutionMs: number): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last && span.from - last.to < resolutionMs) {
      last.recordedMs = recorded(last) + recorded(span);
      last.to = span.to;
    } else result.push({ ...span });
  }
  return result;
}
