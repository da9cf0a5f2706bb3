import { DeviceKinds } from '../../../main/contract/device.ts';
import { HealthStatuses } from '../../../main/contract/health.ts';
import { statusLooks } from '../../ui/status-look.ts';
import type { FrameItem } from '../engine/messages.ts';
import type { Viewport } from './CanvasLayer.ts';
import { drawSign, ICON_RADIUS, MAP_FONT, type Sprites, statusSigns } from './glyphs.ts';
import type { Ink } from './ink.ts';
import type { Box } from './place-label.ts';
import { clusterRadius, ringParts, worstOf } from './ring.ts';

/** From here on a device that stands alone is an icon; below, a healthy one is a dot. */
const ICON_ZOOM = 15;
const RING = 4;
const VIEW_ANGLE = (58 * Math.PI) / 180;

type Cluster = Extract<FrameItem, { type: 'cluster' }>;
type Single = Extract<FrameItem, { type: 'device' }>;

/** How far from its centre an item is hit, px. */
export const itemRadius = (item: FrameItem, zoom: number): number =>
  item.type === 'cluster' ? clusterRadius(item.total) : zoom < ICON_ZOOM && !isLoud(item) ? 6 : ICON_RADIUS;

const statusOf = (item: Single) => HealthStatuses[item.status] ?? 'never-seen';
const kindOf = (item: Single) => DeviceKinds[item.kind] ?? 'camera';
const isLoud = (item: Single) => statusLooks[statusOf(item)].loud;

/** Where names may not stand. A cluster's pill sticks out of its ring to the right. */
export function obstaclesOf(items: readonly FrameItem[], view: Viewport): Box[] {
  return items.map((item) => {
    const radius = itemRadius(item, view.zoom) + 2;
    const x = view.x(item.lon);
    const y = view.y(item.lat);
    return [x - radius, y - radius, x + radius + (item.type === 'cluster' ? 6 : 0), y + radius];
  });
}

function drawCluster(
  c: CanvasRenderingContext2D,
  item: Cluster,
  x: number,
  y: number,
  ink: Ink,
  format: (n: number) => string,
): void {
  const radius = clusterRadius(item.total);
  c.beginPath();
  c.arc(x, y, radius, 0, 2 * Math.PI);
  c.fillStyle = ink.fill;
  c.globalAlpha = 0.92;
  c.fill();
  c.globalAlpha = 1;
  c.lineWidth = RING;
  for (const { status, from, to } of ringParts(item.counts)) {
    c.beginPath();
    c.arc(x, y, radius - RING / 2, from - Math.PI / 2, to - Math.PI / 2);
    c.strokeStyle = status === 'online' ? ink.calm : status === 'never-seen' ? ink.faint : ink.status(status);
    c.stroke();
  }
  c.fillStyle = ink.text;
  c.font = `600 11.5px ${MAP_FONT}`;
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillText(format(item.total), x, y + 0.5);
  const worst = worstOf(item.counts);
  // Where all are alike the ring says it already.
  if (worst && worst.count < item.total)
    drawPill(c, worst.status, worst.count, x + radius * 0.72, y - radius * 0.72, ink, format);
}

/** The worst status: its sign, its colour and how many have it. */
function drawPill(
  c: CanvasRenderingContext2D,
  status: keyof typeof statusLooks,
  count: number,
  x: number,
  y: number,
  ink: Ink,
  format: (n: number) => string,
): void {
  const text = `${statusSigns[status] ?? ''}${format(count)}`;
  c.font = `700 10px ${MAP_FONT}`;
  const half = Math.max(7, c.measureText(text).width / 2 + 4);
  c.beginPath();
  c.roundRect(x - half, y - 7, 2 * half, 14, 7);
  c.fillStyle = ink.status(status);
  c.fill();
  c.lineWidth = 1.5;
  c.strokeStyle = ink.fill;
  c.stroke();
  c.fillStyle = ink.scheme === 'dark' ? '#10161d' : '#ffffff';
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillText(text, x, y + 0.5);
}

/** Where a camera looks. */
function drawView(
  c: CanvasRenderingContext2D,
  azimuth: number,
  x: number,
  y: number,
  reach: number,
  color: string,
): void {
  const middle = (azimuth * Math.PI) / 180 - Math.PI / 2;
  const shade = c.createRadialGradient(x, y, ICON_RADIUS / 2, x, y, reach);
  shade.addColorStop(0, `${color}99`);
  shade.addColorStop(1, `${color}00`);
  c.beginPath();
  c.moveTo(x, y);
  c.arc(x, y, reach, middle - VIEW_ANGLE / 2, middle + VIEW_ANGLE / 2);
  c.closePath();
  c.fillStyle = shade;
  c.fill();
}

function drawDot(c: CanvasRenderingContext2D, item: Single, x: number, y: number, ink: Ink): void {
  c.beginPath();
  if (kindOf(item) === 'camera') c.arc(x, y, 4, 0, 2 * Math.PI);
  else c.rect(x - 3.5, y - 3.5, 7, 7);
  c.fillStyle = ink.status(statusOf(item));
  c.fill();
  c.lineWidth = 1.5;
  c.strokeStyle = ink.fill;
  c.stroke();
}

export interface DrawDevicesOptions {
  items: readonly FrameItem[];
  ink: Ink;
  sprites: Sprites;
  format: (count: number) => string;
  /** Marked as the one that the card is about. */
  selected: { lat: number; lon: number } | null;
  /** A place being chosen. */
  draft: { lat: number; lon: number; azimuthDeg: number | null } | null;
}

/** Quiet things first: what is wrong is never hidden under what is right. */
export function drawDevices(c: CanvasRenderingContext2D, view: Viewport, options: DrawDevicesOptions): void {
  const { items, ink, sprites, format, selected, draft } = options;
  const singles: Single[] = [];
  for (const item of items) {
    if (item.type === 'device') singles.push(item);
  }
  singles.sort((a, b) => statusLooks[statusOf(b)].rank - statusLooks[statusOf(a)].rank);
  const icons = view.zoom >= ICON_ZOOM;
  if (icons)
    for (const item of singles)
      if (item.azimuth !== null)
        drawView(
          c,
          item.azimuth,
          view.x(item.lon),
          view.y(item.lat),
          view.zoom >= 17 ? 46 : 30,
          ink.status(statusOf(item)),
        );
  for (const item of singles) {
    const x = view.x(item.lon);
    const y = view.y(item.lat);
    if (icons || isLoud(item)) sprites.stamp(c, kindOf(item), statusOf(item), x, y);
    else drawDot(c, item, x, y, ink);
  }
  for (const item of items)
    if (item.type === 'cluster') drawCluster(c, item, view.x(item.lon), view.y(item.lat), ink, format);
  if (selected) {
    c.beginPath();
    c.arc(view.x(selected.lon), view.y(selected.lat), ICON_RADIUS + 5, 0, 2 * Math.PI);
    c.lineWidth = 2.5;
    c.strokeStyle = ink.selected;
    c.stroke();
  }
  if (draft) {
    const x = view.x(draft.lon);
    const y = view.y(draft.lat);
    if (draft.azimuthDeg !== null) drawView(c, draft.azimuthDeg, x, y, 60, '#f2b84b');
    c.save();
    c.translate(x, y);
    c.scale(1.4, 1.4);
    drawSign(c, '+', '#f2b84b', ink);
    c.restore();
  }
}
