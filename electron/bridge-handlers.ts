import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, Notification, powerSaveBlocker, shell } from 'electron';
import { allowedExternal } from '../native-bridge/external.ts';
import type { Ipc } from './ipc.ts';
import type { WallWindows } from './wall-windows.ts';

const OS: Readonly<Record<string, 'linux' | 'windows' | 'macos'>> = {
  linux: 'linux',
  win32: 'windows',
  darwin: 'macos',
};

/** What the bridge's functions do in the desktop program. */
export function answerBridge(
  ipc: Ipc,
  walls: Pick<WallWindows, 'screens' | 'open'>,
  focus: () => void,
): { stop(): void } {
  const notices = new Map<string, Notification>();
  let blocker: number | undefined;
  /** Windows in which somebody watches. */
  const awake = new Set<BrowserWindow>();

  function letSleep(): void {
    if (blocker !== undefined) powerSaveBlocker.stop(blocker);
    blocker = undefined;
  }

  ipc.answer('saveFile', async ({ name, bytes }, window) => {
    const chosen = await dialog.showSaveDialog(window, { defaultPath: join(app.getPath('downloads'), name) });
    if (chosen.canceled || !chosen.filePath) return { saved: false };
    await writeFile(chosen.filePath, bytes);
    return { saved: true };
  });

  ipc.answer('notify', ({ title, body, tag, silent }) => {
    if (!Notification.isSupported()) return { shown: false };
    const notice = new Notification({ title, body, silent: silent ?? false });
    notice.on('click', focus);
    if (tag !== undefined) {
      notices.get(tag)?.close();
      notices.set(tag, notice);
      notice.on('close', () => {
        if (notices.get(tag) === notice) notices.delete(tag);
      });
    }
    notice.show();
    return { shown: true };
  });

  const sleepWithout = (window: BrowserWindow): void => {
    awake.delete(window);
    if (awake.size === 0) letSleep();
  };
  ipc.answer('keepDisplayAwake', ({ on }, window) => {
    if (!on) sleepWithout(window);
    else {
      if (!awake.has(window)) window.once('closed', () => sleepWithout(window));
      awake.add(window);
      blocker ??= powerSaveBlocker.start('prevent-display-sleep');
    }
    return { awake: blocker !== undefined && powerSaveBlocker.isStarted(blocker) };
  });

  ipc.answer('screens', (_nothing, window) => ({ screens: walls.screens(window) }));
  ipc.answer('openWall', ({ path, screenId }, window) => {
    walls.open(path, screenId, window);
    return { opened: true };
  });

  ipc.answer('openExternal', async ({ url }) => {
    const allowed = allowedExternal(url);
    if (allowed === undefined) return { opened: false };
    await shell.openExternal(allowed);
    return { opened: true };
  });

  ipc.answer('appVersion', () => ({ desktop: app.getVersion() }));
  ipc.answer('platform', () => ({ host: 'desktop', os: OS[process.platform] ?? 'other' }));

  return { stop: letSleep };
}
