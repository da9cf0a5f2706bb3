import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeSecretFile } from './secret-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kalancha-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is whole, its owner\u2019s alone, and never takes the place of another', () => {
  const file = join(folder, 'key.pem');
  // What a power cut left of an attempt before.
  writeFileSync(`${file}.draft`, '');
  writeSecretFile(file, 'secret');
  expect(readFileSync(file, 'utf8')).toBe('secret');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(() => writeSecretFile(file, 'another')).toThrow('EEXIST');
  expect(readFileSync(file, 'utf8')).toBe('secret');
  expect(existsSync(`${file}.draft`)).toBe(false);
});
