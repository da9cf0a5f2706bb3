import { type BrowserWindow, type Display, screen } from 'electron';
import type { Answers } from '../native-bridge/contract.ts';
import { chooseScreen, type WallPlace } from './policies/wall-placement.ts';
import { readWallPlaces, writeWallPlaces } from './wall-places.ts';
import { type HubWindow, openHubWindow } from './window.ts';

export interface WallWindowsParts {
  title: string;
  preload: string;
  /** Where it is kept which wall was on which screen. */
  stateFile: string;
  developer: boolean;
  log: (text: string) => void;
  /** Origin of the hub that runs now. */
  hubOrigin: () => string | undefined;
}

/** Walls in windows of their own, each on the whole of a screen. */
export interface WallWindows {
  screens(asking: BrowserWindow): Answers<'screens'>['screens'];
  /** Opens the wall, or takes its window to the front and to the screen. Null is the screen it was on last time. */
  open(path: string, screenId: string | null, asking: BrowserWindow): void;
  /** Opens those that were open when the program ended. */
  reopen(): void;
  /** The hub runs, maybe at another place than before. */
  showHub(origin: string): void;
  showStarting(): void;
  /** From now on closing a window forgets no wall: the program ends. */
  leaving(): void;
}

/** Most windows at once: each is a page full of pictures. */
const MOST = 8;

/** A wall is one wall, whatever else its address says. */
const nameOf = (path: string): string => path.split('?')[0] ?? path;

export function createWallWindows(parts: WallWindowsParts): WallWindows {
  const { log, stateFile } = parts;
  const open = new Map<string, { window: HubWindow; place: WallPlace }>();
  let places = readWallPlaces(stateFile);
  let ends = false;

  const keep = (): void => {
    try {
      writeWallPlaces(stateFile, places);
    } catch (error) {
      log(`the places of walls were not remembered: ${String(error)}`);
    }
  };
  const remember = (place: WallPlace): void => {
    places = [place, ...places.filter((other) => nameOf(other.path) !== nameOf(place.path))].slice(0, 50);
    keep();
  };
  const displays = (asking?: BrowserWindow): { all: Display[]; current: Display } => ({
    all: screen.getAllDisplays(),
    current: asking ? screen.getDisplayMatching(asking.getBounds()) : screen.getPrimaryDisplay(),
  });

  function show(path: string, screenId: string | null, asking?: BrowserWindow): void {
    const name = nameOf(path);
    const { all, current } = displays(asking);
    const last = places.find((place) => nameOf(place.path) === name)?.screenId ?? null;
    const chosen = chooseScreen(
      all.map(({ id }) => String(id)),
      screenId ?? last,
      String(current.id),
    );
    const display = all.find(({ id }) => String(id) === chosen) ?? current;
    const place = { path, screenId: String(display.id), open: true };
    const before = open.get(name);
    if (!before && open.size >= MOST) throw new Error(`${MOST} wall windows are open already`);
    const window =
      before?.window ??
      openHubWindow({
        ...parts,
        start: path,
        placement: { bounds: display.bounds, maximized: false, fullscreen: true },
        // Unlike the main window there is no page of the shell for it: it tries again when the hub does.
        onPageFailed: (why) => log(`a wall could not be shown: ${why}`),
      });
    open.set(name, { window, place });
    if (before) before.window.moveTo(display.bounds, path);
    else
      window.window.on('closed', () => {
        const closed = open.get(name)?.place ?? place;
        open.delete(name);
        if (!ends) remember({ ...closed, open: false });
      });
    remember(place);
    const origin = parts.hubOrigin();
    if (origin !== undefined) window.showHub(origin);
    window.focus();
  }

  return {
    screens(asking) {
      const { all, current } = displays(asking);
      return all.slice(0, 32).map(({ id, label, size }) => ({
        id: String(id),
        label: (label ?? '').slice(0, 200),
        width: size.width,
        height: size.height,
        current: id === current.id,
      }));
    },
    open: show,
    reopen() {
      for (const place of places
        .filter((one) => one.open)
        .slice(0, MOST)
        .reverse())
        show(place.path, place.screenId);
    },
    showHub(origin) {
      for (const { window } of open.values()) window.showHub(origin);
    },
    showStarting() {
      for (const { window } of open.values()) window.showStarting();
    },
    leaving() {
      ends = true;
    },
  };
}
