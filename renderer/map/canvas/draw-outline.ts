import type { Language } from '../../i18n/i18n.ts';
import { type FlatLine, outline } from '../outline/outline.ts';
import type { Viewport } from './CanvasLayer.ts';
import { MAP_FONT } from './glyphs.ts';
import type { Ink } from './ink.ts';
import { mercatorX, mercatorY } from './mercator.ts';
import { type Box, placeLabel } from './place-label.ts';

/** A line in Mercator, with its bounds, so that what is out of sight is not even tried. */
interface Shape {
  points: Float64Array;
  west: number;
  east: number;
  north: number;
  south: number;
}

function shape(line: FlatLine): Shape {
  const points = new Float64Array(line.length);
  const made: Shape = { points, west: 1, east: 0, north: 1, south: 0 };
  for (let i = 0; i + 1 < line.length; i += 2) {
    const x = mercatorX(line[i + 1] ?? 0);
    const y = mercatorY(line[i] ?? 0);
    points[i] = x;
    points[i + 1] = y;
    made.west = Math.min(made.west, x);
    made.east = Math.max(made.east, x);
    made.north = Math.min(made.north, y);
    made.south = Math.max(made.south, y);
  }
  return made;
}

interface Label {
  ru: string;
  en: string;
  x: number;
  y: number;
}

const label = ({ ru, en, lat, lon }: { ru: string; en: string; lat: number; lon: number }): Label => ({
  ru,
  en,
  x: mercatorX(lon),
  y: mercatorY(lat),
});

/** The middle of a line, by count of its points: good enough for a name. */
function middle({ ru, en, line }: { ru: string; en: string; line: FlatLine }): Label {
  const at = Math.floor(line.length / 4) * 2;
  return label({ ru, en, lat: line[at] ?? 0, lon: line[at + 1] ?? 0 });
}

/** Centre of an outline's bounds. */
function centre({ ru, en, line }: { ru: string; en: string; line: FlatLine }): Label {
  const { west, east, north, south } = shape(line);
  return { ru, en, x: (west + east) / 2, y: (north + south) / 2 };
}

export interface OutlineDrawer {
  draw(c: CanvasRenderingContext2D, view: Viewport, ink: Ink): void;
  /** Names, drawn apart: they stand beside what is in the way, not under it. @param obstacles boxes of devices */
  drawNames(
    c: CanvasRenderingContext2D,
    view: Viewport,
    ink: Ink,
    language: Language,
    obstacles: readonly Box[],
  ): void;
}

/** Prepares the built-in basemap once; drawing then only scales. */
export function createOutlineDrawer(): OutlineDrawer {
  const city = outline.city.map(shape);
  const parks = outline.parks.map(({ line }) => shape(line));
  const lakes = outline.lakes.map(({ line }) => shape(line));
  const rivers = outline.rivers.map(({ line, widthM }) => ({ shape: shape(line), widthM }));
  const roads = outline.roads.map(({ line, rank }) => ({ shape: shape(line), ring: rank === 'ring' }));
  const districtBorders = outline.districtBorders.map(shape);
  const okrugBorders = outline.okrugBorders.map(shape);
  // Full names ("Центральный административный округ") are wider than the okrugs themselves.
  const okrugs = outline.okrugs.map((okrug) =>
    label({ ...okrug, ru: okrug.shortRu, en: okrug.en.replace(/ (Administrative )?Okrug$/, '') }),
  );
  const districts = outline.districts.map(label);
  const names = [...outline.parks.map(centre), ...outline.lakes.map(centre), ...outline.rivers.map(middle)];
  const roadNames = outline.roads.map(middle);

  const inSight = (view: Viewport, { west, east, north, south }: Shape) =>
    view.mx(east) >= 0 && view.mx(west) <= view.width && view.my(south) >= 0 && view.my(north) <= view.height;

  const trace = (c: CanvasRenderingContext2D, view: Viewport, shapes: readonly Shape[], closed: boolean) => {
    c.beginPath();
    for (const one of shapes) {
      if (!inSight(view, one)) continue;
      const { points } = one;
      for (let i = 0; i + 1 < points.length; i += 2) {
        const x = view.mx(points[i] ?? 0);
        const y = view.my(points[i + 1] ?? 0);
        if (i === 0) c.moveTo(x, y);
        else c.lineTo(x, y);
      }
      if (closed) c.closePath();
    }
  };

  return {
    draw(c, view, ink) {
      const { zoom } = view;
      // Metres to pixels at the city's latitude.
      const perMetre = 2 ** zoom / (156_543 * Math.cos((55.75 * Math.PI) / 180));
      c.lineJoin = c.lineCap = 'round';
      c.fillStyle = ink.ground;
      c.fillRect(0, 0, view.width, view.height);
      const fill = (shapes: readonly Shape[], color: string) => {
        trace(c, view, shapes, true);
        c.fillStyle = color;
        c.fill();
      };
      const stroke = (shapes: readonly Shape[], color: string, width: number, dash: number[] = []) => {
        trace(c, view, shapes, false);
        c.strokeStyle = color;
        c.lineWidth = width;
        c.setLineDash(dash);
        c.stroke();
        c.setLineDash([]);
      };
      fill(city, ink.land);
      fill(parks, ink.park);
      fill(lakes, ink.water);
      for (const { shape: river, widthM } of rivers)
        stroke([river], ink.water, Math.max(zoom < 11 ? 1 : 1.6, widthM * perMetre));
      const avenues = roads.filter(({ ring }) => !ring).map((road) => road.shape);
      const rings = roads.filter(({ ring }) => ring).map((road) => road.shape);
      stroke(avenues, ink.road, Math.max(1, Math.min(14, 26 * perMetre)));
      stroke(rings, ink.roadMajor, Math.max(1.4, Math.min(18, 34 * perMetre)));
      if (zoom >= 11) stroke(districtBorders, ink.border, 1, [4, 4]);
      stroke(okrugBorders, ink.okrugBorder, zoom >= 11 ? 1.6 : 1.1);
    },
    drawNames(c, view, ink, language, obstacles) {
      const { zoom } = view;
      const taken: Box[] = [...obstacles];
      const write = (labels: readonly Label[], size: number, weight: number, color: string, caps = false) => {
        c.font = `${weight} ${size}px ${MAP_FONT}`;
        c.textAlign = 'center';
        c.textBaseline = 'middle';
        c.lineJoin = 'round';
        for (const one of labels) {
          const x = view.mx(one.x);
          const y = view.my(one.y);
          if (x < 0 || x > view.width || y < 0 || y > view.height) continue;
          const text = caps ? one[language].toLocaleUpperCase(language) : one[language];
          const place = placeLabel(x, y, c.measureText(text).width + 8, size * 1.4, taken);
          if (!place) continue;
          taken.push(place.box);
          c.lineWidth = 3.5;
          c.strokeStyle = ink.labelHalo;
          c.strokeText(text, place.x, place.y);
          c.fillStyle = color;
          c.fillText(text, place.x, place.y);
        }
      };
      if (zoom < 12) write(okrugs, zoom < 10 ? 11 : 14, 700, ink.labelMajor, true);
      if (zoom >= 12) write(districts, zoom >= 14 ? 14 : 12, 600, ink.labelMajor);
      if (zoom >= 12) write(names, 11, 500, ink.label);
      if (zoom >= 13) write(roadNames, 11, 500, ink.label);
    },
  };
}
