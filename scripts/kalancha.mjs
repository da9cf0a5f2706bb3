#!/usr/bin/env node
// The command `kalancha`: hands over to the built program, under the project's own Node 24 where this one is older.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { asProgram, hubFlags, projectNode, root } from './lib/run.mjs';
import { setup } from './setup.mjs';

const program = join(root, 'dist', 'main', 'cli.js');

// Flags of V8 must stand there before it starts, hence a child for the hub.
const flags = process.argv[2] === 'hub' ? hubFlags : [];

/** Runs the program in a child and ends as it ends; the child stops by itself if this process is killed. */
function inChild() {
  const child = spawn(projectNode, [...flags, program, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, KALANCHA_LAUNCHER: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0))));
}

await asProgram(async () => {
  if (!existsSync(program)) {
    // Says on stderr what it does: stdout belongs to the command.
    console.log = console.error;
    setup('run');
    await build();
  }
  if (flags.length > 0 || Number(process.versions.node.split('.')[0]) < 24) return inChild();
  process.argv[1] = program;
  await import(pathToFileURL(program).href);
  return process.exitCode;
});
