import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, Notification, powerSaveBlocker, shell } from 'electron';
import { NOTICE_CLICKED_CHANNEL } from '../native-bridge/contract.ts';
import { allowedExternal } from '../native-bridge/external.ts';
import type { Ipc } from './ipc.ts';
import { createNotices } from './notices.ts';
import type { WallWindows } from './wall-windows.ts';
import { bringForward } from './window.ts';

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
  const notices = createNotices({
    make: Notification.isSupported() ? (notice) => new Notification(notice) : undefined,
  });
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

  ipc.answer('notify', (notice, window) =>
    notices.notify(notice, {
      focus: () => (window.isDestroyed() ? focus() : bringForward(window)),
      tell: (clicked) => {
        if (!window.isDestroyed()) window.webContents.send(NOTICE_CLICKED_CHANNEL, clicked);
      },
    }),
  );

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
