import { forDrawing, type Gap, type Span } from '../player/spans.ts';
import type { Tick } from './ticks.ts';
import { drawSigns, type SignColors, type Signs } from './timeline-signs.ts';
import { type View, xOf } from './timeline-view.ts';

const TRACK_TOP = 30;
const FOOT = 18;
const LANE_GAP = 2;

/** Height of one camera's lane among `count`, px. */
export const laneHeight = (count: number): number => (count <= 1 ? 30 : count <= 3 ? 17 : 11);
const trackHeight = (count: number): number =>
  Math.max(1, count) * laneHeight(count) + (Math.max(1, count) - 1) * LANE_GAP;
export const timelineHeight = (count: number): number => TRACK_TOP + trackHeight(count) + FOOT;
/** Which lane is under a height; the nearest where none is. */
export const laneAt = (y: number, count: number): number =>
  Math.max(0, Math.min(count - 1, Math.floor((y - TRACK_TOP) / (laneHeight(count) + LANE_GAP))));

export interface TimelineColors extends SignColors {
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
  mark: string;
}

/** One camera's line of the picture. */
export interface Lane {
  spans: readonly Span[];
  gaps: readonly Gap[];
  /** Where the recording begins at all, UTC ms. */
  oldest: number | null;
  /** Bookmarks, trouble, kept stretches; null while they are not known. */
  signs: Signs | null;
  selected: boolean;
}

export interface TimelinePicture {
  view: View;
  width: number;
  lanes: readonly Lane[];
  /** Beginning and end of the marked range, UTC ms; each may be missing. */
  marks: { from: number | null; to: number | null };
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
  const { view, width, colors, lanes } = picture;
  const height = trackHeight(lanes.length);
  context.clearRect(0, 0, width, timelineHeight(lanes.length));
  const hatch = hatching(context, colors.gap);
  lanes.forEach((lane, place) => {
    drawLane(context, picture, lane, place, hatch ?? colors.gap);
  });
  drawTicks(context, picture);

  const nowX = xOf(view, picture.now, width);
  if (nowX < width) {
    context.fillStyle = colors.future;
    context.fillRect(Math.max(0, nowX), TRACK_TOP, width - Math.max(0, nowX), height);
    if (nowX >= 0) {
      context.fillStyle = colors.now;
      context.fillRect(nowX - 0.75, TRACK_TOP - 4, 1.5, height + 8);
      context.font = picture.font;
      context.textAlign = nowX > width - 50 ? 'right' : 'center';
      context.fillText(picture.nowLabel, Math.min(nowX, width - 2), TRACK_TOP + height + 14);
    }
  }
  drawMarks(context, picture, height);
  if (picture.hover !== null) {
    context.fillStyle = colors.lineMajor;
    context.fillRect(xOf(view, picture.hover, width) - 0.5, TRACK_TOP - 6, 1, height + 12);
  }
  if (picture.position !== null)
    drawPlayhead(context, xOf(view, picture.position, width), width, height, colors);
}

function drawLane(
  context: CanvasRenderingContext2D,
  { view, width, colors, lanes }: TimelinePicture,
  lane: Lane,
  place: number,
  hatch: string | CanvasPattern,
): void {
  const high = laneHeight(lanes.length);
  const top = TRACK_TOP + place * (high + LANE_GAP);
  const perPx = (view.to - view.from) / Math.max(1, width);
  const bar = (span: Span, style: string | CanvasPattern, least: number) => {
    const left = Math.max(0, xOf(view, span.from, width));
    const right = Math.min(width, xOf(view, span.to, width));
    if (right < 0 || left > width) return;
    context.fillStyle = style;
    context.fillRect(left, top, Math.max(least, right - left), high);
  };
  context.fillStyle = colors.ground;
  context.fillRect(0, top, width, high);
  context.globalAlpha = lane.selected || lanes.length === 1 ? 1 : 0.62;
  for (const span of forDrawing(lane.spans, perPx * 0.5)) bar(span, colors.recorded, 1);
  // A gap is never swallowed by its neighbours: even a short one keeps a pixel.
  // Before the first recording there is nothing to be missed.
  for (const gap of lane.gaps) if (lane.oldest !== null && gap.to > lane.oldest) bar(gap, hatch, 1.5);
  context.globalAlpha = 1;
  if (lane.signs) drawSigns(context, lane.signs, { view, width, top, high }, colors);
}

/** The marked range: a band with a bracket at each end that is set. */
function drawMarks(
  context: CanvasRenderingContext2D,
  { view, width, marks, colors }: TimelinePicture,
  height: number,
): void {
  const { from, to } = marks;
  context.fillStyle = colors.mark;
  if (from !== null && to !== null && to > from) {
    const left = Math.max(0, xOf(view, from, width));
    const right = Math.min(width, xOf(view, to, width));
    context.globalAlpha = 0.28;
    if (right > left) context.fillRect(left, TRACK_TOP, right - left, height);
    context.globalAlpha = 1;
  }
  const bracket = (time: number, inwards: 1 | -1) => {
    const x = xOf(view, time, width);
    if (x < -8 || x > width + 8) return;
    context.fillRect(x - 1, TRACK_TOP - 3, 2, height + 6);
    for (const y of [TRACK_TOP - 3, TRACK_TOP + height + 1])
      context.fillRect(inwards === 1 ? x : x - 7, y, 7, 2);
  };
  if (from !== null) bracket(from, 1);
  if (to !== null) bracket(to, -1);
}

function drawTicks(context: CanvasRenderingContext2D, picture: TimelinePicture): void {
  const { view, width, colors } = picture;
  context.font = picture.font;
  context.textBaseline = 'alphabetic';
  for (const tick of picture.ticks) {
    const x = xOf(view, tick.at, width);
    context.fillStyle = tick.major ? colors.lineMajor : colors.line;
    const above = tick.major ? 8 : 5;
    context.fillRect(Math.round(x) - 0.5, TRACK_TOP - above, 1, trackHeight(picture.lanes.length) + above);
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
  height: number,
  colors: TimelineColors,
): void {
  context.fillStyle = colors.playhead;
  if (x < 0 || x > width) {
    // Out of sight: an arrow at the edge tells on which side.
    const edge = x < 0 ? 2 : width - 2;
    const into = x < 0 ? 9 : -9;
    const middle = TRACK_TOP + height / 2;
    triangle(context, [edge, middle], [edge + into, middle - 7], [edge + into, middle + 7]);
    return;
  }
  context.fillRect(x - 1, TRACK_TOP - 6, 2, height + 12);
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
