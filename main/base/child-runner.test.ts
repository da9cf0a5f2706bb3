import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeChildRunner } from './child-runner.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'child-runner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(source: string): string {
  const file = join(folder, 'child.mjs');
  writeFileSync(file, source);
  return file;
}

test('lines go both ways, and the arguments arrive', async () => {
  const child = nodeChildRunner().spawn(
    program(`
      import { createInterface } from 'node:readline';
      console.log('args ' + process.argv.slice(2).join(' ') + ' parent ' + process.env.KALANCHA_PARENT);
      for await (const line of createInterface({ input: process.stdin })) {
        if (line === 'end') process.exit(7);
        console.log('heard ' + line);
      }`),
    ['--seed', '1'],
  );
  const lines: string[] = [];
  child.onLine((line) => {
    lines.push(line);
    if (lines.length === 1) child.write('привет');
    if (lines.length === 2) child.write('end');
  });
  expect(await child.exited).toBe(7);
  expect(lines).toEqual(['args --seed 1 parent 1', 'heard привет']);
  child.write('nobody hears this');
});

test('a child that is told to end ends', async () => {
  const child = nodeChildRunner().spawn(program(`console.log('up'); setInterval(() => {}, 1000);`), []);
  child.onLine(() => child.kill());
  expect(await child.exited).toBeNull();
});

test('a script that does not exist ends with a failure, not with an exception', async () => {
  const child = nodeChildRunner().spawn(join(folder, 'missing.mjs'), []);
  expect(await child.exited).toBe(1);
});
