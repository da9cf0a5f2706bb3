import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockDataDir } from './data-lock.ts';

it('lets one holder in at a time, and the next one after it let go', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kalancha-lock-'));
  try {
    const first = lockDataDir(dir);
    expect(() => lockDataDir(dir)).toThrow('Another hub is running');
    void first.stop();
    void lockDataDir(dir).stop();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

it('says when the folder cannot be written', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kalancha-lock-'));
  try {
    writeFileSync(join(dir, 'file'), '');
    expect(() => lockDataDir(join(dir, 'file', 'data'))).toThrow('cannot be written');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
