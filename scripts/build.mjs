// Builds dist/: hub, shell, preload and fixtures with esbuild, the renderer with Vite. Skipped when nothing changed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asProgram, projectNode, quietly, root } from './lib/run.mjs';

const SOURCES = [
  'main',
  'renderer',
  'electron',
  'native-bridge',
  'fixtures',
  'scripts/build.mjs',
  'package-lock.json',
  'package.json',
];
const stampFile = join(root, 'dist', '.stamp');

/** One number for all that goes into the build. */
function sourceStamp() {
  const hash = createHash('sha256');
  const add = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (/\.(test\.tsx?|md)$/.test(path)) return;
    let entries;
    try {
      entries = readdirSync(full).sort();
    } catch (error) {
      if (error.code !== 'ENOTDIR') throw error;
      hash.update(path).update('\0').update(readFileSync(full)).update('\0');
      return;
    }
    for (const entry of entries) add(`${path}/${entry}`);
  };
  for (const source of SOURCES) add(source);
  return hash.digest('hex');
}

/** Brings dist/ up to date. @throws Sentence when something does not compile */
export async function build() {
  const wanted = sourceStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  console.log('building …');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  quietly(projectNode, [join(root, 'scripts', 'bundle.mjs')], 'The program could not be built.');
  quietly(
    projectNode,
    [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', 'renderer', '--logLevel', 'warn'],
    'The console could not be built.',
  );
  writeFileSync(stampFile, wanted);
}

if (process.argv[1]?.endsWith('build.mjs')) await asProgram(build);
