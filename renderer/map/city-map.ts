import L from 'leaflet';
import type { Language } from '../i18n/i18n.ts';
import { CanvasLayer, type Viewport } from './canvas/CanvasLayer.ts';
import { COVERAGE_OPACITY, drawCoverage } from './canvas/draw-coverage.ts';
import { drawDevices, itemRadius, obstaclesOf } from './canvas/draw-devices.ts';
import { createOutlineDrawer } from './canvas/draw-outline.ts';
import { createSprites, type Sprites } from './canvas/glyphs.ts';
import { mapInk } from './canvas/ink.ts';
import type { Disc } from './coverage/coverage.ts';
import { type Box, SINGLE_ZOOM } from './engine/city-index.ts';
import type { MapEngine } from './engine/engine.ts';
import type { FrameItem } from './engine/messages.ts';
import type { Rectangle } from './rectangle.ts';

export interface Place {
  lat: number;
  lon: number;
}

/** How the map looks; any part may change at any time. */
export interface MapLook {
  scheme: 'dark' | 'light';
  language: Language;
  /** XYZ tiles by address; null draws the built-in outline. */
  tileUrl: string | null;
  format: (count: number) => string;
  selected: Place | null;
  /** Estimated coverage to draw; empty without the layer. */
  coverage: readonly Disc[];
  draft: (Place & { azimuthDeg: number | null }) | null;
}

export interface Hit {
  item: FrameItem;
  /** CSS pixels in the map's box. */
  x: number;
  y: number;
}

export interface CityMapOptions {
  container: HTMLElement;
  engine: MapEngine;
  start: Place & { zoom: number };
  look: MapLook;
  onHover(hit: Hit | null): void;
  /** Everything under the pointer, the nearest first; empty on bare ground. */
  onPick(hits: readonly Hit[], place: Place): void;
  onMoved(center: Place, zoom: number): void;
}

export interface CityMap {
  setLook(look: MapLook): void;
  /** `zoom` is the least to end at. */
  flyTo(place: Place, zoom: number): void;
  /** Whether the place is in view and near enough for its device to stand by itself. */
  shows(place: Place): boolean;
  zoomBy(steps: number): void;
  /** West, south, east, north of what is in view, degrees. */
  bounds(): Box;
  /** The same of a rectangle in the container. */
  boxOf(rectangle: Rectangle): Box;
  stop(): void;
}

/** How far from a point a finger or a pointer still means it, px. */
const SLACK = 4;

/** The map itself: Leaflet for the gestures, two canvases of our own for what is seen. */
export function createCityMap(options: CityMapOptions): CityMap {
  const { container, engine, start } = options;
  let look = options.look;
  let sprites: Sprites | null = null;
  let tiles: L.TileLayer | null = null;
  const outline = createOutlineDrawer();

  const map = L.map(container, {
    center: [start.lat, start.lon],
    zoom: start.zoom,
    minZoom: 8,
    maxZoom: 19,
    zoomControl: false,
    // Shift and the mouse draw a rectangle of cameras.
    boxZoom: false,
    attributionControl: false,
    zoomSnap: 1,
    wheelPxPerZoomLevel: 90,
    maxBounds: [
      [54.2, 34.5],
      [57.2, 40.8],
    ],
    maxBoundsViscosity: 0.6,
  });
  const inkNow = () => mapInk(look.scheme);
  const base = new CanvasLayer((c, view) => {
    if (!tiles) outline.draw(c, view, inkNow());
  }, 'tilePane');
  // Over the ground, under the devices.
  const pane = map.createPane('coverage');
  pane.style.zIndex = '350';
  pane.style.opacity = String(COVERAGE_OPACITY);
  const coverage = new CanvasLayer(
    (c, view) => drawCoverage(c, view, look.coverage, inkNow().coverage),
    'coverage',
  );
  const drawFront = (c: CanvasRenderingContext2D, view: Viewport) => {
    const ink = inkNow();
    sprites ??= createSprites(ink, Math.min(window.devicePixelRatio || 1, 2));
    const { items } = engine.frame();
    if (!tiles) outline.drawNames(c, view, ink, look.language, obstaclesOf(items, view));
    drawDevices(c, view, { ...look, items, ink, sprites });
  };
  const ask = () => {
    const bounds = devices.bounds();
    engine.view(
      [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
      Math.min(SINGLE_ZOOM, Math.round(map.getZoom())),
    );
  };
  const devices = new CanvasLayer(drawFront, 'overlayPane', ask);
  base.addTo(map);
  coverage.addTo(map);
  devices.addTo(map);
  ask();

  const setTiles = () => {
    tiles?.remove();
    tiles = look.tileUrl ? L.tileLayer(look.tileUrl, { maxZoom: 19, crossOrigin: false }).addTo(map) : null;
  };
  setTiles();

  const hitsAt = (point: L.Point): Hit[] => {
    const zoom = map.getZoom();
    return engine
      .frame()
      .items.map((item) => ({ item, at: map.latLngToContainerPoint([item.lat, item.lon]) }))
      .map(({ item, at }) => ({ item, x: at.x, y: at.y, away: at.distanceTo(point) }))
      .filter(({ item, away }) => away <= itemRadius(item, zoom) + SLACK)
      .sort((a, b) => a.away - b.away);
  };

  let hovered = '';
  let pending = 0;
  const nameOf = ({ item }: Hit) => (item.type === 'cluster' ? `c${item.id}` : `d${item.num}`);
  const hover = (hit: Hit | null) => {
    const name = hit ? nameOf(hit) : '';
    if (name === hovered) return;
    hovered = name;
    container.style.cursor = hit ? 'pointer' : '';
    options.onHover(hit);
  };
  map.on('mousemove', ({ containerPoint }) => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => hover(hitsAt(containerPoint)[0] ?? null));
  });
  map.on('mouseout movestart zoomstart', () => {
    cancelAnimationFrame(pending);
    hover(null);
  });
  map.on('click', ({ containerPoint, latlng }) =>
    options.onPick(hitsAt(containerPoint), { lat: latlng.lat, lon: latlng.lng }),
  );
  map.on('moveend', () => {
    const { lat, lng } = map.getCenter();
    options.onMoved({ lat, lon: lng }, map.getZoom());
  });

  const stopFrames = engine.onFrame(() => devices.redraw());
  const resized = new ResizeObserver(() => {
    // Hidden on the way to another screen: its corner would become the middle that is remembered.
    if (container.clientWidth === 0 || container.clientHeight === 0) return;
    // A panel that opens beside it moves nothing; a map made before it had a place keeps its middle.
    const { x, y } = map.getSize();
    const { selected } = look;
    const watched = selected && map.getBounds().contains([selected.lat, selected.lon]);
    map.invalidateSize({ pan: x === 0 || y === 0, animate: false });
    // Unless it would stand on what was chosen, as it does on a telephone.
    if (watched) map.panInside([selected.lat, selected.lon], { padding: [48, 64], animate: false });
  });
  resized.observe(container);
  let stopped = false;
  // Letters drawn before the typeface came would keep another one's shape.
  void document.fonts.ready.then(() => {
    if (stopped) return;
    sprites = null;
    base.redraw();
    devices.redraw();
  });

  return {
    setLook(next) {
      const before = look;
      look = next;
      if (before.scheme !== next.scheme) sprites = null;
      if (before.tileUrl !== next.tileUrl) setTiles();
      if (before.scheme !== next.scheme || before.tileUrl !== next.tileUrl) base.redraw();
      if (before.scheme !== next.scheme || before.coverage !== next.coverage) coverage.redraw();
      devices.redraw();
    },
    flyTo({ lat, lon }, zoom) {
      const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
      map.flyTo([lat, lon], Math.max(zoom, 0), { duration: 0.7, animate: !calm });
    },
    shows: ({ lat, lon }) => map.getZoom() >= SINGLE_ZOOM - 2 && map.getBounds().contains([lat, lon]),
    zoomBy: (steps) => {
      map.setZoom(map.getZoom() + steps);
    },
    bounds() {
      const view = map.getBounds();
      return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
    },
    boxOf({ left, top, width, height }) {
      const first = map.containerPointToLatLng([left, top + height]);
      const last = map.containerPointToLatLng([left + width, top]);
      return [first.lng, first.lat, last.lng, last.lat];
    },
    stop() {
      stopped = true;
      cancelAnimationFrame(pending);
      stopFrames();
      resized.disconnect();
      map.remove();
    },
  };
}
