import {
  FREE_GRID,
  FREE_TILES_LIMIT,
  type ShownContent,
  type TilePlace,
  WALL_CELLS_LIMIT,
  type WallSize,
  WallSizes,
} from '../../main/contract/wall.ts';
import { freePlace } from './free-layout.ts';

export type GridContent = Extract<ShownContent, { layout: 'grid' }>;
export type FreeContent = Extract<ShownContent, { layout: 'free' }>;

/** One tile of a page. `at` names it on its wall: the cell, or the tile of the free layout. */
export interface Tile {
  at: number;
  /** A camera's id, `*` for one that may not be seen, null for none. */
  cameraId: string | null;
  /** Columns and rows of the page's grid. */
  place: TilePlace;
}

export const emptyWall: GridContent = { layout: 'grid', size: 4, cells: [] };

export const sideOf = (content: ShownContent): number =>
  content.layout === 'grid' ? Math.sqrt(content.size) : FREE_GRID;

/** Cells after the last camera are no pages. */
const used = ({ cells }: GridContent): number => cells.findLastIndex((id) => id !== null) + 1;

export function pageCount(content: ShownContent): number {
  return content.layout === 'grid' ? Math.max(1, Math.ceil(used(content) / content.size)) : 1;
}

/** Tiles of a page counted from 0, empty ones included. */
export function tilesOf(content: ShownContent, page: number): Tile[] {
  if (content.layout === 'free')
    return content.tiles.map(({ cameraId, ...place }, at) => ({ at, cameraId, place }));
  const side = sideOf(content);
  return Array.from({ length: content.size }, (_, i) => {
    const at = page * content.size + i;
    return {
      at,
      cameraId: content.cells[at] ?? null,
      place: { x: i % side, y: Math.floor(i / side), w: 1, h: 1 },
    };
  });
}

export const cameraAt = (content: ShownContent, at: number): string | null =>
  (content.layout === 'grid' ? content.cells[at] : content.tiles[at]?.cameraId) ?? null;

export const pageOf = (content: ShownContent, at: number): number =>
  content.layout === 'grid' ? Math.floor(at / content.size) : 0;

/** All cameras that the wall names, in order. */
export function camerasOf(content: ShownContent): string[] {
  const ids = content.layout === 'grid' ? content.cells : content.tiles.map(({ cameraId }) => cameraId);
  return ids.filter((id) => id !== null);
}

/** With a camera, or none, in a tile. Beyond the limit nothing changes. */
export function put(content: ShownContent, at: number, cameraId: string | null): ShownContent {
  if (content.layout === 'free')
    return {
      ...content,
      tiles: content.tiles.map((tile, i) => (i === at ? { ...tile, cameraId } : tile)),
    };
  if (at < 0 || at >= WALL_CELLS_LIMIT) return content;
  const cells = Array.from({ length: Math.max(content.cells.length, at + 1) }, (_, i) =>
    i === at ? cameraId : (content.cells[i] ?? null),
  );
  return { ...content, cells: cells.slice(0, used({ ...content, cells })) };
}

/** The two tiles change their cameras; their places stay. */
export function swap(content: ShownContent, a: number, b: number): ShownContent {
  const [first, second] = [cameraAt(content, a), cameraAt(content, b)];
  return put(put(content, a, second), b, first);
}

/** The first empty tile from `from` on, then from the beginning; null when all are taken. */
export function emptyTile(content: ShownContent, from: number): number | null {
  const last =
    content.layout === 'free'
      ? content.tiles.length
      : Math.min(WALL_CELLS_LIMIT, pageCount(content) * content.size);
  const all = Array.from({ length: last }, (_, at) => at);
  const order = [...all.slice(from), ...all.slice(0, from)];
  return order.find((at) => cameraAt(content, at) === null) ?? null;
}

/** Puts cameras into empty tiles, makes room for more while there is any. `left` had no room. */
export function add(
  content: ShownContent,
  cameraIds: readonly string[],
): { content: ShownContent; left: string[] } {
  let next = content;
  const left: string[] = [];
  for (const cameraId of cameraIds) {
    const at = emptyTile(next, 0);
    if (at !== null) next = put(next, at, cameraId);
    else if (next.layout === 'grid' && next.cells.length < WALL_CELLS_LIMIT)
      next = put(next, next.cells.length, cameraId);
    else {
      const place = next.layout === 'free' ? freePlace(next.tiles) : null;
      if (next.layout === 'free' && place) next = { ...next, tiles: [...next.tiles, { ...place, cameraId }] };
      else left.push(cameraId);
    }
  }
  return { content: next, left };
}

/** The smallest even layout that shows so many cameras at once; 25 for more. */
export const sizeFor = (cameras: number): WallSize => WallSizes.find((size) => size >= cameras) ?? 25;

export const wallOf = (cameraIds: readonly string[]): GridContent => ({
  layout: 'grid',
  size: sizeFor(cameraIds.length),
  cells: cameraIds.slice(0, WALL_CELLS_LIMIT),
});

/** Whether the free layout has room for all that is on the wall. */
export const fitsFree = (content: ShownContent): boolean => camerasOf(content).length <= FREE_TILES_LIMIT;

/** The same cameras in another layout; none is lost: what no longer fits a page makes further ones. */
export function withLayout(content: ShownContent, layout: WallSize | 'free'): ShownContent {
  if (layout !== 'free') {
    const cells =
      content.layout === 'grid'
        ? content.cells
        : content.tiles.toSorted((a, b) => a.y - b.y || a.x - b.x).map(({ cameraId }) => cameraId);
    return { layout: 'grid', size: layout, cells: cells.slice(0, used({ layout: 'grid', size: 1, cells })) };
  }
  if (content.layout === 'free' || !fitsFree(content)) return content;
  const onePage = content.cells.length <= content.size;
  const cells = onePage ? content.cells : camerasOf(content);
  const size = onePage ? content.size : sizeFor(cells.length);
  const side = Math.floor(FREE_GRID / Math.sqrt(size));
  const place = (tile: Tile) => ({
    ...{ x: tile.place.x * side, y: tile.place.y * side, w: side, h: side },
    cameraId: tile.cameraId,
  });
  return { layout: 'free', tiles: tilesOf({ layout: 'grid', size, cells: [...cells] }, 0).map(place) };
}

export const sameContent = (a: ShownContent, b: ShownContent): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
