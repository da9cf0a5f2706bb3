import type { MarkedTimeline } from '../../main/contract/timeline.ts';
import { type View, xOf } from './timeline-view.ts';

type Event = MarkedTimeline['events'][number];

/** What stands on a lane besides footage. */
export type Signs = Pick<MarkedTimeline, 'events' | 'holds' | 'bookmarks'>;

export interface SignColors {
  hold: string;
  bookmark: string;
  grave: string;
  warning: string;
}

/** Only trouble is drawn: what is well is quiet. */
export function gravityOf(event: Event): 'grave' | 'warning' | null {
  const word = event.kind === 'status' ? event.status : event.severity;
  if (word === 'offline' || word === 'flapping' || word === 'critical') return 'grave';
  return word === 'degraded' || word === 'bad-data' || word === 'warning' ? 'warning' : null;
}

interface SignPlace {
  view: View;
  width: number;
  /** Of the lane, px. */
  top: number;
  high: number;
}

/** Held stretches as a rail along the lane's foot, bookmarks as flags, trouble as dots: shapes differ, not colours alone. */
export function drawSigns(
  context: CanvasRenderingContext2D,
  { events, holds, bookmarks }: Signs,
  { view, width, top, high }: SignPlace,
  colors: SignColors,
): void {
  const seen = (x: number) => x > -8 && x < width + 8;
  for (const hold of holds) {
    const left = Math.max(0, xOf(view, hold.from, width));
    const right = Math.min(width, xOf(view, hold.to, width));
    if (right < 0 || left > width) continue;
    context.fillStyle = colors.hold;
    context.globalAlpha = hold.state === 'held' ? 1 : 0.6;
    context.fillRect(left, top + high - 4, Math.max(2, right - left), 4);
    context.globalAlpha = 1;
  }
  for (const event of events) {
    const gravity = gravityOf(event);
    const x = xOf(view, event.at, width);
    if (!gravity || !seen(x)) continue;
    context.fillStyle = colors[gravity];
    context.beginPath();
    context.arc(x, top + high / 2, Math.min(4, high / 3), 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = colors.bookmark;
  for (const { at, to } of bookmarks) {
    const x = xOf(view, at, width);
    if (to !== null) {
      const right = Math.min(width, xOf(view, to, width));
      if (right > 0 && x < width) context.fillRect(Math.max(0, x), top, right - Math.max(0, x), 2);
    }
    if (!seen(x)) continue;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x + 8, top);
    context.lineTo(x + 8, top + Math.min(10, high));
    context.lineTo(x + 4, top + Math.min(7, high - 2));
    context.lineTo(x, top + Math.min(10, high));
    context.closePath();
    context.fill();
  }
}

/** What of it is under a moment, `nearMs` away at most; a stretch anywhere over it. */
export function signsAt({ events, holds, bookmarks }: Signs, utc: number, nearMs: number): Signs {
  const near = (at: number) => Math.abs(at - utc) <= nearMs;
  return {
    events: events.filter((event) => gravityOf(event) !== null && near(event.at)),
    holds: holds.filter(({ from, to }) => from <= utc && utc < to),
    bookmarks: bookmarks.filter(({ at, to }) => near(at) || (to !== null && at <= utc && utc < to)),
  };
}
