import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The Node that the project pins, put there by the npm package `node`. */
export const projectNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/**
 * V8's flags for a hub. Its young generation grows to 128 MB where it may: twice the memory a camera, and
 * nothing gained (`npm run bench -- video --only recorded`). Its old one, and the history thread's, would hold up to
 * four times what lives in it before it is collected: here a third more.
 */
export const hubFlags = ['--max-semi-space-size=8', '--heap-growing-percent=30'];

/** An error whose message alone is what a person needs. */
export class Sentence extends Error {}

/** PATH with the project's own programs first, so that every child finds Node 24. */
export const projectPath = () => [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);

/** Where `program` stands on PATH, or undefined. */
export function findProgram(program) {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`, program] : [program];
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const file = join(dir, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder: the next one is looked into.
      }
    }
  }
  return undefined;
}

/** Runs a program to its end with its output shown; resolves to its exit code. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Runs a program quietly; what it printed is shown only when it failed. @throws Sentence with `failure` */
export function quietly(program, args, failure, options = {}) {
  const result = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (result.error || result.status !== 0) {
    const tail = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-15).join('\n');
    throw new Sentence(`${failure}\n${result.error?.message ?? tail}`);
  }
  return result.stdout;
}

/** Runs `main`, and turns a Sentence into one line on stderr instead of a stack. */
export async function asProgram(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof Sentence ? error.message : error);
    process.exitCode = 1;
  }
}
