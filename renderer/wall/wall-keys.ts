import type { WallSize } from '../../main/contract/wall.ts';
import type { Tile } from './wall-content.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** What a key means on the wall. */
export type WallCommand =
  | { do: 'go'; direction: Direction }
  /** In the free layout. */
  | { do: 'pull'; pull: 'move' | 'resize'; direction: Direction }
  | { do: 'layout'; layout: WallSize | 'free' }
  | { do: 'page'; by: 1 | -1 }
  | { do: PlainCommand };

type PlainCommand = 'enlarge' | 'back' | 'clear' | 'pause' | 'fullscreen' | 'cameras' | 'save';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const LAYOUTS: Readonly<Record<string, WallSize | 'free'>> = {
  Digit1: 1,
  Digit2: 4,
  Digit3: 9,
  Digit4: 16,
  Digit5: 25,
  Digit0: 'free',
};
const COMMANDS: Readonly<Record<string, PlainCommand>> = {
  Enter: 'enlarge',
  NumpadEnter: 'enlarge',
  Escape: 'back',
  Delete: 'clear',
  Backspace: 'clear',
  Space: 'pause',
  KeyF: 'fullscreen',
  KeyC: 'cameras',
};

type Key = Pick<KeyboardEvent, 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Letters by their place on the keyboard: with Russian letters on it they mean the same. Null for other keys. */
export function commandOf({ code, shiftKey, ctrlKey, metaKey, altKey }: Key): WallCommand | null {
  if (metaKey) return null;
  const direction = DIRECTIONS[code];
  if (direction && altKey) return null;
  if (direction && ctrlKey) return { do: 'pull', pull: 'move', direction };
  if (direction && shiftKey) return { do: 'pull', pull: 'resize', direction };
  if (direction) return { do: 'go', direction };
  if (ctrlKey || altKey) return ctrlKey && !altKey && code === 'KeyS' ? { do: 'save' } : null;
  if (shiftKey) return null;
  const layout = LAYOUTS[code.replace('Numpad', 'Digit')];
  if (layout !== undefined) return { do: 'layout', layout };
  if (code === 'PageDown' || code === 'PageUp') return { do: 'page', by: code === 'PageDown' ? 1 : -1 };
  const command = COMMANDS[code];
  return command ? { do: command } : null;
}

export const stepOf = (direction: Direction): [dx: number, dy: number] =>
  direction === 'left' ? [-1, 0] : direction === 'right' ? [1, 0] : direction === 'up' ? [0, -1] : [0, 1];

/** The tile next to it in a direction, as the eye finds it; itself at the edge. */
export function neighbour(tiles: readonly Tile[], at: number, direction: Direction): number {
  const from = tiles.find((tile) => tile.at === at);
  if (!from) return tiles[0]?.at ?? at;
  const [dx, dy] = stepOf(direction);
  const centre = ({ place }: Tile) => ({ x: place.x + place.w / 2, y: place.y + place.h / 2 });
  const here = centre(from);
  let best: { at: number; cost: number } | null = null;
  for (const tile of tiles) {
    const there = centre(tile);
    const along = (there.x - here.x) * dx + (there.y - here.y) * dy;
    const aside = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
    if (along <= 0.01) continue;
    // What lies straight ahead comes before what is nearer but aside.
    const cost = along + aside * 3;
    if (!best || cost < best.cost) best = { at: tile.at, cost };
  }
  return best?.at ?? at;
}
