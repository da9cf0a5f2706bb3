import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSealer, loadSealingKey } from './sealing.ts';

const key = (fill: number) => new Uint8Array(32).fill(fill);

describe('sealed text', () => {
  test('opens with its key and context, whatever it says', () => {
    const sealer = createSealer(key(1));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
        expect(sealer.open(sealer.seal(text, context), context)).toBe(text);
      }),
    );
  });

  test('does not open with another key, for another device, or changed', () => {
    const sealer = createSealer(key(1));
    const sealed = sealer.seal('secret', 'cam-1');
    expect(() => createSealer(key(2)).open(sealed, 'cam-1')).toThrow();
    expect(() => sealer.open(sealed, 'cam-2')).toThrow();
    expect(() => sealer.open('', 'cam-1')).toThrow('not a sealed text');
    const bytes = Buffer.from(sealed, 'base64url');
    for (const at of [0, 1, 15, bytes.length - 1]) {
      const bent = Buffer.from(bytes);
      bent[at] = (bent[at] ?? 0) ^ 1;
      expect(() => sealer.open(bent.toString('base64url'), 'cam-1'), String(at)).toThrow();
    }
  });

  test('is never the same twice and shows nothing', () => {
    const sealer = createSealer(key(1));
    expect(sealer.seal('hunter2', 'a')).not.toBe(sealer.seal('hunter2', 'a'));
    expect(Buffer.from(sealer.seal('hunter2', 'a'), 'base64url').includes('hunter2')).toBe(false);
  });

  test('a key of another length is refused', () => {
    expect(() => createSealer(new Uint8Array(16))).toThrow('32 bytes');
  });
});

describe('the key file', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kalancha-key-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test('is made once, for its owner alone', () => {
    const file = join(dir, 'secret.key');
    const made = loadSealingKey(file);
    expect(made).toHaveLength(32);
    expect(loadSealingKey(file).equals(made)).toBe(true);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('is never replaced when it is broken', () => {
    const file = join(dir, 'secret.key');
    writeFileSync(file, 'short');
    expect(() => loadSealingKey(file)).toThrow(/Restore it from a backup/);
    expect(readFileSync(file, 'utf8')).toBe('short');
  });

  test('in a folder that is not there is a sentence', () => {
    expect(() => loadSealingKey(join(dir, 'no', 'secret.key'))).toThrow(/cannot be used/);
  });
});
