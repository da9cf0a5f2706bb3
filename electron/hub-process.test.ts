import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHubProcess, type HubState } from './hub-process.ts';
import type { HostedProcess } from './process-host.ts';

/** A process of which the test plays the inside. */
function fakeProcess(script: string, args: readonly string[], env: Record<string, string>) {
  const posted: unknown[] = [];
  const onMessage: ((message: unknown) => void)[] = [];
  const onExit: ((code: number | null) => void)[] = [];
  const stdout = new Readable({ read: () => undefined });
  let killed = 0;
  const inside = {
    script,
    args,
    env,
    posted,
    stdout,
    killed: () => killed,
    says: (message: unknown) => {
      for (const listener of onMessage) listener(message);
    },
    ends: (code: number | null) => {
      for (const listener of onExit.splice(0)) listener(code);
    },
  };
  const process: HostedProcess = {
    stdout,
    stderr: null,
    post: (message) => void posted.push(message),
    onMessage: (listener) => void onMessage.push(listener),
    onExit: (listener) => void onExit.push(listener),
    kill: () => {
      killed += 1;
      inside.ends(null);
    },
  };
  return { inside, process };
}

const dist = join('/', 'opt', 'kalancha', 'dist');
const ready = { type: 'ready', httpUrl: 'http://127.0.0.1:40001', mqttUrl: null };

function setUp() {
  const hubs: ReturnType<typeof fakeProcess>['inside'][] = [];
  const children: ReturnType<typeof fakeProcess>['inside'][] = [];
  const states: HubState[] = [];
  const ports: number[] = [];
  const lines: string[] = [];
  const starter =
    (list: typeof hubs) => (script: string, args: readonly string[], env: Record<string, string>) => {
      const { inside, process } = fakeProcess(script, args, env);
      list.push(inside);
      return process;
    };
  const hub = createHubProcess({
    options: {
      dataDir: '/data',
      demo: true,
      configFile: undefined,
      hubNode: undefined,
      nativeBinding: undefined,
    },
    dist,
    env: { PATH: '/bin' },
    port: { last: () => ports.at(-1) ?? 0, remember: (port) => void ports.push(port) },
    startHub: starter(hubs),
    startChild: starter(children),
    log: { file: '/log', line: (text) => void lines.push(text), take: () => undefined },
    monotonicMs: () => performance.now(),
    onChange: (state) => states.push(state),
    limits: { startMs: 10_000, stopMs: 1_000 },
  });
  const last = (list = hubs) => {
    const inside = list.at(-1);
    if (!inside) throw new Error('no process was started');
    return inside;
  };
  return { hub, hubs, children, states, lines, last };
}

async function started() {
  const parts = setUp();
  parts.hub.start();
  await vi.advanceTimersByTimeAsync(0);
  return parts;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the hub is told what to do, in the environment given, and its address is taken', async () => {
  const { hub, last } = await started();
  expect(hub.state).toEqual({ phase: 'starting', again: false });
  expect(last().script).toBe(join(dist, 'main', 'embedded.js'));
  expect(last().env).toEqual({ PATH: '/bin' });
  expect(last().posted).toEqual([
    {
      type: 'start',
      dataDir: '/data',
      demo: true,
      port: 0,
      dist,
      launchToken: expect.stringMatching(/^[\w-]{43}$/),
    },
  ]);
  last().says(ready);
  expect(hub.state).toMatchObject({ phase: 'ready', access: { origin: 'http://127.0.0.1:40001' } });
});

test.each([
  'http://10.0.0.1:80',
  'https://evil.example',
  'file:///etc/passwd',
  'http://127.0.0.1:80@evil.example',
])('an address that cannot be the hub is not shown: %s', async (httpUrl) => {
  const { hub, last } = await started();
  last().says({ ...ready, httpUrl });
  expect(hub.state).toMatchObject({ phase: 'failed', code: 'hub-address' });
  expect(last().posted.at(-1)).toEqual({ type: 'stop' });
});

test('messages of no known shape change nothing', async () => {
  const { hub, lines, last } = await started();
  for (const message of ['ready', null, { type: 'exec' }, { ...ready, extra: 1 }, { type: 'ready' }])
    last().says(message);
  expect(hub.state).toEqual({ phase: 'starting', again: false });
  expect(lines).toHaveLength(5);
});

test('a hub that says why it failed is not tried again until somebody asks', async () => {
  const { hub, hubs, last } = await started();
  last().says({ type: 'failed', code: 'data-in-use', message: 'taken' });
  expect(hub.state).toEqual({ phase: 'failed', code: 'data-in-use', message: 'taken' });
  last().ends(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hubs).toHaveLength(1);
  hub.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(hubs).toHaveLength(2);
  expect(hub.state).toEqual({ phase: 'starting', again: false });
});

test('the second attempt waits for the end of the first', async () => {
  const { hub, hubs, last } = await started();
  last().says({ type: 'failed', code: 'data-in-use', message: 'taken' });
  hub.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(hubs).toHaveLength(1);
  last().ends(0);
  await vi.advanceTimersByTimeAsync(0);
  expect(hubs).toHaveLength(2);
});

test('a hub that dies comes back with another token, and is given up after the third time', async () => {
  const { hub, hubs, last } = await started();
  const tokens = new Set<unknown>();
  for (const delay of [500, 2_000, 8_000]) {
    tokens.add(JSON.stringify(last().posted[0]));
    last().says(ready);
    last().ends(139);
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(hub.state).toEqual({ phase: 'starting', again: true });
    const before = hubs.length;
    await vi.advanceTimersByTimeAsync(1);
    expect(hubs).toHaveLength(before + 1);
  }
  expect(tokens.size).toBe(3);
  expect(last().posted[0]).toMatchObject({ port: 40001 });
  last().ends(139);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hub.state).toMatchObject({ phase: 'failed', code: 'hub-crashed' });
  expect(hubs).toHaveLength(4);
});

test('a hub that never becomes ready is ended, and said to be slow', async () => {
  const { hub, last } = await started();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(hub.state).toMatchObject({ phase: 'failed', code: 'hub-slow' });
  expect(last().posted.at(-1)).toEqual({ type: 'stop' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(last().killed()).toBe(1);
});

test('stopping asks, waits, and ends what does not stop', async () => {
  const { hub, hubs, last } = await started();
  last().says(ready);
  const stopped = hub.stop();
  expect(last().posted.at(-1)).toEqual({ type: 'stop' });
  await vi.advanceTimersByTimeAsync(999);
  expect(last().killed()).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  await stopped;
  expect(last().killed()).toBe(1);
  expect(hub.state).toEqual({ phase: 'stopped' });
  hub.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hubs).toHaveLength(1);
});

test('stopping while it waits to start again starts nothing more', async () => {
  const { hub, hubs, last } = await started();
  last().ends(1);
  await vi.advanceTimersByTimeAsync(100);
  await hub.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hubs).toHaveLength(1);
});

test('programs of the hub: started for it, heard, told, and gone with it', async () => {
  const { hub, children, lines, last } = await started();
  const script = join(dist, 'fixtures', 'demo.js');
  last().says({ type: 'spawn', id: 1, script, args: ['--seed', '1'] });
  expect(last(children)).toMatchObject({
    script,
    args: ['--seed', '1'],
    env: { PATH: '/bin', KALANCHA_PARENT: '1' },
  });
  last(children).stdout.push('scenes http://127.0.0.1:1\nmore');
  await vi.waitFor(() =>
    expect(last().posted.at(-1)).toEqual({ type: 'child-line', id: 1, line: 'scenes http://127.0.0.1:1' }),
  );
  last().says({ type: 'child-write', id: 1, line: 'mqtt mqtt://127.0.0.1:2' });
  expect(last(children).posted).toEqual([{ line: 'mqtt mqtt://127.0.0.1:2' }]);
  last().says({ type: 'child-kill', id: 1 });
  expect(last().posted.at(-1)).toEqual({ type: 'child-exit', id: 1, code: null });

  last().says({ type: 'spawn', id: 2, script: '/bin/sh', args: ['-c', 'true'] });
  expect(children).toHaveLength(1);
  expect(lines.at(-1)).toContain('/bin/sh');
  expect(last().posted.at(-1)).toEqual({ type: 'child-exit', id: 2, code: null });

  last().says({ type: 'spawn', id: 3, script, args: [] });
  last().says({ type: 'spawn', id: 3, script, args: [] });
  expect(children).toHaveLength(2);
  const stopped = hub.stop();
  last().ends(0);
  await stopped;
  expect(last(children).killed()).toBe(1);
});

test('the log file is kept for its owner only, and is put aside when it has grown', async () => {
  const { openHubLog } = await import('./hub-log.ts');
  const { readFileSync, statSync } = await import('node:fs');
  const folder = mkdtempSync(join(tmpdir(), 'hub-log-'));
  try {
    const shown: string[] = [];
    const { Writable } = await import('node:stream');
    const terminal = new Writable({
      write(chunk, _encoding, done) {
        shown.push(String(chunk));
        done();
      },
    });
    const file = join(folder, 'logs', 'hub.log');
    const log = openHubLog(file, terminal, 20);
    log.line('the first line');
    log.line('the second line');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${file}.old`, 'utf8')).toBe('shell: the first line\n');
    expect(readFileSync(file, 'utf8')).toBe('shell: the second line\n');
    expect(shown.join('')).toBe('shell: the first line\nshell: the second line\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
