import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSpool } from './spool.ts';

let dir = '';
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'kalancha-spool-')), 'spool');
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

test('what comes is kept for its owner alone until it is removed', async () => {
  const { file, remove } = await createSpool(dir).receive(
    Readable.from([Buffer.from('a'), Buffer.from('b')]),
    10,
  );
  expect(readFileSync(file, 'utf8')).toBe('ab');
  if (process.platform !== 'win32') {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  }
  await remove();
  expect(readdirSync(dir)).toEqual([]);
});

test('what an earlier run left is removed', () => {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'old'), 'secret');
  createSpool(dir);
  expect(readdirSync(dir)).toEqual([]);
});

test('nothing is left of what is too large', async () => {
  const spool = createSpool(dir);
  await expect(spool.receive(Readable.from([Buffer.alloc(6), Buffer.alloc(5)]), 10)).rejects.toMatchObject({
    code: 'upload-too-large',
    status: 413,
  });
  expect(readdirSync(dir)).toEqual([]);
});

test('nothing is left of what breaks off', async () => {
  const spool = createSpool(dir);
  const source = new Readable({
    read() {
      this.push(Buffer.from('half'));
      this.destroy(new Error('aborted'));
    },
  });
  await expect(spool.receive(source, 10)).rejects.toMatchObject({ code: 'upload-broken' });
  expect(readdirSync(dir)).toEqual([]);
});
