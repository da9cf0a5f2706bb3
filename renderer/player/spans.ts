import type { Timeline } from '../../main/contract/video.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}
export type Gap = Timeline['gaps'][number];

/** What there is at an instant. */
export type Found = { kind: 'recorded'; span: Span } | { kind: 'gap'; gap: Gap } | { kind: 'none' };

export function whatIsAt(timeline: Pick<Timeline, 'spans' | 'gaps'>, time: number): Found {
  const span = timeline.spans.find((one) => time >= one.from && time < one.to);
  if (span) return { kind: 'recorded', span };
  const gap = timeline.gaps.find((one) => time >= one.from && time < one.to);
  return gap ? { kind: 'gap', gap } : { kind: 'none' };
}

/** The first recorded instant at or after `time`; undefined when nothing follows. */
export function recordedFrom(spans: readonly Span[], time: number): number | undefined {
  let best: number | undefined;
  for (const span of spans)
    if (span.to > time) best = Math.min(best ?? Number.POSITIVE_INFINITY, Math.max(span.from, time));
  return best;
}

/** Where the recording before the one at `time` begins; the beginning of this one when `time` is well inside it. */
export function recordingBefore(spans: readonly Span[], time: number, insideMs = 2000): number | undefined {
  let best: number | undefined;
  for (const span of spans)
    if (span.from < time - insideMs) best = Math.max(best ?? Number.NEGATIVE_INFINITY, span.from);
  return best;
}

/** Where the next recording after `time` begins. */
export function recordingAfter(spans: readonly Span[], time: number): number | undefined {
  let best: number | undefined;
  for (const span of spans)
    if (span.from > time) best = Math.min(best ?? Number.POSITIVE_INFINITY, span.from);
  return best;
}

/** Spans for drawing: sorted, and those closer together than `closerThanMs` (less than a pixel) drawn as one. */
export function forDrawing(spans: readonly Span[], closerThanMs: number): Span[] {
  const sorted = [...spans].sort((a, b) => a.from - b.from);
  const drawn: { from: number; to: number }[] = [];
  for (const span of sorted) {
    const last = drawn.at(-1);
    if (last && span.from - last.to < closerThanMs) last.to = Math.max(last.to, span.to);
    else drawn.push({ from: span.from, to: span.to });
  }
  return drawn;
}
