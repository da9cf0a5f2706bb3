import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/hub-process.ts';
import { startMosquitto } from '../support/mosquitto.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const TS_PACKET = 188;
const ARGS = ['--seed', '4', '--cameras', '40', '--access-points', '8', '--rate', '50'];

/** Every process that runs: its id and its parent's. One that ended and was not yet collected runs no more. */
async function processes(): Promise<{ pid: number; parent: number }[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,stat=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

const below = async (above: number) =>
  (await processes()).filter(({ parent }) => parent === above).map(({ pid }) => pid);

const running = async (pids: readonly number[]) =>
  (await processes()).map(({ pid }) => pid).filter((pid) => pids.includes(pid));

describe('the demonstration beside a hub', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let url = '';
  let parent: ChildProcess | undefined;

  beforeAll(async () => {
    const port = await freePort();
    url = `mqtt://127.0.0.1:${port}`;
    broker = await startMosquitto({
      folder,
      port,
      user: 'hub',
      password: 'lantern-1234',
      // As the hub's own broker does for programs of the same machine.
      extra: 'allow_anonymous true\n',
    });
  });
  afterAll(async () => {
    parent?.kill('SIGKILL');
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start() {
    const child = spawn(
      process.execPath,
      [here('../support/demo-parent.ts'), here('../../fixtures/demo/cli.ts'), ...ARGS],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    parent = child;
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    const [, pid = '', scenes = ''] = await until(
      'the scenes',
      () => /^pid (\d+)\n[\s\S]*^scenes ready (http:\/\/127\.0\.0\.1:\d+)$/m.exec(said) ?? undefined,
    );
    return { child, pid: Number(pid), scenes, said: () => said };
  }

  it('shows pictures, speaks for the fleet, and does not outlive a parent that was killed', async () => {
    const { child, pid, scenes, said } = await start();
    const stream = await fetch(`${scenes}/camera/2.ts`);
    const reader = stream.body?.getReader();
    let bytes = Buffer.alloc(0);
    while (reader && bytes.length < 20 * TS_PACKET) {
      const { value } = await reader.read();
      if (!value) break;
      bytes = Buffer.concat([bytes, value]);
    }
    for (let packet = 0; packet < 20; packet++) expect(bytes[packet * TS_PACKET]).toBe(0x47);

    const listener = await connectAsync(url);
    const heard = new Set<string>();
    listener.on('message', (topic) => heard.add(topic.split('/').at(-1) ?? ''));
    await listener.subscribeAsync('kalancha/v1/moscow/#');
    child.stdin.write(`mqtt ${url}\n`);
    await until('births and reports', () => (heard.has('status') && heard.has('state') ? true : undefined));
    await listener.endAsync();
    child.stdin.write('what\n');
    await until('an answer', () => (said().includes('"what" is not understood') ? true : undefined));

    const encoders = await until('an encoder', async () => {
      const found = await below(pid);
      return found.length > 0 ? found : undefined;
    });
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await until('all to end', async () =>
      (await running([pid, ...encoders])).length === 0 ? true : undefined,
    );
    await reader?.cancel().catch((error: unknown) => expect(error).toBeInstanceOf(Error));
  });

  it('ends when asked to, with its encoders', async () => {
    const { child, pid, scenes } = await start();
    const stream = await fetch(`${scenes}/camera/1.ts`);
    child.stdin.write(`mqtt ${url}\n`);
    const encoders = await until('an encoder', async () => {
      const found = await below(pid);
      return found.length > 0 ? found : undefined;
    });
    const exited = once(child, 'exit');
    process.kill(pid, 'SIGTERM');
    expect((await exited)[0]).toBe(0);
    expect(await running([pid, ...encoders])).toEqual([]);
    await stream.body?.cancel().catch((error: unknown) => expect(error).toBeInstanceOf(Error));
  });
});
