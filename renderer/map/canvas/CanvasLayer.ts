import L from 'leaflet';
import { mercatorX, mercatorY, worldSize } from './mercator.ts';

/** Where things are on the canvas, CSS pixels from its top left corner. */
export interface Viewport {
  zoom: number;
  width: number;
  height: number;
  /** From degrees. */
  x(lon: number): number;
  y(lat: number): number;
  /** From Mercator, 0 to 1. */
  mx(x: number): number;
  my(y: number): number;
}

export type Draw = (context: CanvasRenderingContext2D, view: Viewport) => void;

/** How far beyond the window is drawn, as a share of it: a drag shows no bare edge. */
const PADDING = 0.3;

/**
 * A canvas over the map that is drawn when the view comes to rest and merely moved and scaled meanwhile, so
 * that a pan costs nothing. `moved` tells when the view changed enough for new data to be asked for.
 */
export class CanvasLayer extends L.Layer {
  readonly #draw: Draw;
  readonly #moved: () => void;
  readonly #pane: string;
  #canvas: HTMLCanvasElement | null = null;
  #zoom = 0;
  #topLeft: L.LatLng | null = null;
  #frame = 0;

  constructor(draw: Draw, pane: string, moved: () => void = () => {}) {
    super({ pane });
    this.#draw = draw;
    this.#pane = pane;
    this.#moved = moved;
  }

  override onAdd(map: L.Map): this {
    const canvas = L.DomUtil.create('canvas', 'leaflet-zoom-animated');
    canvas.setAttribute('aria-hidden', 'true');
    canvas.style.pointerEvents = 'none';
    map.getPane(this.#pane)?.append(canvas);
    this.#canvas = canvas;
    this.redraw();
    return this;
  }

  override onRemove(): this {
    cancelAnimationFrame(this.#frame);
    this.#canvas?.remove();
    this.#canvas = null;
    return this;
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
    return {
      moveend: () => this.#settle(),
      resize: () => this.#settle(),
      move: () => this.#drag(),
      zoom: () => this.#follow(this._map.getCenter(), this._map.getZoom()),
      zoomanim: (event) => {
        const { center, zoom } = event as L.ZoomAnimEvent;
        this.#follow(center, zoom);
      },
    };
  }

  /** Draws at the next frame, once for any number of calls. */
  redraw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  /** What the canvas covers now. */
  bounds(): L.LatLngBounds {
    return this._map.getBounds().pad(PADDING);
  }

  #settle(): void {
    this.#moved();
    this.#paint();
  }

  /** A long drag runs out of what was drawn beyond the window. */
  #drag(): void {
    const map = this._map;
    if (!this.#topLeft || map.getZoom() !== this.#zoom) return;
    const size = map.getSize();
    const at = map.latLngToContainerPoint(this.#topLeft);
    const pad = size.multiplyBy(PADDING);
    if (Math.abs(at.x + pad.x) < pad.x * 0.7 && Math.abs(at.y + pad.y) < pad.y * 0.7) return;
    this.#moved();
    this.redraw();
  }

  /** Keeps the picture over its place while the zoom changes; it is drawn sharp again when that ends. */
  #follow(center: L.LatLng, zoom: number): void {
    if (!this.#canvas || !this.#topLeft) return;
    const map = this._map;
    const pane = map.getPane('mapPane');
    if (!pane) return;
    const origin = map
      .project(center, zoom)
      .subtract(map.getSize().divideBy(2))
      .add(L.DomUtil.getPosition(pane))
      .round();
    const at = map.project(this.#topLeft, zoom).subtract(origin);
    L.DomUtil.setTransform(this.#canvas, at, map.getZoomScale(zoom, this.#zoom));
  }

  #paint(): void {
    const canvas = this.#canvas;
    const map = this._map;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const size = map.getSize();
    const pad = size.multiplyBy(PADDING).round();
    const width = size.x + 2 * pad.x;
    const height = size.y + 2 * pad.y;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const corner = map.containerPointToLayerPoint(pad.multiplyBy(-1)).round();
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    this.#zoom = map.getZoom();
    this.#topLeft = map.layerPointToLatLng(corner);
    L.DomUtil.setTransform(canvas, corner, 1);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const from = corner.add(map.getPixelOrigin());
    const world = worldSize(this.#zoom);
    const mx = (x: number) => x * world - from.x;
    const my = (y: number) => y * world - from.y;
    this.#draw(context, {
      zoom: this.#zoom,
      width,
      height,
      mx,
      my,
      x: (lon) => mx(mercatorX(lon)),
      y: (lat) => my(mercatorY(lat)),
    });
  }
}
