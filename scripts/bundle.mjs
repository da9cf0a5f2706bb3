// One file a program, so that Electron's older Node and the pinned one run the same code. Packages stay outside.
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/run.mjs';

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
};

await build({
  ...common,
  format: 'esm',
  outdir: 'dist',
  entryPoints: {
    'main/cli': 'main/cli.ts',
    'main/embedded': 'main/embedded.ts',
    'main/history-worker': 'main/history/worker.ts',
    'electron/main': 'electron/main.ts',
    'fixtures/demo': 'fixtures/demo/cli.ts',
    'fixtures/fleet': 'fixtures/fleet/cli.ts',
    'fixtures/scenes': 'fixtures/scenes/cli.ts',
  },
  define: { KALANCHA_VERSION: JSON.stringify(process.env.npm_package_version ?? '0.1.0') },
});

// A sandboxed preload can require nothing but electron: everything else is bundled into its one file.
await build({
  ...common,
  packages: 'bundle',
  external: ['electron'],
  format: 'cjs',
  outfile: join('dist', 'native-bridge', 'desktop.cjs'),
  entryPoints: ['native-bridge/desktop.ts'],
});
