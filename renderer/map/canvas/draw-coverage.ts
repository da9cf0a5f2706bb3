import type { Disc } from '../coverage/coverage.ts';
import type { Viewport } from './CanvasLayer.ts';
import type { Ink } from './ink.ts';
import { worldSize } from './mercator.ts';

/** Further out a disc is a few pixels, and what it says is lost under the devices. */
export const COVERAGE_ZOOM = 14;
/** Of the whole layer, so that discs which overlap are no darker than one. */
export const COVERAGE_OPACITY = 0.45;

const EQUATOR_M = 40_075_016.7;

/**
 * All discs of a view. They are drawn without transparency, each zone over the one before, so that many make one
 * shape; the layer as a whole is what one looks through.
 */
export function drawCoverage(
  c: CanvasRenderingContext2D,
  view: Viewport,
  discs: readonly Disc[],
  ink: Ink['coverage'],
): void {
  if (view.zoom < COVERAGE_ZOOM) return;
  const seen = discs.flatMap(({ lat, lon, openM, hiddenM, onAir }) => {
    const perMetre = worldSize(view.zoom) / (EQUATOR_M * Math.cos((lat * Math.PI) / 180));
    const x = view.x(lon);
    const y = view.y(lat);
    const open = openM * perMetre;
    const inSight = x + open >= 0 && x - open <= view.width && y + open >= 0 && y - open <= view.height;
    return inSight ? [{ x, y, open, hidden: hiddenM * perMetre, onAir }] : [];
  });
  const fill = (color: string, radius: (disc: (typeof seen)[number]) => number) => {
    c.fillStyle = color;
    for (const disc of seen) {
      if (!disc.onAir) continue;
      c.beginPath();
      c.arc(disc.x, disc.y, radius(disc), 0, 2 * Math.PI);
      c.fill();
    }
  };
  fill(ink.edge, ({ open }) => open + 1.5);
  fill(ink.open, ({ open }) => open);
  fill(ink.hidden, ({ hidden }) => hidden);
  // What is gone: a ring that its neighbours may or may not fill.
  c.strokeStyle = ink.lost;
  c.lineWidth = 2.5;
  c.setLineDash([7, 6]);
  for (const disc of seen) {
    if (disc.onAir) continue;
    c.beginPath();
    c.arc(disc.x, disc.y, disc.hidden, 0, 2 * Math.PI);
    c.stroke();
  }
  c.setLineDash([]);
}
