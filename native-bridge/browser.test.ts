import { beforeEach, expect, test, vi } from 'vitest';
import { type BrowserHost, createBrowserBridge, osOf } from './browser.ts';
import { BRIDGE_GLOBAL, BRIDGE_SUBSCRIPTIONS, bridgeCalls } from './contract.ts';
import { createNativeBridge } from './index.ts';

/** A browser of which only what the bridge uses exists; what it was asked to do is written down. */
function fakeBrowser() {
  const done: string[] = [];
  const blobs = new Map<string, Blob>();
  const listeners: (() => void)[] = [];
  const sentinels: { released: boolean; release: () => Promise<unknown> }[] = [];
  const anchor = {
    href: '',
    download: '',
    click: () => done.push(`click ${anchor.download}`),
    remove: () => done.push('remove'),
  };
  const parts = {
    document: {
      visibilityState: 'visible',
      createElement: () => anchor,
      body: { append: () => done.push('append') },
      addEventListener: (_name: string, listener: () => void) => listeners.push(listener),
    },
    navigator: {
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
      wakeLock: {
        request: async () => {
          const sentinel = {
            released: false,
            release: async () => Object.assign(sentinel, { released: true }),
          };
          sentinels.push(sentinel);
          return sentinel;
        },
      },
    },
    focus: () => void done.push('focus'),
    open: (url: string, target: string, features: string) =>
      void done.push(`open ${url} ${target} ${features}`),
    setTimeout: (run: () => void) => void run(),
    URL: {
      createObjectURL: (blob: Blob) => {
        blobs.set('blob:1', blob);
        return 'blob:1';
      },
      revokeObjectURL: (address: string) => done.push(`revoke ${address}`),
    },
  };
  return { parts, host: parts as unknown as BrowserHost, done, blobs, listeners, sentinels, anchor };
}

let browser: ReturnType<typeof fakeBrowser>;
beforeEach(() => {
  browser = fakeBrowser();
});

test('a file is saved as a download whose address does not outlive it', async () => {
  const bridge = createBrowserBridge(browser.host);
  const answer = await bridge.saveFile({ name: 'a.csv', type: 'text/csv', bytes: new Uint8Array([65, 66]) });
  expect(answer).toEqual({ saved: true });
  expect(browser.done).toEqual(['append', 'click a.csv', 'remove', 'revoke blob:1']);
  expect(browser.anchor.href).toBe('blob:1');
  expect(await browser.blobs.get('blob:1')?.text()).toBe('AB');
});

test('notices: asked once, shown only when granted, absent where the browser has none', async () => {
  const bridge = createBrowserBridge(browser.host);
  expect(await bridge.notify({ title: 't', body: 'b' })).toEqual({ shown: false });

  const shown: unknown[] = [];
  const requestPermission = vi.fn(async () => 'granted');
  class Notice {
    static permission = 'default';
    static requestPermission = requestPermission;
    constructor(title: string, options: object) {
      shown.push([title, options]);
    }
  }
  Object.assign(browser.parts, { Notification: Notice });
  expect(await bridge.notify({ title: 't', body: 'b', tag: 'x' })).toEqual({ shown: true });
  expect(shown).toEqual([['t', { body: 'b', tag: 'x' }]]);
  Notice.permission = 'denied';
  expect(await bridge.notify({ title: 't', body: 'b' })).toEqual({ shown: false });
  expect(requestPermission).toHaveBeenCalledTimes(1);
});

test('a click on a notice brings the page forward and tells what to open, until nobody hears', async () => {
  const bridge = createBrowserBridge(browser.host);
  const notices: { onclick: () => void }[] = [];
  class Notice {
    static permission = 'granted';
    onclick = (): void => undefined;
    constructor() {
      notices.push(this);
    }
    close(): void {
      browser.done.push('close');
    }
  }
  Object.assign(browser.parts, { Notification: Notice });
  const heard: unknown[] = [];
  const leave = bridge.onNoticeClicked((clicked) => heard.push(clicked));
  const opens = '/incidents?incident=0190-ab';
  await bridge.notify({ title: 't', body: 'b', opens });
  await bridge.notify({ title: 't', body: 'b' });
  for (const notice of notices) notice.onclick();
  expect(heard).toEqual([{ opens }]);
  expect(browser.done).toEqual(['focus', 'close', 'focus', 'close']);
  leave();
  notices[0]?.onclick();
  expect(heard).toHaveLength(1);
});

test('the display is kept awake, again after the page was hidden, and let go', async () => {
  const bridge = createBrowserBridge(browser.host);
  expect(await bridge.keepDisplayAwake({ on: true })).toEqual({ awake: true });
  expect(browser.sentinels).toHaveLength(1);
  expect(await bridge.keepDisplayAwake({ on: true })).toEqual({ awake: true });
  expect(browser.sentinels).toHaveLength(1);

  for (const sentinel of browser.sentinels) sentinel.released = true;
  for (const listener of browser.listeners) listener();
  await vi.waitFor(() => expect(browser.sentinels).toHaveLength(2));

  expect(await bridge.keepDisplayAwake({ on: false })).toEqual({ awake: false });
  expect(browser.sentinels.every((sentinel) => sentinel.released)).toBe(true);
  for (const listener of browser.listeners) listener();
  expect(browser.sentinels).toHaveLength(2);
});

test('a refused lock is an answer, a broken one an error', async () => {
  const bridge = createBrowserBridge(browser.host);
  browser.parts.navigator.wakeLock.request = async () => {
    throw new DOMException('hidden', 'NotAllowedError');
  };
  expect(await bridge.keepDisplayAwake({ on: true })).toEqual({ awake: false });
  browser.parts.navigator.wakeLock.request = async () => {
    throw new Error('broken');
  };
  await expect(bridge.keepDisplayAwake({ on: true })).rejects.toThrow('broken');
});

test('outside pages: by the allow-list, and without a way back to this page', async () => {
  const bridge = createBrowserBridge(browser.host);
  expect(await bridge.openExternal({ url: 'https://evil.example/' })).toEqual({ opened: false });
  expect(browser.done).toEqual([]);
  expect(await bridge.openExternal({ url: 'https://leafletjs.com/' })).toEqual({ opened: true });
  expect(browser.done).toEqual(['open https://leafletjs.com/ _blank noopener,noreferrer']);
});

test('a wall opens in a window of its own, unless the browser forbids it; no other address does', async () => {
  const bridge = createBrowserBridge(browser.host);
  const focus = vi.fn();
  const open = vi.fn((): { focus: () => void } | null => ({ focus }));
  Object.assign(browser.parts, { open });
  const path = '/wall/0190-ab?screen';
  expect(await bridge.screens({})).toEqual({ screens: [] });
  expect(await bridge.openWall({ path, screenId: null })).toEqual({ opened: true });
  expect(open).toHaveBeenCalledWith(path, 'kalancha-/wall/0190-ab', expect.stringContaining('popup'));
  expect(focus).toHaveBeenCalledTimes(1);
  open.mockReturnValue(null);
  expect(await bridge.openWall({ path, screenId: null })).toEqual({ opened: false });
});

test('it says that it is a browser', async () => {
  const bridge = createBrowserBridge(browser.host);
  expect(await bridge.appVersion({})).toEqual({ desktop: null });
  expect(await bridge.platform({})).toEqual({ host: 'browser', os: 'linux' });
  expect(osOf('Mozilla/5.0 (Linux; Android 15)')).toBe('other');
  expect(osOf('Mozilla/5.0 (Windows NT 10.0)')).toBe('windows');
  expect(osOf('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15)')).toBe('macos');
});

test("the desktop program's bridge is taken when it is whole, else the browser's", async () => {
  const page = browser.parts as unknown as Window & typeof globalThis;
  const version = async (bridge: ReturnType<typeof createNativeBridge>) =>
    (await bridge.appVersion({})).desktop;
  expect(await version(createNativeBridge(page))).toBeNull();

  Object.assign(page, { [BRIDGE_GLOBAL]: { appVersion: async () => ({ desktop: '9.9.9' }) } });
  expect(await version(createNativeBridge(page))).toBeNull();

  const whole = Object.fromEntries(
    Object.keys(bridgeCalls).map((call) => [call, async () => ({ desktop: '9.9.9' })]),
  );
  Object.assign(page, { [BRIDGE_GLOBAL]: whole });
  expect(await version(createNativeBridge(page))).toBeNull();
  for (const name of BRIDGE_SUBSCRIPTIONS) whole[name] = async () => ({ desktop: '' });
  expect(await version(createNativeBridge(page))).toBe('9.9.9');
});
