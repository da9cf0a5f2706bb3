import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BrowserWindow, IpcMain, WebContents } from 'electron';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { channelOf, SHELL_RETRY_CHANNEL } from '../native-bridge/contract.ts';
import { readHubPort, writeHubPort } from './hub-port.ts';
import { createIpc } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { readOptions } from './options.ts';
import { escapeHtml, type PageFacts } from './pages.ts';
import { answerShell, FAILED_ADDRESS, STARTING_ADDRESS, toResponse } from './protocol.ts';
import { languageOf, stringsOf } from './strings.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

const facts: PageFacts = {
  language: 'en',
  strings: stringsOf('en'),
  again: false,
  failure: undefined,
  logFile: '/logs/hub.log',
};

describe('the scheme of the shell', () => {
  test.each([
    ['POST', STARTING_ADDRESS, 405],
    ['HEAD', STARTING_ADDRESS, 405],
    ['GET', 'kalancha://shell/', 404],
    ['GET', 'kalancha://shell/../../etc/passwd', 404],
    ['GET', 'kalancha://shell/%2e%2e/main.js', 404],
    ['GET', 'kalancha://shell/starting/../shell.js/..', 404],
    ['GET', 'kalancha://shell/constructor', 404],
    ['GET', 'kalancha://shell/starting?x', 404],
    ['GET', 'kalancha://other/starting', 404],
    ['GET', 'kalancha://user:secret@shell/starting', 404],
    ['GET', 'http://shell/starting', 404],
    ['GET', 'nonsense', 404],
  ])('%s %s is answered with %i and nothing else', (method, url, status) => {
    expect(answerShell({ method, url }, facts)).toEqual({ status, type: 'text/plain', body: '' });
  });

  test('every answer carries a policy that begins with nothing', async () => {
    for (const url of [
      STARTING_ADDRESS,
      FAILED_ADDRESS,
      'kalancha://shell/shell.css',
      'kalancha://shell/shell.js',
      'kalancha://shell/none',
    ]) {
      const response = toResponse(answerShell({ method: 'GET', url }, facts));
      expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
      expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('pages have nothing inline that their policy would refuse', () => {
    for (const url of [STARTING_ADDRESS, FAILED_ADDRESS]) {
      const { body } = answerShell({ method: 'GET', url }, facts);
      expect(body).not.toMatch(/<style|style=|on\w+=|<script(?! src)/);
    }
  });

  test('the failure is told in words, with the hub’s own as text and never as markup', () => {
    const failure = { code: 'data-in-use', message: 'folder <img src=x onerror=alert(1)> & "more"' };
    const english = answerShell({ method: 'GET', url: FAILED_ADDRESS }, { ...facts, failure }).body;
    expect(english).toContain('Another Kalancha already uses this data folder');
    expect(english).toContain(escapeHtml(failure.message));
    expect(english).not.toContain('<img');
    const russian = answerShell(
      { method: 'GET', url: FAILED_ADDRESS },
      { ...facts, failure: { code: 'toString', message: 'x' }, language: 'ru', strings: stringsOf('ru') },
    ).body;
    expect(russian).toContain('Причина — в подробностях ниже и в журнале.');
    expect(russian).toContain('<html lang="ru">');
  });
});

describe('words', () => {
  test('Russian where Russian is spoken', () => {
    expect(['ru', 'ru-RU', 'RU-ru'].map(languageOf)).toEqual(['ru', 'ru', 'ru']);
    expect(['en-GB', 'de', '', 'rum'].map(languageOf)).toEqual(['en', 'en', 'en', 'en']);
  });

  test('both languages have all of them', () => {
    const keys = (words: object): string[] =>
      Object.entries(words).flatMap(([key, value]) =>
        typeof value === 'object' ? keys(value).map((k) => `${key}.${k}`) : [key],
      );
    expect(keys(stringsOf('ru'))).toEqual(keys(stringsOf('en')));
  });

  test('developer tools are in the menu of developers only', () => {
    const roles = (developer: boolean) =>
      JSON.stringify(menuTemplate(stringsOf('en').menu, { macos: false, developer }));
    expect(roles(true)).toContain('toggleDevTools');
    expect(roles(false)).not.toContain('toggleDevTools');
  });
});

describe('what the program is started with', () => {
  const host = {
    argv: ['electron', '.', '--no-sandbox'],
    environment: {},
    userData: '/home/x/.config/kalancha',
    packaged: false,
  };

  test('by default everything is in the user’s own folder', () => {
    expect(readOptions(host)).toEqual({
      dataDir: join('/home/x/.config/kalancha', 'hub'),
      demo: false,
      configFile: undefined,
      hubNode: undefined,
      nativeBinding: undefined,
    });
  });

  test('arguments and environment', () => {
    const environment = {
      KALANCHA_DATA: 'data/demo',
      KALANCHA_HUB_NODE: '/usr/bin/node',
      KALANCHA_SQLITE_BINDING: '/b.node',
    };
    const argv = [...host.argv, '--demo', '--config=/etc/kalancha.json'];
    expect(readOptions({ ...host, argv, environment })).toEqual({
      dataDir: resolve('data/demo'),
      demo: true,
      configFile: '/etc/kalancha.json',
      hubNode: '/usr/bin/node',
      nativeBinding: '/b.node',
    });
    expect(readOptions({ ...host, argv, environment, packaged: true })).toMatchObject({
      hubNode: undefined,
      nativeBinding: undefined,
    });
  });
});

describe('the place of the window', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'window-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is remembered, and a spoilt memory is none', () => {
    const file = join(folder, 'sub', 'window.json');
    expect(readWindowState(file)).toBeUndefined();
    const state = { bounds: { x: -5, y: 0, width: 800, height: 600 }, maximized: true };
    writeWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
    for (const spoilt of [
      '',
      '{"maximized":true,"extra":1}',
      '{"bounds":{"x":0,"y":0,"width":0,"height":1},"maximized":false}',
    ]) {
      writeFileSync(file, spoilt);
      expect(readWindowState(file)).toBeUndefined();
    }
  });
});

test('the port of the hub is remembered, and a spoilt memory is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'port-'));
  try {
    const file = join(folder, 'sub', 'hub-port.json');
    expect(readHubPort(file)).toBe(0);
    writeHubPort(file, 40001);
    expect(readHubPort(file)).toBe(40001);
    for (const spoilt of ['', '{}', '{"port":80}', '{"port":"40001"}']) {
      writeFileSync(file, spoilt);
      expect(readHubPort(file)).toBe(0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('messages of pages', () => {
  const hub = 'http://127.0.0.1:40001';
  type Handler = (event: unknown, ...given: unknown[]) => Promise<unknown>;

  function setUp() {
    const handlers = new Map<string, Handler>();
    const contents = {} as WebContents;
    const window = { webContents: contents } as BrowserWindow;
    const ipc = createIpc({
      ipcMain: {
        handle: (channel: string, handler: Handler) => handlers.set(channel, handler),
      } as unknown as IpcMain,
      hubOrigin: () => hub,
      windowOf: (asked) => (asked === contents ? window : undefined),
      log: () => undefined,
    });
    const frame = { url: `${hub}/map`, parent: null as object | null };
    const send = (channel: string, event: object, ...given: unknown[]) =>
      handlers.get(channel)?.(event, ...given);
    return { ipc, send, contents, frame };
  }

  test('are answered for the window itself, with the argument parsed', async () => {
    const { ipc, send, contents, frame } = setUp();
    const asked: unknown[] = [];
    ipc.answer('keepDisplayAwake', (request) => {
      asked.push(request);
      return { awake: request.on };
    });
    const channel = channelOf('keepDisplayAwake');
    const event = { sender: contents, senderFrame: frame };
    expect(await send(channel, event, { on: true })).toEqual({ ok: true, value: { awake: true } });
    expect(await send(channel, event, { on: 'yes' })).toMatchObject({ ok: false, code: 'bad-argument' });

    const refused = { ok: false, code: 'refused' };
    expect(await send(channel, event)).toMatchObject(refused);
    expect(await send(channel, event, { on: true }, 'more')).toMatchObject(refused);
    expect(
      await send(channel, { ...event, senderFrame: { ...frame, parent: frame } }, { on: true }),
    ).toMatchObject(refused);
    expect(await send(channel, { ...event, senderFrame: null }, { on: true })).toMatchObject(refused);
    expect(await send(channel, { ...event, sender: {} }, { on: true })).toMatchObject(refused);
    expect(
      await send(
        channel,
        { ...event, senderFrame: { ...frame, url: 'https://evil.example/' } },
        { on: true },
      ),
    ).toMatchObject(refused);
    expect(asked).toEqual([{ on: true }]);
  });

  test('an answer of the wrong shape and a failure are told as errors, not as answers', async () => {
    const { ipc, send, contents, frame } = setUp();
    const event = { sender: contents, senderFrame: frame };
    ipc.answer('saveFile', () => {
      throw new Error('ENOSPC: no space left on device');
    });
    const file = { name: 'a.csv', type: 'text/csv', bytes: new Uint8Array(1) };
    expect(await send(channelOf('saveFile'), event, file)).toEqual({
      ok: false,
      code: 'failed',
      message: 'ENOSPC: no space left on device',
    });
    ipc.answer('appVersion', () => JSON.parse('{"desktop":1}'));
    expect(await send(channelOf('appVersion'), event, {})).toMatchObject({ ok: false, code: 'bad-answer' });
  });

  test('orders of the shell’s pages are not for pages of the hub', async () => {
    const { ipc, send, contents, frame } = setUp();
    let retried = 0;
    ipc.order(SHELL_RETRY_CHANNEL, () => {
      retried += 1;
    });
    expect(await send(SHELL_RETRY_CHANNEL, { sender: contents, senderFrame: frame }, {})).toMatchObject({
      ok: false,
    });
    const own = { url: FAILED_ADDRESS, parent: null };
    expect(await send(SHELL_RETRY_CHANNEL, { sender: contents, senderFrame: own }, {})).toMatchObject({
      ok: true,
    });
    expect(retried).toBe(1);
  });
});
