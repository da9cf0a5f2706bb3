import { describe, expect, test } from 'vitest';
import { findings, read } from '../../../tests/support/dialect-samples.ts';

describe('Homie', () => {
  test.each([
    ['homie/super-car/$state', 'init', ['birth']],
    ['homie/5/super-car/$state', 'ready', ['birth', 'event']],
    ['homie/super-car/$state', 'alert', ['birth', 'event']],
    ['homie/5/super-car/$state', 'sleeping', ['contact']],
    ['homie/5/super-car/$state', 'disconnected', ['death']],
    ['homie/super-car/$state', 'lost', ['death']],
    ['homie/5/super-car/$state', '', []],
  ])('%s %s', (topic, word, kinds) => {
    expect(findings(read('homie', topic, Buffer.from(word))).map(({ kind }) => kind)).toEqual(kinds);
  });

  test.each(['READY', 'constructor', '__proto__', 'gone'])('%s is no state', (word) => {
    expect(read('homie', 'homie/x/$state', Buffer.from(word))).toMatchObject({
      ok: false,
      reason: 'unknown-state',
    });
  });
});
