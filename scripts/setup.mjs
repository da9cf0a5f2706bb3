// What `npm start` and `npm test` run first. Plain Node 20, no dependency: nothing is installed yet when it starts.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asProgram, projectNode, quietly, root, Sentence } from './lib/run.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';

const stampFile = join(root, 'node_modules', '.kalancha-setup');

/** Changes when other packages are wanted or the machine is another one. */
function wantedStamp() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
}

/** Installs exactly what the lock file names, once. Install scripts do not run, but for the pinned Node itself. */
export function ensurePackages() {
  const wanted = wantedStamp();
  const have = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (have === wanted && existsSync(projectNode)) return;
  console.log('installing the exact packages of package-lock.json …');
  rmSync(stampFile, { force: true });
  npm(
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
    'The npm packages could not be installed. Is the npm registry reachable?',
  );
  quietly(
    process.execPath,
    ['installArchSpecificPackage.js'],
    'Node 24 could not be installed from the npm package "node".',
    { cwd: join(root, 'node_modules', 'node') },
  );
  // Its program came after the links of node_modules/.bin were made: npm scripts find Node 24 by such a link.
  npm(['rebuild', 'node', '--ignore-scripts'], 'Node 24 could not be linked into node_modules/.bin.');
  quietly(projectNode, ['--version'], 'The Node 24 that was installed does not run on this machine.');
  writeFileSync(stampFile, wanted);
}

/** Runs npm: the one that started this, else the one on PATH. */
function npm(args, failure) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) quietly(process.execPath, [script, ...args], failure);
  else quietly('npm', args, failure, { shell: process.platform === 'win32' });
}

/** Everything for `purpose`: `run`, `desktop` or `test`. @throws Sentence */
export function setup(purpose) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20)
    throw new Sentence(`Node ${process.versions.node} is too old: install Node 20 or newer from nodejs.org.`);
  ensureSystemPackages('run');
  if (purpose !== 'run') ensureSystemPackages(purpose);
  ensurePackages();
}

if (process.argv[1]?.endsWith('setup.mjs')) {
  await asProgram(() => setup(process.argv[2] === '--test' ? 'test' : 'run'));
}
