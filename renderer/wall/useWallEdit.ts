import { useState } from 'react';
import type { ShownContent, WallSize } from '../../main/contract/wall.ts';
import { freePlace, pulled, withPlace } from './free-layout.ts';
import type { PageActions } from './WallPage.tsx';
import { add, emptyTile, pageCount, pageOf, put, swap, tilesOf, withLayout } from './wall-content.ts';
import { type Direction, neighbour, stepOf } from './wall-keys.ts';

interface EditParts {
  content: ShownContent;
  page: number;
  editable: boolean;
  setContent: (content: ShownContent) => void;
  setPage: (page: number) => void;
  /** Puts the focus on a tile once it is drawn. */
  focus: (at: number) => void;
  /** There was no room for so many cameras. */
  onFull: (left: number) => void;
  openList: () => void;
}

export interface WallEdit {
  /** The tile that the next camera goes into; null is the first empty one. */
  selected: number | null;
  /** The tile that is shown alone. */
  full: number | null;
  actions: PageActions;
  /** A camera chosen from the list. */
  pick: (cameraId: string) => void;
  go: (direction: Direction) => void;
  pull: (kind: 'move' | 'resize', direction: Direction) => boolean;
  layout: (layout: WallSize | 'free') => void;
  unselect: () => void;
  setFull: (at: number | null) => void;
}

/** What a person does to a wall, by hand or by key, as changes of its content. */
export function useWallEdit(parts: EditParts): WallEdit {
  const { content, page, editable, setContent, setPage, focus } = parts;
  const [selected, setSelected] = useState<number | null>(null);
  const [full, setFull] = useState<number | null>(null);
  const tiles = tilesOf(content, page);
  const onPage = (at: number | null) => at !== null && tiles.some((tile) => tile.at === at);

  const fill = (at: number, cameraId: string) => {
    const next = put(content, at, cameraId);
    setContent(next);
    setSelected(emptyTile(next, at + 1));
  };
  const pick = (cameraId: string) => {
    if (!editable) return;
    const firstOfPage = tiles[0]?.at ?? 0;
    const at = onPage(selected) ? selected : emptyTile(content, firstOfPage);
    if (at !== null) {
      fill(at, cameraId);
      setPage(pageOf(content, at));
      return;
    }
    const grown = add(content, [cameraId]);
    if (grown.left.length > 0) return parts.onFull(1);
    setContent(grown.content);
    setPage(pageCount(grown.content) - 1);
  };

  const actions: PageActions = {
    select: setSelected,
    full: (at) => setFull((before) => (before === at ? null : at)),
    clear: (at) => {
      if (!editable) return;
      const empty = tiles.find((tile) => tile.at === at)?.cameraId === null;
      if (content.layout === 'free' && empty) {
        setContent({ ...content, tiles: content.tiles.filter((_, i) => i !== at) });
        setSelected(null);
        return;
      }
      setContent(put(content, at, null));
      setSelected(at);
    },
    drop: (at, what) => {
      if (!editable) return;
      if ('cameraId' in what) fill(at, what.cameraId);
      else {
        setContent(swap(content, what.tile, at));
        setSelected(at);
      }
    },
    choose: (at) => {
      setSelected(at);
      parts.openList();
    },
    place: (at, place) => {
      if (content.layout === 'free') setContent({ ...content, tiles: withPlace(content.tiles, at, place) });
    },
    dropFree: (cameraId, cell) => {
      if (content.layout !== 'free') return;
      const place = freePlace(content.tiles, cell);
      if (place) setContent({ ...content, tiles: [...content.tiles, { ...place, cameraId }] });
      else parts.onFull(1);
    },
  };
  return {
    selected: onPage(selected) ? selected : null,
    full: onPage(full) ? full : null,
    actions,
    pick,
    go(direction) {
      const from = onPage(selected) ? selected : null;
      const among = full === null ? tiles : tiles.filter(({ cameraId }) => cameraId !== null);
      const to = from === null ? among[0]?.at : neighbour(among, from, direction);
      if (to === undefined) return;
      setSelected(to);
      if (full !== null) setFull(to);
      focus(to);
    },
    pull(kind, direction) {
      const tile = content.layout === 'free' && selected !== null ? content.tiles[selected] : undefined;
      if (content.layout !== 'free' || !tile || selected === null || !editable) return false;
      const { cameraId: _, ...place } = tile;
      const tilesNow = withPlace(content.tiles, selected, pulled(place, kind, ...stepOf(direction)));
      setContent({ ...content, tiles: tilesNow });
      return true;
    },
    layout(layout) {
      if (!editable) return;
      const first = tiles.find(({ cameraId }) => cameraId !== null)?.at ?? 0;
      const next = withLayout(content, layout);
      setContent(next);
      setFull(null);
      setSelected(null);
      setPage(Math.min(pageOf(next, first), pageCount(next) - 1));
    },
    unselect: () => setSelected(null),
    setFull,
  };
}
