/** The part of time that a timeline shows. UTC ms, `to` exclusive. */
export interface View {
  readonly from: number;
  readonly to: number;
}

export const SHORTEST_VIEW_MS = 1_000;
export const LONGEST_VIEW_MS = 62 * 86_400_000;

export const timeAt = (view: View, x: number, width: number): number =>
  view.from + (x / Math.max(1, width)) * (view.to - view.from);

export const xOf = (view: View, time: number, width: number): number =>
  ((time - view.from) / (view.to - view.from)) * width;

/**
 * Widens (`factor` over 1) or narrows the view around `anchor`, which stays under the same pixel. The right edge
 * never runs further than a tenth of the view past `now`: there is nothing to see in the future.
 */
export function zoom(view: View, factor: number, anchor: number, now: number): View {
  const span = view.to - view.from;
  const next = Math.min(LONGEST_VIEW_MS, Math.max(SHORTEST_VIEW_MS, span * factor));
  const share = (anchor - view.from) / span;
  return held({ from: anchor - share * next, to: anchor + (1 - share) * next }, now);
}

export const pan = (view: View, byMs: number, now: number): View =>
  held({ from: view.from + byMs, to: view.to + byMs }, now);

/** A view of `span` ms with `time` in its middle. */
export const centred = (time: number, span: number, now: number): View =>
  held({ from: time - span / 2, to: time + span / 2 }, now);

/** Moves the view only when `time` is outside of it or close to its edge; the playhead pushes it along. */
export function following(view: View, time: number, now: number): View {
  const span = view.to - view.from;
  if (time >= view.from + span * 0.02 && time <= view.to - span * 0.05) return view;
  return held({ from: time - span * 0.25, to: time + span * 0.75 }, now);
}

function held(view: View, now: number): View {
  const span = view.to - view.from;
  const latest = now + span * 0.1;
  const over = Math.max(0, view.to - latest);
  const from = Math.max(0, view.from - over);
  return { from, to: from + span };
}
