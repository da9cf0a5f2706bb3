import { describe, expect, it } from 'vitest';
import { FREE_GRID, ShownContent, WALL_CELLS_LIMIT } from '../../main/contract/wall.ts';
import { freePlace, pulled, withPlace } from './free-layout.ts';
import { leftOf, mayPreload, movedTo, pausedAt, resumedAt, stopsOf, type TourClock, ticked } from './tour.ts';
import { newWallPath, readWallSearch, screenPath } from './wall-address.ts';
import {
  add,
  cameraAt,
  camerasOf,
  emptyTile,
  emptyWall,
  pageCount,
  put,
  swap,
  tilesOf,
  wallOf,
  withLayout,
} from './wall-content.ts';
import { createDraftStore } from './wall-draft.ts';
import { commandOf, neighbour } from './wall-keys.ts';

const named = (count: number) => Array.from({ length: count }, (_, i) => `cam-${i + 1}`);

describe('what is on a wall', () => {
  it('makes a page of each layout, and further ones of what does not fit', () => {
    const wall = wallOf(named(7));
    expect([wall.size, pageCount(wall)]).toEqual([9, 1]);
    const small = withLayout(wall, 4);
    expect(pageCount(small)).toBe(2);
    expect(tilesOf(small, 1).map(({ at, cameraId }) => [at, cameraId])).toEqual([
      [4, 'cam-5'],
      [5, 'cam-6'],
      [6, 'cam-7'],
      [7, null],
    ]);
    expect(camerasOf(withLayout(small, 1))).toEqual(named(7));
  });

  it('puts, swaps and clears without moving the rest; empty pages at the end are gone', () => {
    const wall = put(put(emptyWall, 1, 'a'), 5, 'b');
    expect(pageCount(wall)).toBe(2);
    expect(swap(wall, 1, 5)).toMatchObject({ cells: [null, 'b', null, null, null, 'a'] });
    expect(swap(wall, 1, 0)).toMatchObject({ cells: ['a', null, null, null, null, 'b'] });
    expect(pageCount(put(wall, 5, null))).toBe(1);
    expect(put(wall, WALL_CELLS_LIMIT, 'c')).toEqual(wall);
  });

  it('finds the next empty tile, and says for which cameras there was no room', () => {
    const wall = wallOf(['a', 'b']);
    expect(emptyTile(wall, 0)).toBe(2);
    expect(emptyTile(put(wall, 3, 'd'), 3)).toBe(2);
    expect(emptyTile(wallOf(named(4)), 0)).toBeNull();
    const full = add(wallOf(named(90)), named(120).slice(90));
    expect(camerasOf(full.content)).toHaveLength(WALL_CELLS_LIMIT);
    expect(full.left).toHaveLength(20);
  });

  it('goes to the free layout and back with every camera, where it is seen now', () => {
    const wall = put(wallOf(named(3)), 0, null);
    const free = withLayout(wall, 'free');
    expect(ShownContent.safeParse(free).success).toBe(true);
    expect(tilesOf(free, 0).map(({ place }) => place)).toContainEqual({ x: 6, y: 0, w: 6, h: 6 });
    expect(withLayout(free, 4)).toEqual({ ...wall, cells: [null, 'cam-2', 'cam-3'] });
    const paged = withLayout(withLayout(wallOf(named(20)), 4), 'free');
    expect(camerasOf(paged)).toEqual(named(20));
    expect(ShownContent.safeParse(paged).success).toBe(true);
    expect(withLayout(wallOf(named(26)), 'free')).toMatchObject({ layout: 'grid' });
  });
});

describe('the free layout', () => {
  const tiles = [
    { x: 0, y: 0, w: 6, h: 6, cameraId: 'a' },
    { x: 6, y: 0, w: 6, h: 6, cameraId: 'b' },
  ];

  it('keeps a tile in the grid, large enough to see, and off the others', () => {
    const [first] = tiles;
    if (!first) throw new Error('no tile');
    expect(pulled(first, 'move', -3, 99)).toEqual({ x: 0, y: 6, w: 6, h: 6 });
    expect(pulled(first, 'resize', -99, 99)).toEqual({ x: 0, y: 0, w: 2, h: FREE_GRID });
    expect(withPlace(tiles, 0, { x: 0, y: 0, w: 7, h: 6 })).toEqual(tiles);
    expect(withPlace(tiles, 0, { x: 0, y: 0, w: 6, h: 12 })[0]).toMatchObject({ h: 12, cameraId: 'a' });
  });

  it('finds room for one more, where the pointer is if it can', () => {
    expect(freePlace(tiles)).toEqual({ x: 0, y: 6, w: 4, h: 4 });
    expect(freePlace(tiles, { x: 11, y: 11 })).toMatchObject({ w: 4, h: 4 });
    expect(freePlace([{ x: 0, y: 0, w: 12, h: 12 }])).toBeNull();
    const grown = add({ layout: 'free', tiles }, ['c', 'd']);
    expect(ShownContent.safeParse(grown.content).success).toBe(true);
    expect(camerasOf(grown.content)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('a tour', () => {
  const walls = [
    { id: 'w1', content: withLayout(wallOf(named(6)), 4) },
    { id: 'w2', content: emptyWall },
    { id: 'w3', content: wallOf(['x']) },
  ];

  it('stops at each page that shows something', () => {
    expect(stopsOf(walls)).toEqual([
      { wallId: 'w1', page: 0 },
      { wallId: 'w1', page: 1 },
      { wallId: 'w3', page: 0 },
    ]);
  });

  it('moves on when the time is up, and keeps its beat', () => {
    const clock: TourClock = { at: 2, paused: false, dueAt: 10_000 };
    expect(ticked(clock, 3, 5000, 9999)).toBe(clock);
    expect(ticked(clock, 3, 5000, 10_100)).toEqual({ at: 0, paused: false, dueAt: 15_000 });
  });

  it('goes on with the next stop after a sleep, not with all that it missed', () => {
    const clock: TourClock = { at: 0, paused: false, dueAt: 10_000 };
    expect(ticked(clock, 3, 5000, 900_000)).toEqual({ at: 1, paused: false, dueAt: 905_000 });
  });

  it('keeps the rest of its time while it is paused', () => {
    const clock: TourClock = { at: 0, paused: false, dueAt: 10_000 };
    const paused = pausedAt(clock, 7000);
    expect(leftOf(paused, 50_000)).toBe(3000);
    expect(ticked(paused, 3, 5000, 50_000)).toBe(paused);
    expect(resumedAt(paused, 50_000)).toEqual({ at: 0, paused: false, dueAt: 53_000 });
    expect(leftOf(movedTo(paused, 2, 5000, 60_000), 60_000)).toBe(5000);
  });

  it('fetches ahead only what the machine can decode beside the rest', () => {
    expect(mayPreload(4, 4, 2)).toBe(true);
    expect(mayPreload(9, 9, 2)).toBe(false);
    expect(mayPreload(16, 16, 8)).toBe(true);
  });
});

describe('keys', () => {
  const key = (code: string, more: Partial<KeyboardEvent> = {}) =>
    commandOf({ code, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

  it('mean the same with Russian letters on them', () => {
    expect(key('KeyF', { key: 'а' })).toEqual({ do: 'fullscreen' });
    expect(key('Digit3')).toEqual({ do: 'layout', layout: 9 });
    expect(key('Numpad0')).toEqual({ do: 'layout', layout: 'free' });
  });

  it('leave to the browser what is the browser’s', () => {
    expect(key('Digit1', { ctrlKey: true })).toBeNull();
    expect(key('KeyF', { ctrlKey: true })).toBeNull();
    expect(key('ArrowLeft', { altKey: true })).toBeNull();
    expect(key('Tab')).toBeNull();
  });

  it('find the neighbour as the eye does', () => {
    const tiles = tilesOf(wallOf(named(9)), 0);
    expect(neighbour(tiles, 4, 'up')).toBe(1);
    expect(neighbour(tiles, 4, 'right')).toBe(5);
    expect(neighbour(tiles, 5, 'right')).toBe(5);
    const free = tilesOf(
      {
        layout: 'free',
        tiles: [
          { x: 0, y: 0, w: 8, h: 12, cameraId: null },
          { x: 8, y: 0, w: 4, h: 4, cameraId: null },
          { x: 8, y: 4, w: 4, h: 4, cameraId: null },
        ],
      },
      0,
    );
    expect(neighbour(free, 0, 'right')).toBe(2);
    expect(neighbour(free, 1, 'left')).toBe(0);
    expect(neighbour(free, 1, 'down')).toBe(2);
  });
});

describe('the address of a wall', () => {
  const search = (path: string) => readWallSearch(new URL(path, 'http://hub').searchParams);

  it('names the cameras of a new wall, and passes over what it cannot read', () => {
    expect(search(newWallPath(['a', 'b', 'c', 'd', 'e'])).content).toEqual(wallOf(['a', 'b', 'c', 'd', 'e']));
    expect(search('/wall/new?cameras=../x').content).toBeNull();
    expect(search('/wall/new?content=%7B%22layout&tour=1')).toEqual({
      ...{ add: [], content: null, tour: null, screen: false },
    });
  });

  it('takes an unsaved wall to another window whole, a saved one by its name', () => {
    const content = withLayout(wallOf(['a', 'b']), 'free');
    const tour = { everyS: 10, wallIds: ['w2'] };
    expect(screenPath({ id: 'w1', dirty: false, content, tour })).toBe('/wall/w1?screen');
    expect(search(screenPath({ id: 'w1', dirty: true, content, tour }))).toEqual({
      ...{ add: [], content, tour, screen: true },
    });
  });
});

describe('drafts', () => {
  it('are kept by person and wall; a spoilt one is forgotten', () => {
    const kept = new Map<string, string>();
    const store = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
    };
    const mine = createDraftStore(store, 'p1');
    const draft = { content: wallOf(['a']), tour: null, version: 3 };
    mine.write('w1', draft);
    expect(mine.read('w1')).toEqual(draft);
    expect(createDraftStore(store, 'p2').read('w1')).toBeNull();
    for (const name of kept.keys()) kept.set(name, '{"content":1}');
    expect(mine.read('w1')).toBeNull();
    expect(kept.size).toBe(0);
    expect(cameraAt(draft.content, 7)).toBeNull();
  });
});
