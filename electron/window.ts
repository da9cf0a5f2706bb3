import { BrowserWindow, screen } from 'electron';
import { BACKGROUND } from './pages.ts';
import { originOf } from './policies/origins.ts';
import { LEAST_SIZE, placeWindow } from './policies/placement.ts';
import { FAILED_ADDRESS, STARTING_ADDRESS } from './protocol.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

/** A page that is gone this often is not loaded again by itself. */
const RELOADS = 3;

export interface MainWindow {
  readonly window: BrowserWindow;
  /** Shows the shell's page for a hub that is starting. */
  showStarting(): void;
  /** Shows the shell's page for a hub that failed. */
  showFailed(): void;
  /** Shows the console of the hub at `origin`, at the place where the last one was left. */
  showHub(origin: string): void;
  focus(): void;
}

export interface WindowParts {
  title: string;
  preload: string;
  stateFile: string;
  developer: boolean;
  log: (text: string) => void;
  /** The console could not be loaded from the hub. */
  onPageFailed: (why: string) => void;
}

/** Opens the window, dark from its first pixel, where it was when it was closed. */
export function openMainWindow({
  title,
  preload,
  stateFile,
  developer,
  log,
  onPageFailed,
}: WindowParts): MainWindow {
  const saved = readWindowState(stateFile);
  const window = new BrowserWindow({
    ...placeWindow(
      saved?.bounds,
      [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea),
    ),
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
  if (saved?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());

  let hubOrigin: string | undefined;
  let left = '/';
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
  window.on('close', () => {
    try {
      writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
    } catch (error) {
      log(`the window's place was not remembered: ${String(error)}`);
    }
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
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}
