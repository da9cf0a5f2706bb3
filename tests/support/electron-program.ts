import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { root, testElectron } from './electron-app.ts';

/** Programs that run in Electron's own Node. */
const IN_UTILITY_PROCESS = ['main/embedded.js', 'fixtures/demo.js'];

export interface ProgramCopy {
  folder: string;
  /** The addon that this Electron can load. */
  nativeBinding: string;
  remove(): void;
}

/**
 * A copy of the built program for the Electron of the tests, whose Node is older than the one that is shipped: it
 * finds a better-sqlite3 of that age before the project's own, and packages which are modules by now are bundled
 * into the programs, because that Node cannot `require` them. The program's own code is what was built.
 */
export async function copyProgramForTestElectron(): Promise<ProgramCopy> {
  const prepared = join(dirname(dirname(testElectron)), 'better-sqlite3');
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache', 'utility-process-'));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(prepared, join(folder, 'node_modules', 'better-sqlite3'));
  await build({
    absWorkingDir: root,
    entryPoints: IN_UTILITY_PROCESS.map((file) => join('dist', file)),
    outbase: 'dist',
    outdir: join(folder, 'dist'),
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['better-sqlite3', '@node-rs/argon2'],
    logLevel: 'warning',
    banner: {
      js: [
        `import { createRequire as requireOfBundle } from 'node:module';`,
        'const require = requireOfBundle(import.meta.url);',
        'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
      ].join(' '),
    },
  });
  return {
    folder,
    nativeBinding: join(prepared, 'build', 'Release', 'better_sqlite3.node'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
