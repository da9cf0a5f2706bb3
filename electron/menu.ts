import type { MenuItemConstructorOptions } from 'electron';
import type { Strings } from './strings.ts';

/** The application's menu; without it the keys for copying, zooming and full screen would not work. */
export function menuTemplate(
  words: Strings['menu'],
  { macos, developer }: { macos: boolean; developer: boolean },
): MenuItemConstructorOptions[] {
  const application: MenuItemConstructorOptions[] = macos ? [{ role: 'appMenu' }] : [];
  return [
    ...application,
    {
      label: words.file,
      submenu: [
        macos
          ? { role: 'close', label: words.close }
          : { role: 'quit', label: words.quit, accelerator: 'Ctrl+Q' },
      ],
    },
    {
      label: words.edit,
      submenu: [
        { role: 'undo', label: words.undo },
        { role: 'redo', label: words.redo },
        { type: 'separator' },
        { role: 'cut', label: words.cut },
        { role: 'copy', label: words.copy },
        { role: 'paste', label: words.paste },
        { role: 'selectAll', label: words.selectAll },
      ],
    },
    {
      label: words.view,
      submenu: [
        { role: 'reload', label: words.reload },
        ...(developer ? [{ role: 'toggleDevTools', label: words.devTools } as const] : []),
        { type: 'separator' },
        { role: 'zoomIn', label: words.zoomIn },
        { role: 'zoomOut', label: words.zoomOut },
        { role: 'resetZoom', label: words.resetZoom },
        { type: 'separator' },
        { role: 'togglefullscreen', label: words.fullscreen },
      ],
    },
    {
      label: words.window,
      submenu: [
        { role: 'minimize', label: words.minimize },
        { role: 'close', label: words.close },
      ],
    },
  ];
}
