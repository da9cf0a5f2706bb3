// `npm start`: sets up, builds, and opens the console; without a display or an Electron binary the same hub headless.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from './build.mjs';
import { asProgram, hubFlags, projectNode, projectPath, root, run, Sentence } from './lib/run.mjs';
import { ensureSystemPackages } from './lib/system-packages.mjs';
import { setup } from './setup.mjs';

const HELP = `npm start [-- OPTIONS]
  --headless      no window: prints the address to open in a browser
  --no-demo       an empty city instead of the demonstration
  --data DIR      where everything is kept (default: data/demo, or data/hub with --no-demo)
  --port N        port of a headless hub (default: a free one)`;

function readOptions(args) {
  const options = { headless: false, demo: true, data: undefined, port: '0' };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--headless') options.headless = true;
    else if (args[i] === '--no-demo') options.demo = false;
    else if (args[i] === '--data' && args[i + 1]) options.data = args[++i];
    else if (args[i] === '--port' && /^\d+$/.test(args[i + 1] ?? '')) options.port = args[++i];
    else throw new Sentence(`${args[i]} is not understood.\n${HELP}`);
  }
  options.data ??= join(root, 'data', options.demo ? 'demo' : 'hub');
  return options;
}

const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);

/** The Electron program, fetched on first use; undefined with a reason where it can't be had. */
function electronProgram() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const program = join(override, process.platform === 'win32' ? 'electron.exe' : 'electron');
    return existsSync(program)
      ? { program }
      : { reason: `ELECTRON_OVERRIDE_DIST_PATH names a folder without ${program}` };
  }
  const fetch = spawnSync(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (fetch.status !== 0) {
    const why = (fetch.stderr ?? '').match(/Error: (.*)/)?.[1] ?? 'it could not be downloaded';
    return { reason: `no Electron binary could be had (${why})` };
  }
  return { program: createRequire(import.meta.url)(join(root, 'node_modules', 'electron')) };
}

function windowOrReason(options) {
  if (options.headless) return { reason: 'asked for by --headless' };
  if (!hasDisplay()) return { reason: 'this machine has no display' };
  try {
    if (process.platform === 'linux') ensureSystemPackages('desktop');
  } catch (error) {
    if (error instanceof Sentence) return { reason: error.message };
    throw error;
  }
  return electronProgram();
}

await asProgram(async () => {
  if (process.argv.includes('--help')) return console.log(HELP) ?? 0;
  const options = readOptions(process.argv.slice(2));
  setup('run');
  await build();
  const { program, reason } = windowOrReason(options);
  const env = { ...process.env, PATH: projectPath() };
  // The demonstration's fleet is told the port; real devices need the one that was configured.
  const demo = options.demo ? ['--demo'] : [];
  const mqtt = options.demo ? ['--mqtt-port', '0'] : [];
  if (!program) {
    console.log(
      `Starting without a window: ${reason}. Open the printed address in a browser on this machine.`,
    );
    return run(
      projectNode,
      [
        ...hubFlags,
        join(root, 'dist', 'main', 'cli.js'),
        'hub',
        '--data',
        options.data,
        '--port',
        options.port,
        ...demo,
        ...mqtt,
      ],
      { env },
    );
  }
  // Chromium's own sandbox refuses to work for root; everybody else keeps it.
  const noSandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return run(program, [...noSandbox, root, ...demo], { env: { ...env, KALANCHA_DATA: options.data } });
});
