import { checkedBridge, type NativeBridge, type NoticeClicked, type Takes } from './contract.ts';
import { allowedExternal } from './external.ts';

/** The parts of a browser that the fallback uses. */
export type BrowserHost = Pick<Window, 'document' | 'navigator' | 'open' | 'focus' | 'setTimeout'> & {
  URL: Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'>;
  Notification?: typeof Notification;
};

/** How long a download's object address stays valid after the click; the browser copies the bytes meanwhile. */
const REVOKE_AFTER_MS = 60_000;

/** The bridge where there is no desktop program: what the browser itself can do. */
export function createBrowserBridge(host: BrowserHost): NativeBridge {
  const wakeLock = createWakeLock(host);
  const hearing = new Set<(clicked: NoticeClicked) => void>();
  return checkedBridge(
    {
      saveFile: (request) => saveFile(host, request),
      notify: (request) =>
        notify(host, request, (clicked) => {
          for (const tell of hearing) tell(clicked);
        }),
      keepDisplayAwake: ({ on }) => wakeLock(on),
      // Asking a browser for its screens takes a permission of its own; a window is moved by hand as well.
      screens: () => ({ screens: [] }),
      openWall: ({ path }) => ({ opened: openWall(host, path) }),
      openExternal: ({ url }) => openExternal(host, url),
      appVersion: () => ({ desktop: null }),
      platform: () => ({ host: 'browser', os: osOf(host.navigator.userAgent) }),
    },
    (tell) => {
      hearing.add(tell);
      return () => void hearing.delete(tell);
    },
  );
}

/** Where it goes, or whether it is kept at all, is between the browser and the person. */
function saveFile(host: BrowserHost, { name, type, bytes }: Takes<'saveFile'>): { saved: boolean } {
  const address = host.URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
  const anchor = host.document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  host.document.body.append(anchor);
  anchor.click();
  anchor.remove();
  host.setTimeout(() => host.URL.revokeObjectURL(address), REVOKE_AFTER_MS);
  return { saved: true };
}

async function notify(
  host: BrowserHost,
  { title, body, tag, silent, opens }: Takes<'notify'>,
  clicked: (clicked: NoticeClicked) => void,
): Promise<{ shown: boolean }> {
  const Notice = host.Notification;
  if (!Notice) return { shown: false };
  const permission = Notice.permission === 'default' ? await Notice.requestPermission() : Notice.permission;
  if (permission !== 'granted') return { shown: false };
  try {
    const notice = new Notice(title, {
      body,
      ...(tag === undefined ? {} : { tag }),
      ...(silent === undefined ? {} : { silent }),
    });
    notice.onclick = () => {
      host.focus();
      notice.close();
      if (opens !== undefined) clicked({ opens });
    };
    return { shown: true };
  } catch (error) {
    // Chrome on Android has the class and refuses to construct it outside a service worker.
    if (error instanceof TypeError) return { shown: false };
    throw error;
  }
}

/** The browser drops the lock whenever the page is hidden; it is taken again when the page comes back. */
function createWakeLock(host: BrowserHost): (on: boolean) => Promise<{ awake: boolean }> {
  let wanted = false;
  let held: WakeLockSentinel | undefined;
  const take = async (): Promise<void> => {
    // Typed as always there; older browsers and pages without TLS lack it.
    const wakeLock: WakeLock | undefined = host.navigator.wakeLock;
    if (!wanted || !wakeLock || held?.released === false) return;
    try {
      const sentinel = await wakeLock.request('screen');
      if (!wanted) return sentinel.release();
      held = sentinel;
    } catch (error) {
      // Refused: the page is hidden or the battery low. `awake: false` says so.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') throw error;
    }
  };
  let listening = false;
  return async (on) => {
    wanted = on;
    if (!on) {
      await held?.release();
      held = undefined;
      return { awake: false };
    }
    if (!listening) {
      listening = true;
      host.document.addEventListener('visibilitychange', () => {
        if (host.document.visibilityState === 'visible') void take();
      });
    }
    await take();
    return { awake: held?.released === false };
  };
}

function openExternal(host: BrowserHost, address: string): { opened: boolean } {
  const allowed = allowedExternal(address);
  if (allowed === undefined) return { opened: false };
  // With `noopener` the answer is null even when the page opened.
  host.open(allowed, '_blank', 'noopener,noreferrer');
  return { opened: true };
}

/** A window without the browser's bars; the same wall takes its own window again. */
function openWall(host: BrowserHost, path: string): boolean {
  const name = `kalancha-${path.split('?')[0]}`;
  const opened: Window | null = host.open(path, name, 'popup,width=1280,height=720');
  if (!opened) return false;
  opened.focus();
  return true;
}

export function osOf(userAgent: string): 'linux' | 'windows' | 'macos' | 'other' {
  if (/Windows/.test(userAgent)) return 'windows';
  if (/Android|iPhone|iPad/.test(userAgent)) return 'other';
  if (/Mac OS X/.test(userAgent)) return 'macos';
  return /Linux/.test(userAgent) ? 'linux' : 'other';
}
