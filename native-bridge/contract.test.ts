import { expect, test } from 'vitest';
import {
  BRIDGE_SUBSCRIPTIONS,
  BridgeError,
  bridgeCalls,
  checkedBridge,
  parseAnswer,
  parseRequest,
  Reply,
  SAVE_LIMIT_BYTES,
} from './contract.ts';

const bytes = new Uint8Array([1, 2, 3]);

test.each([
  ['../evil.csv'],
  ['/etc/passwd'],
  ['C:\\boot.ini'],
  ['..'],
  [''],
  ['a\u0000b'],
  ['x'.repeat(201)],
])('a file name that is no bare name is refused: %j', (name) => {
  expect(() => parseRequest('saveFile', { name, type: 'text/csv', bytes })).toThrow(BridgeError);
});

test('Russian names with spaces are names', () => {
  const request = { name: 'Журнал за 5 мая.csv', type: 'text/csv; charset=utf-8', bytes };
  expect(parseRequest('saveFile', request)).toEqual(request);
});

test('more than the limit, other than bytes, and unknown keys are refused', () => {
  const big = { name: 'a', type: 'text/csv', bytes: new Uint8Array(SAVE_LIMIT_BYTES + 1) };
  expect(() => parseRequest('saveFile', big)).toThrow(/64 MiB/);
  expect(() => parseRequest('saveFile', { name: 'a', type: 'text/csv', bytes: 'text' })).toThrow(BridgeError);
  expect(() => parseRequest('keepDisplayAwake', { on: true, for: 'ever' })).toThrow(BridgeError);
  expect(() => parseRequest('notify', { title: '', body: '' })).toThrow(BridgeError);
  expect(() => parseRequest('appVersion', undefined)).toThrow(BridgeError);
});

test.each([
  ['https://evil.example/wall/1'],
  ['//evil.example/wall/1'],
  ['/wall/../api/session'],
  ['/wall/1/../../x'],
  ['/map'],
  ['/wall/1?a=<script>'],
  ['/wall/1#x'],
  ['/wall/'],
])('what is no wall is not opened as one: %j', (path) => {
  expect(() => parseRequest('openWall', { path, screenId: null })).toThrow(BridgeError);
});

test.each([
  ['https://evil.example/incidents?incident=1'],
  ['//evil.example/incidents?incident=1'],
  ['/incidents'],
  ['/incidents?incident='],
  ['/incidents?incident=1&view=resolved'],
  ['/incidents?incident=../access'],
  ['/access?incident=1'],
  ['javascript:alert(1)'],
])('a notice opens incidents only: %j', (opens) => {
  expect(() => parseRequest('notify', { title: 't', body: '', opens })).toThrow(BridgeError);
});

test('a wall is opened by its id, or with all that is on it', () => {
  const content = JSON.stringify({ layout: 'grid', size: 4, cells: ['cam-1', null, '*'] });
  const params = new URLSearchParams({ content, screen: '' });
  const request = { path: `/wall/new?${params}`, screenId: '17' };
  expect(parseRequest('openWall', request)).toEqual(request);
});

test('an answer of another shape never reaches the page', () => {
  expect(parseAnswer('saveFile', { saved: true })).toEqual({ saved: true });
  expect(() => parseAnswer('saveFile', { saved: true, path: '/home/x' })).toThrow(/saveFile/);
  expect(() => parseAnswer('platform', { host: 'desktop', os: 'beos' })).toThrow(BridgeError);
});

test('a reply is either a value or an error with a known code', () => {
  expect(Reply.safeParse({ ok: true, value: 1 }).success).toBe(true);
  expect(Reply.safeParse({ ok: false, code: 'refused', message: 'no' }).success).toBe(true);
  expect(Reply.safeParse({ ok: false, code: 'other', message: 'no' }).success).toBe(false);
  expect(Reply.safeParse({ ok: 1 }).success).toBe(false);
});

test('a checked bridge asks nobody when the argument is wrong, and refuses a wrong answer', async () => {
  const asked: string[] = [];
  const answer = (call: string) => () => {
    asked.push(call);
    return { wrong: true };
  };
  let told: (what: unknown) => void = () => undefined;
  const bridge = checkedBridge(
    {
      saveFile: answer('saveFile'),
      notify: answer('notify'),
      keepDisplayAwake: answer('keepDisplayAwake'),
      screens: answer('screens'),
      openWall: answer('openWall'),
      openExternal: answer('openExternal'),
      appVersion: () => ({ desktop: '1.0.0' }),
      platform: answer('platform'),
    },
    (tell) => {
      told = tell;
      return () => undefined;
    },
  );
  expect(Object.keys(bridge).sort()).toEqual([...Object.keys(bridgeCalls), ...BRIDGE_SUBSCRIPTIONS].sort());
  const heard: unknown[] = [];
  bridge.onNoticeClicked((clicked) => heard.push(clicked));
  expect(() => told({ opens: '/access' })).toThrow(BridgeError);
  told({ opens: '/incidents?incident=0190-ab' });
  expect(heard).toEqual([{ opens: '/incidents?incident=0190-ab' }]);
  await expect(bridge.openExternal({ url: '' })).rejects.toMatchObject({ code: 'bad-argument' });
  expect(asked).toEqual([]);
  await expect(bridge.openExternal({ url: 'https://x' })).rejects.toMatchObject({ code: 'bad-answer' });
  expect(asked).toEqual(['openExternal']);
  expect(await bridge.appVersion({})).toEqual({ desktop: '1.0.0' });
});
