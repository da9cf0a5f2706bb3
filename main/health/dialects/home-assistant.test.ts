import { describe, expect, test } from 'vitest';
import { findings, read } from '../../../tests/support/dialect-samples.ts';

describe('Home Assistant', () => {
  test.each([
    ['porch/status', 'online', 'birth'],
    ['porch/status', 'offline', 'death'],
    ['porch/availability', '{"state":"online"}', 'birth'],
    ['porch/LWT', 'Offline', 'death'],
  ])('%s %s is a %s', (topic, payload, kind) => {
    expect(findings(read('home-assistant', topic, Buffer.from(payload)))).toEqual([{ kind }]);
  });

  test.each([
    ['on', 'unknown-state'],
    ['{"state":"unknown"}', 'unknown-state'],
    ['{"state":1}', 'wrong-field /state'],
    ['{', 'not-json'],
  ])('%s is refused', (payload, reason) => {
    expect(read('home-assistant', 'porch/status', Buffer.from(payload))).toMatchObject({ ok: false, reason });
  });

  test('an empty message only clears what the broker kept', () => {
    expect(findings(read('home-assistant', 'porch/status', Buffer.alloc(0)))).toEqual([]);
  });
});
