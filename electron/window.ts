import { BrowserWindow, type Rectangle, screen } from 'electron';
import { BACKGROUND } from './pages.ts';
import { originOf } from './policies/origins.ts';
import { LEAST_SIZE, placeWindow } from './policies/placement.ts';
import { FAILED_ADDRESS, STARTING_ADDRESS } from './protocol.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

/** A page that is gone this often is not loaded again by itself. */
const RELOADS = 3;

/** A window on the hub's console. */
export interface HubWindow {
  readonly window: BrowserWindow;
  /** Shows the shell's page for a hub that is starting. */
  showStarting(): void;
  /** Shows the shell's page for a hub that failed. */
  showFailed(): void;
  /** Shows the console of the hub at `origin`, at the place where the last one was left. */
  showHub(origin: string): void;
  focus(): void;
  /** Takes the window to the whole of another place on the screens, and to another address at the next `showHub`. */
  moveTo(bounds: Rectangle, start: string): void;
}

export interface WindowParts {
  title: string;
  preload: string;
  developer: boolean;
  log: (text: string) => void;
  /** The console could not be loaded from the hub. */
  onPageFailed: (why: string) => void;
}

/** Opens the main window where it was when it was closed. */
export function openMainWindow({ stateFile, ...parts }: WindowParts & { stateFile: string }): HubWindow {
  const saved = readWindowState(stateFile);
  const bounds = placeWindow(
    saved?.bounds,
    [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea),
  );
  const main = openHubWindow({
    ...parts,
    start: '/',
    placement: { bounds, maximized: saved?.maximized === true, fullscreen: false },
  });
  const { window } = main;
  window.on('close', () => {
    try {
      writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
    } catch (error) {
      parts.log(`the window's place was not remembered: ${String(error)}`);
    }
  });
  return main;
}

interface HubWindowParts extends WindowParts {
  /** Address in the console that it begins with. */
  start: string;
  placement: { bounds: Rectangle; maximized: boolean; fullscreen: boolean };
}

/** Opens a hardened window on the hub, dark from its first pixel. */
export function openHubWindow({
  title,
  preload,
  developer,
  log,
  onPageFailed,
  start,
  placement,
}: HubWindowParts): HubWindow {
  const window = new BrowserWindow({
    ...placement.bounds,
    fullscreen: placement.fullscreen,
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    title,
    show: false,
    backgroundColor: BACKGROUND,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      // Would fetch dictionaries from the Internet.
      spellcheck: false,
      devTools: developer,
    },
  });
  if (placement.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());

  let hubOrigin: string | undefined;
  let left = start;
  let reloads = 0;
  const { webContents } = window;
  const remember = (_event: unknown, address: string): void => {
    if (hubOrigin !== undefined && originOf(address) === hubOrigin) left = address.slice(hubOrigin.length);
  };
  webContents.on('did-navigate', remember);
  webContents.on('did-navigate-in-page', remember);
  webContents.on('did-fail-load', (_event, code, why, address, isMainFrame) => {
    // -3: another page was asked for meanwhile.
    if (isMainFrame && code !== -3 && hubOrigin !== undefined && originOf(address) === hubOrigin)
      onPageFailed(`${why} (${code})`);
  });
  webContents.on('did-finish-load', () => {
    reloads = 0;
  });
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log(`the page is gone: ${reason} (${exitCode})`);
    if (reason === 'clean-exit') return;
    reloads += 1;
    if (reloads <= RELOADS) webContents.reload();
    else onPageFailed(`${reason} (${exitCode})`);
  });

  /** Loading may be overtaken by the next page or by the window's end; a real failure comes as did-fail-load. */
  const load = (address: string): void => {
    if (!window.isDestroyed())
      window.loadURL(address).catch((error: unknown) => log(`${address}: ${String(error)}`));
  };
  const showShell = (address: string) => () => {
    hubOrigin = undefined;
    load(address);
  };
  return {
    window,
    showStarting: showShell(STARTING_ADDRESS),
    showFailed: showShell(FAILED_ADDRESS),
    showHub(origin) {
      hubOrigin = origin;
      load(`${origin}${left}`);
    },
    focus() {
      if (!window.isDestroyed()) bringForward(window);
    },
    moveTo(bounds, address) {
      left = address;
      if (window.isDestroyed()) return;
      // A full-screen window stays where it is on most systems.
      const full = window.isFullScreen();
      if (full) window.setFullScreen(false);
      window.setBounds(bounds);
      if (full) window.setFullScreen(true);
    },
  };
}

/** Over all others, whatever became of it meanwhile. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
