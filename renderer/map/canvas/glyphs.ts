import type { DeviceKind } from '../../../main/contract/device.ts';
import type { HealthStatus } from '../../../main/contract/health.ts';
import type { Ink } from './ink.ts';

/** A letter for each status that calls for a look: colour is never the only sign. */
export const statusSigns: Readonly<Partial<Record<HealthStatus, string>>> = {
  offline: '×',
  flapping: '~',
  'bad-data': '#',
  suspect: '?',
  degraded: '!',
  maintenance: '–',
};

export const MAP_FONT = '"Inter Variable", system-ui, sans-serif';
export const ICON_RADIUS = 12;
/** Room for the status sign at the icon's edge. */
const SPRITE = 38;

function cameraGlyph(c: CanvasRenderingContext2D): void {
  c.beginPath();
  c.roundRect(-6, -3.6, 8, 7.2, 1.6);
  c.moveTo(2.6, -0.9);
  c.lineTo(6, -3);
  c.lineTo(6, 3);
  c.lineTo(2.6, 0.9);
  c.closePath();
  c.fill();
}

function accessPointGlyph(c: CanvasRenderingContext2D): void {
  c.lineWidth = 1.7;
  c.lineCap = 'round';
  for (const radius of [4, 7.4]) {
    c.beginPath();
    c.arc(0, 4, radius, -Math.PI * 0.77, -Math.PI * 0.23);
    c.stroke();
  }
  c.beginPath();
  c.arc(0, 3.6, 1.5, 0, 2 * Math.PI);
  c.fill();
}

function switchGlyph(c: CanvasRenderingContext2D): void {
  c.lineWidth = 1.6;
  c.lineCap = 'round';
  c.beginPath();
  for (const [y, to] of [
    [-2.6, 1],
    [2.6, -1],
  ] as const) {
    c.moveTo(-5.5 * to, y);
    c.lineTo(5.5 * to, y);
    c.moveTo(2.6 * to, y - 2.4);
    c.lineTo(5.5 * to, y);
    c.lineTo(2.6 * to, y + 2.4);
  }
  c.stroke();
}

const glyphs: Readonly<Record<DeviceKind, (c: CanvasRenderingContext2D) => void>> = {
  camera: cameraGlyph,
  ap: accessPointGlyph,
  switch: switchGlyph,
};

function outline(c: CanvasRenderingContext2D, kind: DeviceKind, radius: number): void {
  c.beginPath();
  if (kind === 'camera') c.arc(0, 0, radius, 0, 2 * Math.PI);
  else c.roundRect(-radius + 1, -radius + 1, 2 * radius - 2, 2 * radius - 2, kind === 'ap' ? 6 : 2);
}

/** A status sign on its colour, centred at the origin. */
export function drawSign(c: CanvasRenderingContext2D, sign: string, color: string, ink: Ink): void {
  c.beginPath();
  c.arc(0, 0, 6.5, 0, 2 * Math.PI);
  c.fillStyle = color;
  c.fill();
  c.lineWidth = 1.5;
  c.strokeStyle = ink.fill;
  c.stroke();
  c.fillStyle = ink.scheme === 'dark' ? '#10161d' : '#ffffff';
  c.font = `800 11px ${MAP_FONT}`;
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillText(sign, 0, 0.5);
}

/** Icons are drawn once and stamped thousands of times. */
export interface Sprites {
  stamp(c: CanvasRenderingContext2D, kind: DeviceKind, status: HealthStatus, x: number, y: number): void;
}

export function createSprites(ink: Ink, ratio: number): Sprites {
  const made = new Map<string, HTMLCanvasElement>();
  const make = (kind: DeviceKind, status: HealthStatus): HTMLCanvasElement => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = Math.ceil(SPRITE * ratio);
    const c = canvas.getContext('2d');
    if (!c) return canvas;
    c.setTransform(ratio, 0, 0, ratio, (SPRITE / 2) * ratio, (SPRITE / 2) * ratio);
    const color = ink.status(status);
    outline(c, kind, ICON_RADIUS);
    c.fillStyle = ink.fill;
    c.fill();
    c.lineWidth = 2;
    c.strokeStyle = color;
    if (status === 'never-seen') c.setLineDash([3, 2.5]);
    c.stroke();
    c.setLineDash([]);
    c.fillStyle = c.strokeStyle = color;
    glyphs[kind](c);
    const sign = statusSigns[status];
    if (sign) {
      c.translate(9, -9);
      drawSign(c, sign, color, ink);
    }
    return canvas;
  };
  return {
    stamp(c, kind, status, x, y) {
      const name = `${kind} ${status}`;
      let sprite = made.get(name);
      if (!sprite) {
        sprite = make(kind, status);
        made.set(name, sprite);
      }
      c.drawImage(sprite, x - SPRITE / 2, y - SPRITE / 2, SPRITE, SPRITE);
    },
  };
}
