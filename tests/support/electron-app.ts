import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ElectronApplication, _electron as electron, type Page } from '@playwright/test';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The Electron that `scripts/electron-for-tests.mjs` prepared; better-sqlite3 of its age stands beside it. */
export const testElectron =
  process.env.KALANCHA_TEST_ELECTRON ?? join(root, '.cache', 'electron-test', 'app', 'electron');

export interface Desktop {
  app: ElectronApplication;
  page: Page;
  /** Home, settings and data of this run. */
  home: string;
  dataDir: string;
  /** All that the program printed so far. */
  log(): string;
  /** Every process of this run that lives, with its command line, whoever its parent is now. */
  processes(): { pid: number; command: string }[];
  /** Quits as a person does; resolves to the exit code. */
  quit(): Promise<number | null>;
  /** Resolves to the exit code when the program has ended by itself. */
  exited: Promise<number | null>;
}

export interface DesktopOptions {
  /** Folder of the program; the checkout by default. */
  program?: string;
  args?: string[];
  env?: Record<string, string>;
  /** Runs the hub under this very Node instead of Electron's own, older one. */
  hubUnderNode?: boolean;
  /** A home to use again. */
  home?: string;
}

/** The environment of one run: a home of its own, by which all its processes are found again. */
function environmentOf(
  home: string,
  { env = {}, hubUnderNode = true }: DesktopOptions,
): Record<string, string> {
  const { PATH = '', DISPLAY = '', XAUTHORITY } = process.env;
  if (DISPLAY === '') throw new Error('There is no display: run these tests under xvfb-run.');
  return {
    PATH,
    DISPLAY,
    ...(XAUTHORITY ? { XAUTHORITY } : {}),
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    KALANCHA_DATA: join(home, 'data'),
    KALANCHA_MQTT_PORT: '0',
    ...(hubUnderNode ? { KALANCHA_HUB_NODE: process.execPath } : {}),
    ...env,
  };
}

/** Starts the desktop program and waits for its window. */
export async function launchDesktop(options: DesktopOptions = {}): Promise<Desktop> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'kalancha-desktop-'));
  const launch = () =>
    electron.launch({
      executablePath: testElectron,
      args: ['--no-sandbox', options.program ?? root, '--lang=ru', ...(options.args ?? [])],
      env: environmentOf(home, options),
    });
  // This Electron now and then dies by a signal when the debugger attaches, before it ran a line of the program.
  const app = await launch().catch((error: unknown) => {
    if (!/SIGSEGV/.test(String(error))) throw error;
    return launch();
  });
  let log = '';
  const child = app.process();
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
  const exited = exitOf(child);
  const page = await app.firstWindow();
  return {
    app,
    page,
    home,
    dataDir: join(home, 'data'),
    log: () => log,
    processes: () => processesOf(home),
    async quit() {
      await app.close();
      return exited;
    },
    exited,
  };
}

/** Quits if it still runs, ends what is left, and removes the home. For `afterEach`: the test itself looks for leftovers. */
export async function cleanUp(desktop: Desktop | undefined): Promise<void> {
  if (!desktop) return;
  await desktop.app.close();
  await desktop.exited;
  for (const { pid } of desktop.processes()) endNow(pid);
  rmSync(desktop.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Starts the program a second time on the same home, without a driver; resolves to its exit code. */
export function startAgain(home: string): Promise<number | null> {
  const child = spawn(testElectron, ['--no-sandbox', root], {
    env: environmentOf(home, {}),
    stdio: 'ignore',
  });
  return exitOf(child);
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** Processes whose environment names this home: also those whose parent is gone. Zombies hold nothing and do not count. */
function processesOf(home: string): { pid: number; command: string }[] {
  const found: { pid: number; command: string }[] = [];
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0');
      if (!environment.includes(`HOME=${home}`)) continue;
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (command !== '') found.push({ pid: Number(entry), command });
    } catch (error) {
      // It ended while it was looked at, or is somebody else's.
      if (!(error instanceof Error) || !/^(ENOENT|ESRCH|EACCES|EPERM)\b/.test(error.message)) throw error;
    }
  }
  return found;
}
