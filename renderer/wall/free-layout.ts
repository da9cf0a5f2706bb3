import { FREE_GRID, FREE_LEAST, inGrid, overlap, type TilePlace } from '../../main/contract/wall.ts';

/** Widest a new tile is made, cells. */
const NEW_SIDES = [4, 3, 2];

/** Whether a tile may lie there, given the others. */
export const fits = (place: TilePlace, others: readonly TilePlace[]): boolean =>
  inGrid(place) && others.every((other) => !overlap(place, other));

/** Room for one more tile, the largest there is, from the top; null when there is none. */
export function freePlace(tiles: readonly TilePlace[], near?: { x: number; y: number }): TilePlace | null {
  for (const side of NEW_SIDES) {
    const spots = Array.from({ length: FREE_GRID * FREE_GRID }, (_, i) => ({
      ...{ x: i % FREE_GRID, y: Math.floor(i / FREE_GRID), w: side, h: side },
    })).filter((place) => fits(place, tiles));
    const covers = ({ x, y }: TilePlace) =>
      !near || (near.x >= x && near.x < x + side && near.y >= y && near.y < y + side);
    const found = spots.find(covers) ?? (near && side > FREE_LEAST ? undefined : spots[0]);
    if (found) return found;
  }
  return null;
}

export type Pull = 'move' | 'resize';

/** The tile pulled by whole cells: kept inside the grid and never too small to see. */
export function pulled(place: TilePlace, pull: Pull, dx: number, dy: number): TilePlace {
  const within = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);
  const { x, y, w, h } = place;
  return pull === 'move'
    ? { x: within(x + dx, 0, FREE_GRID - w), y: within(y + dy, 0, FREE_GRID - h), w, h }
    : {
        ...{ x, y },
        w: within(w + dx, FREE_LEAST, FREE_GRID - x),
        h: within(h + dy, FREE_LEAST, FREE_GRID - y),
      };
}

/** Tiles with one of them elsewhere or of another size; unchanged where it would lie over another one. */
export function withPlace<T extends TilePlace>(tiles: readonly T[], at: number, place: TilePlace): T[] {
  const others = tiles.filter((_, i) => i !== at);
  return fits(place, others) ? tiles.map((tile, i) => (i === at ? { ...tile, ...place } : tile)) : [...tiles];
}
