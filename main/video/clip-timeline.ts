import type { Timeline } from '../contract/video.ts';

/**
 * What of a timeline somebody may see who may look no further back than `since`, UTC ms: nothing older is told of,
 * neither that there was footage nor that there was none.
 */
export function clipTimeline(timeline: Timeline, since: number): Timeline {
  const clip = <T extends { from: number; to: number }>(items: readonly T[]): T[] =>
    items.filter((item) => item.to > since).map((item) => ({ ...item, from: Math.max(item.from, since) }));
  const { oldest, newest } = timeline;
  const any = newest !== null && newest > since;
  return {
    ...timeline,
    spans: clip(timeline.spans),
    gaps: clip(timeline.gaps),
    oldest: any && oldest !== null ? Math.max(oldest, since) : null,
    newest: any ? newest : null,
  };
}

/**
 * The earliest moment of `[from, to]` that `allowed` permits, to the second; `from` where all is permitted, `to`
 * where nothing is. `allowed` must hold of all that is later once it holds.
 */
export function firstAllowed(from: number, to: number, allowed: (utc: number) => boolean): number {
  if (allowed(from)) return from;
  let refused = from;
  let permitted = to;
  while (permitted - refused > 1_000) {
    const middle = Math.floor((refused + permitted) / 2);
    if (allowed(middle)) permitted = middle;
    else refused = middle;
  }
  return permitted;
}
