import { type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FREE_GRID, type ShownContent, type TilePlace, type WallCamera } from '../../main/contract/wall.ts';
import { dropped, takeable } from './drag.ts';
import { fits, type Pull, pulled } from './free-layout.ts';
import { Tile, TileHandles } from './Tile.tsx';
import classes from './wall.module.css';
import { sideOf, tilesOf } from './wall-content.ts';

/** What a person does to the page that is shown. */
export interface PageActions {
  select: (at: number) => void;
  full: (at: number) => void;
  clear: (at: number) => void;
  drop: (at: number, what: { cameraId: string } | { tile: number }) => void;
  choose: (at: number) => void;
  /** Free layout: another place for a tile. */
  place: (at: number, place: TilePlace) => void;
  /** Free layout: a camera dropped where no tile is. */
  dropFree: (cameraId: string, cell: { x: number; y: number }) => void;
}

interface WallPageProps {
  content: ShownContent;
  page: number;
  cameras: ReadonlyMap<string, WallCamera> | undefined;
  /** False: the next page of a tour, which gets its pictures behind this one. */
  shown: boolean;
  editable: boolean;
  selected: number | null;
  full: number | null;
  actions: PageActions;
}

/** The tiles of one page. */
export function WallPage({
  content,
  page,
  cameras,
  shown,
  editable,
  selected,
  full,
  actions,
}: WallPageProps) {
  const { t } = useTranslation('wall');
  const grid = useRef<HTMLDivElement>(null);
  const [pull, setPull] = useState<{ at: number; place: TilePlace; good: boolean } | null>(null);
  const tiles = tilesOf(content, page);
  const side = sideOf(content);
  const free = content.layout === 'free';
  const reachable = selected !== null && tiles.some(({ at }) => at === selected) ? selected : tiles[0]?.at;

  const startPull = (at: number, place: TilePlace, kind: Pull, down: PointerEvent<HTMLElement>) => {
    const box = grid.current?.getBoundingClientRect();
    if (!box || down.button !== 0) return;
    down.preventDefault();
    const handle = down.currentTarget;
    handle.setPointerCapture(down.pointerId);
    const others = tiles.filter((tile) => tile.at !== at).map((tile) => tile.place);
    let wanted = place;
    const move = (event: globalThis.PointerEvent) => {
      const dx = Math.round(((event.clientX - down.clientX) / box.width) * FREE_GRID);
      const dy = Math.round(((event.clientY - down.clientY) / box.height) * FREE_GRID);
      wanted = pulled(place, kind, dx, dy);
      setPull({ at, place: wanted, good: fits(wanted, others) });
    };
    const end = (event: globalThis.PointerEvent) => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', end);
      handle.removeEventListener('pointercancel', end);
      setPull(null);
      if (event.type === 'pointerup' && fits(wanted, others)) actions.place(at, wanted);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', end);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no grid.
    <div
      ref={grid}
      role="group"
      aria-label={t('page.tiles')}
      className={classes.page}
      data-shown={shown}
      data-layout={content.layout}
      data-side={side}
      data-testid={shown ? 'wall-page' : 'wall-page-next'}
      data-full={full !== null || undefined}
      inert={!shown}
      style={{
        gridTemplate: `repeat(${side}, minmax(0, 1fr)) / repeat(${side}, minmax(0, 1fr))`,
      }}
      onDragOver={(event) => {
        if (free && editable && takeable(event.dataTransfer)) event.preventDefault();
      }}
      onDrop={(event) => {
        const what = dropped(event.dataTransfer);
        const box = grid.current?.getBoundingClientRect();
        if (!free || !editable || !box || !what || !('cameraId' in what)) return;
        event.preventDefault();
        actions.dropFree(what.cameraId, {
          x: Math.floor(((event.clientX - box.left) / box.width) * FREE_GRID),
          y: Math.floor(((event.clientY - box.top) / box.height) * FREE_GRID),
        });
      }}
    >
      {tiles.map((tile, i) => (
        <Tile
          key={tile.at}
          tile={tile}
          number={i + 1}
          cameras={cameras}
          full={full === tile.at}
          selected={shown && selected === tile.at}
          focusable={shown && reachable === tile.at}
          editable={editable}
          free={free}
          large={side === 1 || (free && tile.place.w >= FREE_GRID / 2)}
          onSelect={() => actions.select(tile.at)}
          onFull={() => actions.full(tile.at)}
          onClear={() => actions.clear(tile.at)}
          onDrop={(what) => actions.drop(tile.at, what)}
          onChoose={() => actions.choose(tile.at)}
          handles={
            free &&
            editable && <TileHandles onPull={(kind, event) => startPull(tile.at, tile.place, kind, event)} />
          }
        />
      ))}
      {pull && (
        <div
          className={classes.ghost}
          data-good={pull.good}
          style={{
            gridArea: `${pull.place.y + 1} / ${pull.place.x + 1} / span ${pull.place.h} / span ${pull.place.w}`,
          }}
        />
      )}
    </div>
  );
}
