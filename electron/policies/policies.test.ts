import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type bridgeCalls,
  channelOf,
  SHELL_QUIT_CHANNEL,
  SHELL_RETRY_CHANNEL,
} from '../../native-bridge/contract.ts';
import { allowedChildScript } from './child-script.ts';
import { hubEnvironment } from './hub-environment.ts';
import { maySend } from './ipc-sender.ts';
import { LAUNCH_HEADER, withLaunchHeader } from './launch-header.ts';
import { mayDownload, mayNavigate, windowOpenDecision } from './navigation.ts';
import { isHubAddress, originOf } from './origins.ts';
import { mayUse } from './permissions.ts';
import { placeWindow } from './placement.ts';
import { restartDelayMs } from './restart.ts';
import { chooseScreen, WallPlacesState } from './wall-placement.ts';

const hub = 'http://127.0.0.1:40001';

/** Addresses that look like the hub and are not it. */
const NOT_THE_HUB = [
  'http://127.0.0.1:40002/',
  'https://127.0.0.1:40001/',
  'http://localhost:40001/',
  'http://127.0.0.1/',
  'http://127.0.0.1:40001@evil.example/',
  'http://127.0.0.1:40001.evil.example/',
  'http://user:secret@127.0.0.1:40001/',
  'https://evil.example/?http://127.0.0.1:40001/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,<script>1</script>',
  'about:blank',
  'kalancha://shell/failed',
  'view-source:http://127.0.0.1:40001/',
  'blob:http://127.0.0.1:40001/1',
  '',
];

describe('origins', () => {
  test('a hub of this shell is on loopback by number, over HTTP, with a port', () => {
    expect(isHubAddress('http://127.0.0.1:40001')).toBe(true);
    for (const address of [
      'http://127.0.0.1',
      'http://10.0.0.1:80',
      'http://localhost:1',
      'https://127.0.0.1:1',
      'x',
    ])
      expect(isHubAddress(address)).toBe(false);
  });

  test("the shell's own scheme has an origin too", () => {
    expect(originOf('kalancha://shell/failed')).toBe('kalancha://shell');
    expect(originOf('kalancha://other/failed')).toBe('kalancha://other');
    expect(originOf('about:blank')).toBeUndefined();
  });
});

describe('navigation', () => {
  const here = { address: `${hub}/map`, isMainFrame: true };

  test.each(NOT_THE_HUB)('from the hub to %j is refused', (address) => {
    expect(mayNavigate(address, here, hub)).toBe(false);
  });

  test.each(NOT_THE_HUB)('from %j to the hub is refused', (address) => {
    expect(mayNavigate(`${hub}/`, { address, isMainFrame: true }, hub)).toBe(false);
  });

  test('within the hub is allowed, but for frames and while there is no hub', () => {
    expect(mayNavigate(`${hub}/archive?at=1#x`, here, hub)).toBe(true);
    expect(mayNavigate(`${hub}/archive`, { ...here, isMainFrame: false }, hub)).toBe(false);
    expect(mayNavigate(`${hub}/archive`, here, undefined)).toBe(false);
  });

  test('no window is opened, whatever its address; the allow-list goes to the browser', () => {
    for (const address of [...NOT_THE_HUB, `${hub}/`])
      expect(windowOpenDecision(address)).toEqual({ action: 'deny', external: undefined });
    const copyright = 'https://www.openstreetmap.org/copyright';
    expect(windowOpenDecision(copyright)).toEqual({ action: 'deny', external: copyright });
  });

  test('downloads are of the hub or of its pages', () => {
    expect(mayDownload(`${hub}/api/audit.csv`, hub)).toBe(true);
    expect(mayDownload(`blob:${hub}/6c1e`, hub)).toBe(true);
    expect(mayDownload(`${hub}/api/audit.csv`, undefined)).toBe(false);
    expect(mayDownload('blob:https://evil.example/6c1e', hub)).toBe(false);
    for (const address of NOT_THE_HUB.filter((address) => !address.startsWith('blob:')))
      expect(mayDownload(address, hub)).toBe(false);
  });
});

describe('permissions', () => {
  const page = { address: `${hub}/`, isMainFrame: true };

  test.each([
    'media',
    'geolocation',
    'notifications',
    'midi',
    'midiSysex',
    'pointerLock',
    'openExternal',
    'hid',
    'serial',
    'usb',
    'clipboard-read',
    'display-capture',
    'idle-detection',
    'storage-access',
    'fileSystem',
    'unknown',
    '',
  ])('%j is refused even to the hub', (permission) => {
    expect(mayUse(permission, page, hub)).toBe(false);
  });

  test.each(NOT_THE_HUB)('full screen is refused to %j', (address) => {
    expect(mayUse('fullscreen', { address, isMainFrame: true }, hub)).toBe(false);
  });

  test('full screen and copying are for the pages of the hub themselves', () => {
    expect(mayUse('fullscreen', page, hub)).toBe(true);
    expect(mayUse('clipboard-sanitized-write', page, hub)).toBe(true);
    expect(mayUse('fullscreen', { ...page, isMainFrame: false }, hub)).toBe(false);
    expect(mayUse('fullscreen', page, undefined)).toBe(false);
  });
});

describe('IPC senders', () => {
  const page = { address: `${hub}/map`, isMainFrame: true, ownWindow: true };
  const shell = { ...page, address: 'kalancha://shell/failed' };
  const save = channelOf('saveFile');

  test('pages of the hub have the bridge, pages of the shell have theirs, and not the other way round', () => {
    for (const call of ['saveFile', 'notify', 'platform'] as const satisfies (keyof typeof bridgeCalls)[])
      expect(maySend(channelOf(call), page, hub)).toBe(true);
    expect(maySend(SHELL_RETRY_CHANNEL, shell, hub)).toBe(true);
    expect(maySend(SHELL_QUIT_CHANNEL, shell, undefined)).toBe(true);
    expect(maySend(SHELL_RETRY_CHANNEL, page, hub)).toBe(false);
    expect(maySend(save, shell, hub)).toBe(false);
  });

  test.each(NOT_THE_HUB)('%j has no bridge', (address) => {
    expect(maySend(save, { ...page, address }, hub)).toBe(false);
  });

  test('frames inside, windows of others, unknown channels and times without a hub are refused', () => {
    expect(maySend(save, { ...page, isMainFrame: false }, hub)).toBe(false);
    expect(maySend(save, { ...page, ownWindow: false }, hub)).toBe(false);
    expect(maySend(save, page, undefined)).toBe(false);
    expect(maySend('kalancha:bridge:exec', page, hub)).toBe(false);
    expect(maySend('kalancha:bridge:toString', page, hub)).toBe(false);
    expect(maySend(SHELL_RETRY_CHANNEL, { ...shell, address: 'kalancha://other/' }, hub)).toBe(false);
  });
});

describe('launch token', () => {
  const access = { origin: hub, launchToken: 'only-ours' };

  test.each(NOT_THE_HUB)('%j never gets it', (address) => {
    expect(withLaunchHeader(address, { accept: '*/*' }, access)).toEqual({ accept: '*/*' });
  });

  test('the hub gets it, over WebSocket too, in place of what a page made up', () => {
    expect(withLaunchHeader(`${hub}/api/devices`, {}, access)).toEqual({ [LAUNCH_HEADER]: 'only-ours' });
    expect(withLaunchHeader('ws://127.0.0.1:40001/api/events', {}, access)).toEqual({
      [LAUNCH_HEADER]: 'only-ours',
    });
    const made = { 'X-Kalancha-Launch': 'made up', accept: '*/*' };
    expect(withLaunchHeader(`${hub}/`, made, access)).toEqual({
      accept: '*/*',
      [LAUNCH_HEADER]: 'only-ours',
    });
    expect(withLaunchHeader('https://tiles.example/1', made, access)).toEqual({ accept: '*/*' });
    expect(withLaunchHeader(`${hub}/`, {}, undefined)).toEqual({});
  });
});

describe("the hub's environment", () => {
  test('has what programs need and the settings of the hub', () => {
    const passed = {
      PATH: '/bin',
      Path: 'C:\\',
      TZ: 'Europe/Moscow',
      KALANCHA_MQTT_URL: 'mqtt://x',
      KALANCHA_MQTT_ULR: 'typo',
    };
    expect(hubEnvironment({ ...passed, LANG: undefined })).toEqual(passed);
  });

  test.each([
    'NODE_OPTIONS',
    'NODE_PATH',
    'NODE_EXTRA_CA_CERTS',
    'ELECTRON_RUN_AS_NODE',
    'ELECTRON_ENABLE_LOGGING',
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'DYLD_INSERT_LIBRARIES',
    'HTTPS_PROXY',
    'AWS_SECRET_ACCESS_KEY',
    'GITHUB_TOKEN',
    'DISPLAY',
    'KALANCHA_DATA',
    'KALANCHA_HUB_NODE',
    'KALANCHA_SQLITE_BINDING',
    'kalancha_data',
  ])('has no %s', (name) => {
    expect(hubEnvironment({ [name]: 'x' })).toEqual({});
  });
});

describe('programs that the hub may have started', () => {
  const dist = join('/', 'opt', 'kalancha', 'dist');

  test('the built fixtures', () => {
    const demo = join(dist, 'fixtures', 'demo.js');
    expect(allowedChildScript(demo, dist)).toBe(demo);
  });

  test.each([
    '/bin/sh',
    join(dist, 'main', 'cli.js'),
    join(dist, 'fixtures', '..', 'main', 'cli.js'),
    join(dist, 'fixtures', 'sub', 'demo.js'),
    join(dist, 'fixtures', 'demo.js.sh'),
    `${join(dist, 'fixtures')}x/demo.js`,
    'fixtures/demo.js',
    '',
  ])('not %j', (script) => {
    expect(allowedChildScript(script, dist)).toBeUndefined();
  });
});

test('a hub that dies is started again, later each time, and after the third time not by itself', () => {
  expect(restartDelayMs([1_000], 1_000)).toBe(500);
  expect(restartDelayMs([1_000, 2_000], 2_000)).toBe(2_000);
  expect(restartDelayMs([1_000, 2_000, 3_000], 3_000)).toBe(8_000);
  expect(restartDelayMs([1_000, 2_000, 3_000, 4_000], 4_000)).toBeUndefined();
  expect(restartDelayMs([1_000, 2_000, 3_000, 900_000], 900_000)).toBe(500);
});

describe('placing the window', () => {
  const screen = { x: 0, y: 25, width: 1920, height: 1055 };
  const second = { x: 1920, y: 0, width: 1280, height: 1024 };

  test('where it was, on either screen', () => {
    const saved = { x: 2000, y: 100, width: 1000, height: 700 };
    expect(placeWindow(saved, [screen, second])).toEqual(saved);
  });

  test('not where a screen has gone, nor above one, nor with a sliver to hold', () => {
    const middle = { x: 460, y: 203, width: 1000, height: 700 };
    expect(placeWindow({ x: 2000, y: 100, width: 1000, height: 700 }, [screen])).toEqual(middle);
    expect(placeWindow({ x: 100, y: -300, width: 1000, height: 700 }, [screen])).toEqual(middle);
    expect(placeWindow({ x: -950, y: 100, width: 1000, height: 700 }, [screen])).toEqual(middle);
  });

  test('never bigger than a small screen, never smaller than can be used, and without any screen', () => {
    expect(placeWindow(undefined, [{ x: 0, y: 0, width: 1024, height: 768 }])).toEqual({
      x: 0,
      y: 0,
      width: 1024,
      height: 768,
    });
    expect(placeWindow({ x: 5, y: 30, width: 130, height: 50 }, [screen])).toEqual({
      x: 5,
      y: 30,
      width: 360,
      height: 480,
    });
    expect(placeWindow(undefined, [])).toEqual({ x: 0, y: 0, width: 1440, height: 900 });
  });
});

describe('where a wall goes', () => {
  test('to the screen wished for, else beside the window it is opened from, else over it', () => {
    expect(chooseScreen(['1', '2', '3'], '3', '1')).toBe('3');
    expect(chooseScreen(['1', '2'], 'unplugged', '1')).toBe('2');
    expect(chooseScreen(['1', '2'], null, '2')).toBe('1');
    expect(chooseScreen(['1'], null, '1')).toBe('1');
  });

  test('what is remembered opens walls and nothing else', () => {
    const place = { path: '/wall/w1?screen', screenId: '1', open: true };
    expect(WallPlacesState.safeParse([place]).success).toBe(true);
    expect(WallPlacesState.safeParse([{ ...place, path: 'https://example.org/' }]).success).toBe(false);
    expect(WallPlacesState.safeParse([{ ...place, path: '//example.org/wall/' }]).success).toBe(false);
  });
});
