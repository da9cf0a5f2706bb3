import { forDrawing, type Gap, type Span } from '../player/spans.ts';
import type { Tick } from './ticks.ts';
import { type View, xOf } from './timeline-view.ts';

export const TIMELINE_HEIGHT = 78;
const TRACK_TOP = 30;
const TRACK_HEIGHT = 30;

export interface TimelineColors {
  ground: string;
  recorded: string;
  gap: string;
  line: string;
  lineMajor: string;
  text: string;
  dimmed: string;
  now: string;
  playhead: string;
  future: string;
}

export interface TimelinePicture {
  view: View;
  width: number;
  spans: readonly Span[];
  gaps: readonly Gap[];
  /** Where the recording begins at all, UTC ms. */
  oldest: number | null;
  ticks: readonly Tick[];
  label: (tick: Tick) => string;
  /** UTC ms. */
  now: number;
  nowLabel: string;
  position: number | null;
  hover: number | null;
  colors: TimelineColors;
  font: string;
}

/** Draws the whole timeline. The context is scaled so that one unit is one CSS pixel. */
export function drawTimeline(context: CanvasRenderingContext2D, picture: TimelinePicture): void {
  const { view, width, colors } = picture;
  context.clearRect(0, 0, width, TIMELINE_HEIGHT);
  context.fillStyle = colors.ground;
  context.fillRect(0, TRACK_TOP, width, TRACK_HEIGHT);
  const perPx = (view.to - view.from) / Math.max(1, width);
  const bar = (span: Span, style: string | CanvasPattern, least: number) => {
    const left = Math.max(0, xOf(view, span.from, width));
    const right = Math.min(width, xOf(view, span.to, width));
    if (right < 0 || left > width) return;
    context.fillStyle = style;
    context.fillRect(left, TRACK_TOP, Math.max(least, right - left), TRACK_HEIGHT);
  };
  for (const span of forDrawing(picture.spans, perPx * 0.5)) bar(span, colors.recorded, 1);
  const hatch = hatching(context, colors.gap);
  // A gap is never swallowed by its neighbours: even a short one keeps a pixel.
  // Before the first recording there is nothing to be missed.
  for (const gap of picture.gaps)
    if (picture.oldest !== null && gap.to > picture.oldest) bar(gap, hatch ?? colors.gap, 1.5);
  drawTicks(context, picture);

  const nowX = xOf(view, picture.now, width);
  if (nowX < width) {
    context.fillStyle = colors.future;
    context.fillRect(Math.max(0, nowX), TRACK_TOP, width - Math.max(0, nowX), TRACK_HEIGHT);
    if (nowX >= 0) {
      context.fillStyle = colors.now;
      context.fillRect(nowX - 0.75, TRACK_TOP - 4, 1.5, TRACK_HEIGHT + 8);
      context.font = picture.font;
      context.textAlign = nowX > width - 50 ? 'right' : 'center';
      context.fillText(picture.nowLabel, Math.min(nowX, width - 2), TRACK_TOP + TRACK_HEIGHT + 16);
    }
  }
  if (picture.hover !== null) {
    context.fillStyle = colors.lineMajor;
    context.fillRect(xOf(view, picture.hover, width) - 0.5, TRACK_TOP - 6, 1, TRACK_HEIGHT + 12);
  }
  if (picture.position !== null) drawPlayhead(context, xOf(view, picture.position, width), width, colors);
}

function drawTicks(context: CanvasRenderingContext2D, picture: TimelinePicture): void {
  const { view, width, colors } = picture;
  context.font = picture.font;
  context.textBaseline = 'alphabetic';
  for (const tick of picture.ticks) {
    const x = xOf(view, tick.at, width);
    context.fillStyle = tick.major ? colors.lineMajor : colors.line;
    context.fillRect(
      Math.round(x) - 0.5,
      TRACK_TOP - (tick.major ? 8 : 5),
      1,
      TRACK_HEIGHT + (tick.major ? 8 : 5),
    );
    const text = picture.label(tick);
    const half = context.measureText(text).width / 2;
    if (x - half < 0 || x + half > width) continue;
    context.textAlign = 'center';
    context.fillStyle = tick.major ? colors.text : colors.dimmed;
    context.fillText(text, x, TRACK_TOP - 12);
  }
}

function drawPlayhead(
  context: CanvasRenderingContext2D,
  x: number,
  width: number,
  colors: TimelineColors,
): void {
  context.fillStyle = colors.playhead;
  if (x < 0 || x > width) {
    // Out of sight: an arrow at the edge tells on which side.
    const edge = x < 0 ? 2 : width - 2;
    const into = x < 0 ? 9 : -9;
    triangle(context, [edge, TRACK_TOP + 15], [edge + into, TRACK_TOP + 8], [edge + into, TRACK_TOP + 22]);
    return;
  }
  context.fillRect(x - 1, TRACK_TOP - 6, 2, TRACK_HEIGHT + 12);
  triangle(context, [x - 6, TRACK_TOP - 9], [x + 6, TRACK_TOP - 9], [x, TRACK_TOP - 1]);
}

type Point = readonly [number, number];

function triangle(context: CanvasRenderingContext2D, a: Point, b: Point, c: Point): void {
  context.beginPath();
  context.moveTo(...a);
  context.lineTo(...b);
  context.lineTo(...c);
  context.closePath();
  context.fill();
}

/** Diagonal lines: a gap differs from a recording by more than its colour. */
function hatching(context: CanvasRenderingContext2D, color: string): CanvasPattern | null {
  const tile = document.createElement('canvas');
  tile.width = 8;
  tile.height = 8;
  const pen = tile.getContext('2d');
  if (!pen) return null;
  pen.strokeStyle = color;
  pen.globalAlpha = 0.7;
  pen.lineWidth = 1.3;
  for (const shift of [-8, 0, 8]) {
    pen.beginPath();
    pen.moveTo(shift - 1, 9);
    pen.lineTo(shift + 9, -1);
    pen.stroke();
  }
  return context.createPattern(tile, 'repeat');
}
