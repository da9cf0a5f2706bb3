import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  firstPassword,
  type HubProcess,
  signIn,
  startHubProcess,
  temporaryFolder,
} from '../support/hub-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs the command line and answers what it said and with which code it ended. */
const kalancha = (...args: string[]) => run('dist/main/cli.js', args);

async function run(program: string, args: string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(root, program), ...args], {
      timeout: 90_000,
      killSignal: 'SIGKILL',
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const failed = error as { code: number; stdout: string; stderr: string };
    return { code: failed.code, out: failed.stdout, err: failed.stderr };
  }
}

describe('an empty hub', () => {
  const folder = temporaryFolder('empty-hub');
  let hub: HubProcess;
  beforeAll(async () => {
    chmodSync(folder.dir, 0o755);
    hub = await startHubProcess({ dataDir: folder.dir });
  });
  afterAll(async () => {
    await hub.stop();
    folder.remove();
  });

  it('answers its probes, metrics and OpenAPI', async () => {
    expect((await fetch(`${hub.httpUrl}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${hub.httpUrl}/readyz`)).json()).toEqual({ ready: true, missing: [] });
    const metrics = await (await fetch(`${hub.httpUrl}/metrics`)).text();
    expect(metrics).toContain('process_cpu_seconds_total');
    expect(metrics).toContain('kalancha_blind{part="broker"} 0');
    const openapi = (await (await fetch(`${hub.httpUrl}/api/openapi.json`)).json()) as {
      paths: Record<string, unknown>;
    };
    for (const path of [
      '/api/session',
      '/api/devices',
      '/api/devices/{id}',
      '/api/video/{id}/live.m3u8',
      '/api/audit',
    ])
      expect(Object.keys(openapi.paths)).toContain(path);
  });

  it('lets nobody in without a session, and knows one person whose password only the owner can read', async () => {
    const refused = await fetch(`${hub.httpUrl}/api/devices`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(((await refused.json()) as { code: string }).code).toBe('sign-in-first');
    expect(statSync(join(folder.dir, 'first-password.txt')).mode & 0o777).toBe(0o600);
    expect(hub.log()).not.toContain(firstPassword(folder.dir));
    const admin = await signIn(hub.httpUrl, 'admin', firstPassword(folder.dir));
    const session = await admin.json<{ actions: string[] }>('/api/session');
    expect(session.actions).toEqual(
      expect.arrayContaining(['access.manage', 'system.configure', 'device.edit']),
    );
    expect(session.actions).not.toContain('video.live');
    expect((await admin.send('DELETE', '/api/session')).status).toBeLessThan(300);
    expect((await admin.get('/api/session')).status).toBe(401);
  });

  it('keeps every file to its owner, also in a folder that others may read', () => {
    const files = readdirSync(folder.dir, { recursive: true, withFileTypes: true });
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['kalancha.db', 'history.db']));
    const open = files.filter(({ parentPath, name }) => statSync(join(parentPath, name)).mode & 0o077);
    expect(open.map(({ name }) => name)).toEqual([]);
  });

  it('refuses a wrong Host and a foreign Origin', async () => {
    const answer = await fetch(`${hub.httpUrl}/api/session`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: '{"login":"a","password":"b"}',
    });
    expect(answer.status).toBe(403);
    expect(((await answer.json()) as { code: string }).code).toBe('foreign-origin');
  });

  it('knows the city to which the first camera is added', async () => {
    const admin = await signIn(hub.httpUrl, 'admin', firstPassword(folder.dir));
    const areas = await admin.json<{ id: string; level: string }[]>('/api/areas');
    expect(areas.filter((area) => area.level === 'okrug')).toHaveLength(12);
  });

  it.each(['dist/main/cli.js', 'scripts/kalancha.mjs'])(
    'keeps its data folder to itself, and ends when started by %s',
    async (program) => {
      const second = await run(program, ['hub', '--data', folder.dir, '--port', '0', '--mqtt-port', '0']);
      expect(second.code).toBe(1);
      expect(second.err).toContain('Another hub is running on');
      expect(second.err).not.toContain('    at ');
    },
  );

  it('says which port is taken, and by what option another is chosen', async () => {
    const other = temporaryFolder('port-taken');
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const web = await kalancha('hub', '--data', other.dir, '--port', port, '--mqtt-port', '0');
    expect([web.code, web.err]).toEqual([1, expect.stringContaining(port)]);
    const mqtt = await kalancha('hub', '--data', other.dir, '--port', '0', '--mqtt-port', port);
    expect([mqtt.code, mqtt.err]).toEqual([1, expect.stringContaining(port)]);
    blocker.close();
    other.remove();
  });
});

describe('the command line', () => {
  it('refuses what it does not know with a sentence', async () => {
    expect(await kalancha('watch')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no command "watch"'),
    });
    expect(await kalancha('hub')).toMatchObject({ code: 2, err: expect.stringContaining('--data') });
    expect(await kalancha('hub', '--data', '/tmp', '--port', '99999')).toMatchObject({ code: 2 });
    expect(await kalancha('--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it('names a broken settings key', async () => {
    const folder = temporaryFolder('settings');
    const file = join(folder.dir, 'kalancha.json');
    writeFileSync(file, '{"http":{"prot":1}}');
    const { code, err } = await kalancha('hub', '--data', folder.dir, '--config', file);
    expect([code, err]).toEqual([1, expect.stringContaining('Did you mean "port"?')]);
    folder.remove();
  });
});

describe('stopping', () => {
  it('ends by itself and leaves a data folder that the next hub takes over', async () => {
    const folder = temporaryFolder('stopping');
    const first = await startHubProcess({ dataDir: folder.dir });
    const password = firstPassword(folder.dir);
    expect(await first.stop()).toBe(0);
    const second = await startHubProcess({ dataDir: folder.dir });
    await signIn(second.httpUrl, 'admin', password);
    expect(await second.stop()).toBe(0);
    const audit = await kalancha('verify-audit', '--data', folder.dir);
    expect(audit).toMatchObject({ code: 0, out: expect.stringContaining('whole') });
    folder.remove();
  });
});
