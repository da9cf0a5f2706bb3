import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface HubProcess {
  httpUrl: string;
  mqttUrl: string;
  mqttPort: number;
  dataDir: string;
  pid: number;
  /** All that the hub wrote to stderr so far: its log. */
  log(): string;
  /** SIGTERM, waits for the end, answers the exit code. */
  stop(): Promise<number | null>;
  /** kill -9, waits for the end. */
  kill(): Promise<void>;
}

export interface HubOptions {
  dataDir?: string;
  args?: string[];
  env?: Record<string, string>;
  /** Longest wait for the ready line, ms. */
  readyMs?: number;
  /** Another build of the hub than dist/. */
  program?: string;
  /** Node's own options, such as `--cpu-prof`. */
  nodeArgs?: string[];
}

/** As `hubFlags` of scripts/lib/run.mjs: tests and benches run the hub as users do. */
const hubFlags = ['--max-semi-space-size=8', '--heap-growing-percent=30'];

/** A folder of its own for one test, and how to be rid of it. */
export function temporaryFolder(name: string): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), `kalancha-${name}-`));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 10 }) };
}

/** Starts the built hub from outside, as a user does, and waits for its ready line. */
export async function startHubProcess({
  dataDir,
  args = [],
  env = {},
  readyMs = 90_000,
  program = join(root, 'dist/main/cli.js'),
  nodeArgs = [],
}: HubOptions = {}): Promise<HubProcess> {
  const dir = dataDir ?? mkdtempSync(join(tmpdir(), 'kalancha-hub-'));
  const child = spawn(
    process.execPath,
    [...hubFlags, ...nodeArgs, program, 'hub', '--data', dir, '--port', '0', '--mqtt-port', '0', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const ready = await readyLine(child, exited, readyMs, () => log);
  return {
    httpUrl: ready[1] ?? '',
    mqttUrl: ready[2] ?? '',
    mqttPort: Number(new URL(ready[2] ?? '').port),
    dataDir: dir,
    pid: child.pid ?? 0,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function readyLine(
  child: ChildProcess,
  exited: Promise<number | null>,
  limitMs: number,
  log: () => string,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let out = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the hub was not ready in ${limitMs} ms:\n${log()}`));
    }, limitMs);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const ready = /^hub ready (http\S+) (mqtts?:\S+)$/m.exec(out);
      if (!ready) return;
      clearTimeout(timer);
      resolve(ready);
    });
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`the hub ended with ${code}:\n${log()}`));
    });
  });
}

/** A signed-in plain HTTP client: no browser, no events. */
export interface Client {
  cookie: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  send(method: string, path: string, body?: unknown): Promise<Response>;
  json<T>(path: string): Promise<T>;
}

export async function signIn(httpUrl: string, login: string, password: string): Promise<Client> {
  const answer = await fetch(`${httpUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  if (!answer.ok) throw new Error(`sign-in as ${login}: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`${httpUrl}${path}`, { ...init, headers: { ...init.headers, cookie } });
  return {
    cookie,
    get,
    send: (method, path, body) =>
      fetch(`${httpUrl}${path}`, {
        method,
        headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async json<T>(path: string) {
      const response = await get(path);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
  };
}

/** Signs in as the person that a hub made at its first start, by the file only its owner can read. */
export function firstPassword(dataDir: string): string {
  const text = readFileSync(join(dataDir, 'first-password.txt'), 'utf8');
  return text.trim().split(/\s+/).at(-1) ?? '';
}

/**
 * Asks again and again until `check` answers something, for things that happen soon but not at once. The limit only ends
 * a test that fails: a busy machine is given its time.
 */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined> | T | undefined,
  limitMs = 60_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
