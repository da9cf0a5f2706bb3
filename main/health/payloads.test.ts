import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deeperThan, parseEvent, parseState, parseStatus } from './payloads.ts';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const state = (more: object = {}) => ({ v: 1, id: 'ap-1', session: 1, seq: 1, ts: 1, ...more });

test('the payloads of the standard are taken, with fields that newer firmware may add', () => {
  expect(
    parseStatus(
      bytes({ v: 1, id: 'ap-1', online: true, session: 17, ts: 1_760_000_000_000, heartbeatS: 30, x: 1 }),
    ),
  ).toMatchObject({ ok: true, value: { session: 17 } });
  const radios = [
    { band: '5', channel: 44, widthMHz: 80, txPowerDbm: 20, noiseDbm: -95, activeMs: 1, busyMs: 1 },
  ];
  expect(parseState('ap', bytes(state({ radios })))).toMatchObject({ ok: true, value: { kind: 'ap' } });
  expect(parseState('switch', bytes(state({ ports: [{ port: '1', up: true }] })))).toMatchObject({
    ok: true,
  });
  expect(parseState('camera', bytes(state({ temperatureC: -20, tamper: false })))).toMatchObject({
    ok: true,
  });
  expect(
    parseEvent(bytes(state({ type: 'door', severity: 'warning', source: {}, data: { open: true } }))),
  ).toMatchObject({ ok: true });
});

test.each([
  ['not-json', '{"v":1,'],
  ['not-json', Buffer.from([0xff, 0xfe, 0x00])],
  ['too-large', JSON.stringify(state({ firmware: 'x'.repeat(70_000) }))],
  ['too-deep', `${'['.repeat(9)}${']'.repeat(9)}`],
  ['wrong-field /v', state({ v: 2 })],
  ['wrong-field /seq', state({ seq: -1 })],
  ['wrong-field /session', state({ session: 1.5 })],
  ['wrong-field /cpuPct', '{"v":1,"id":"ap-1","session":1,"seq":1,"ts":1,"cpuPct":1e999}'],
  ['wrong-field /radios', state({ radios: {} })],
  ['wrong-field /', '[]'],
  ['wrong-field /', 'null'],
])('%s is named as the reason', (reason, payload) => {
  const data = Buffer.isBuffer(payload) ? payload : bytes(payload);
  expect(parseState('ap', data)).toMatchObject({ ok: false, reason });
});

test('depth counts brackets outside strings only', () => {
  expect(deeperThan(8, bytes(`{"a":"${'['.repeat(50)}\\"${'['.repeat(50)}"}`))).toBe(false);
  expect(deeperThan(8, bytes(`${'['.repeat(8)}${']'.repeat(8)}`))).toBe(false);
  fc.assert(
    fc.property(fc.json({ maxDepth: 12 }), (json) => {
      const depth = (value: unknown): number =>
        typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
      expect(deeperThan(8, bytes(json))).toBe(depth(JSON.parse(json)) > 8);
    }),
  );
});

test('no bytes whatever make a parser throw', () => {
  const anything = fc.oneof(fc.uint8Array({ maxLength: 500 }), fc.json().map(bytes), fc.string().map(bytes));
  fc.assert(
    fc.property(anything, fc.constantFrom('ap', 'switch', 'camera'), (payload, kind) => {
      for (const parsed of [parseState(kind, payload), parseStatus(payload), parseEvent(payload)])
        if (!parsed.ok) expect(parsed.reason).toMatch(/^(too-large|too-deep|not-json|wrong-field )/);
    }),
  );
});
