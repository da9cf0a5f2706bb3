import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExportEstimate, ExportPublicKey, VideoExport } from '../../main/contract/export.ts';
import { Timeline } from '../../main/contract/video.ts';
import { endlessFootage } from '../support/footage.ts';
import { type Client, signIn, until } from '../support/hub-process.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../../dist/main/cli.js', import.meta.url));
/** Exports give way to everything else on the machine. */
const LONG = 300_000;
let rtsp: RtspServer;
let small: SmallHub;
let supervisor: Client;
let grantId = '';
let folder = '';
/** What there is to export, UTC ms. */
let range = { from: 0, to: 0 };

const order = (more: Record<string, unknown> = {}) => ({
  cameraIds: ['cam-1'],
  ...range,
  basis: 'КУСП № 7',
  ...more,
});
const asExport = async (answer: Response) => VideoExport.parse(await answer.json());

async function signInAs(login: string): Promise<Client> {
  return signIn(small.hub.httpUrl, login, PASSWORD);
}
const ended = (client: Client, id: string) =>
  until(
    'the export to end',
    async () => {
      const item = await asExport(await client.get(`/api/exports/${id}`));
      return item.state === 'waiting' || item.state === 'running' ? undefined : item;
    },
    LONG,
  );

/** What `kalancha verify-export` says, and its exit code. */
async function verify(...args: string[]): Promise<{ code: number; said: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [cli, 'verify-export', ...args]);
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kalancha-export-hub-'));
  rtsp = await startRtspServer({ mounts: [{ path: '/street', file: await endlessFootage() }] });
  small = await startSmallHub('export');
  await small.addCamera('cam-1', rtsp.url('/street'));
  ({ grantId } = await small.addPerson('chief', 'police-supervisor'));
  await small.addPerson('other', 'police-supervisor');
  await small.addPerson('officer', 'police-officer');
  supervisor = await signInAs('chief');
  const span = await until(
    'eight seconds of footage',
    async () => {
      const now = Date.now();
      const path = `/api/video/cam-1/timeline?from=${now - 120_000}&to=${now}`;
      const { spans } = Timeline.parse(await supervisor.json(path));
      return spans.find(({ from, to }) => to - from > 8_000);
    },
    LONG,
  );
  range = { from: span.from + 500, to: span.from + 7_500 };
}, 2 * LONG);
afterAll(async () => {
  await small?.stop();
  await rtsp?.kill();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'only who holds the right may take a copy, and only in the form that he holds',
  async () => {
    const officer = await signInAs('officer');
    const refused = await officer.send('POST', '/api/exports', order());
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: 'no-right', params: { action: 'video.export' } });
    for (const [more, action] of [
      [{ original: true }, 'video.export-original'],
      [{ sound: true }, 'video.audio'],
    ] as const)
      expect(await (await supervisor.send('POST', '/api/exports', order(more))).json()).toMatchObject({
        code: 'no-right',
        params: { action },
      });
    const nowhere = await supervisor.send('POST', '/api/exports', order({ cameraIds: ['cam-1', 'cam-2'] }));
    expect(nowhere.status).toBe(404);
    const { basis: _basis, ...baseless } = order();
    expect((await supervisor.send('POST', '/api/exports', baseless)).status).toBe(400);

    const ask = { cameraIds: ['cam-1'], ...range };
    const told = async (client: Client) =>
      ExportEstimate.parse(await (await client.send('POST', '/api/exports/estimate', ask)).json()).cameras[0];
    expect(await told(supervisor)).toMatchObject({
      name: 'Камера cam-1',
      may: { marked: true, original: false, sound: false },
    });
    expect((await told(supervisor))?.footageMs).toBeGreaterThan(2_000);
    // Who may not take it does not learn what there is either.
    expect(await told(officer)).toMatchObject({ footageMs: 0, may: { marked: false } });
    const entries = await small.admin.get('/api/exports');
    expect(await entries.json()).toEqual([]);
  },
  LONG,
);

test(
  'what was ordered is made, comes whole or in parts, and is verified with nothing but the public key',
  async () => {
    const asked = await supervisor.send('POST', '/api/exports', order());
    expect(asked.status).toBe(202);
    const { id } = await asExport(asked);
    const done = await ended(supervisor, id);
    expect(done).toMatchObject({ state: 'done', basis: 'КУСП № 7' });

    const whole = await supervisor.get(`/api/exports/${id}/download`);
    expect(whole.headers.get('content-disposition')).toBe(`attachment; filename="${done.archive?.name}"`);
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(bytes.length).toBe(done.archive?.bytes);
    const part = async (ifRange: string) =>
      supervisor.get(`/api/exports/${id}/download`, {
        headers: { range: 'bytes=1000-', 'if-range': ifRange },
      });
    const resumed = await part(whole.headers.get('etag') ?? '');
    expect(resumed.status).toBe(206);
    expect(Buffer.from(await resumed.arrayBuffer()).equals(bytes.subarray(1000))).toBe(true);
    expect((await part('"another"')).status).toBe(200);

    const zip = join(folder, 'copy.zip');
    writeFileSync(zip, bytes);
    const pem = join(folder, 'key.pem');
    const published = await fetch(`${small.hub.httpUrl}/api/exports/public-key.pem`);
    writeFileSync(pem, await published.text());
    const key = ExportPublicKey.parse(
      await (await fetch(`${small.hub.httpUrl}/api/exports/public-key`)).json(),
    );
    expect(key.publicKey).toBe(readFileSync(pem, 'utf8'));
    expect(await verify(zip, '--key', pem)).toMatchObject({
      code: 0,
      said: expect.stringContaining('genuine'),
    });
    expect((await verify(zip, '--fingerprint', key.fingerprint)).code).toBe(0);
    expect(await verify(zip)).toMatchObject({ code: 3, said: expect.stringContaining('not proven') });
    bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000);
    writeFileSync(zip, bytes);
    expect(await verify(zip, '--key', pem)).toMatchObject({
      code: 1,
      said: expect.stringContaining(`file-changed: The file ${done.files[0]?.name}`),
    });

    const other = await signInAs('other');
    for (const path of ['', '/download', `/files/${done.files[0]?.name}`])
      expect((await other.get(`/api/exports/${id}${path}`)).status).toBe(404);

    const saved = await supervisor.send('POST', '/api/video/cam-1/snapshots', { at: range.from + 2_000 });
    const picture = join(folder, 'saved.jpg');
    writeFileSync(picture, Buffer.from(await saved.arrayBuffer()));
    expect((await verify(picture, '--key', pem)).code).toBe(0);
    const live = await supervisor.send('POST', '/api/video/cam-1/snapshots', {});
    expect(Number(live.headers.get('x-footage-time'))).toBeGreaterThan(range.to);
    const untouched = await supervisor.send('POST', '/api/video/cam-1/snapshots', { original: true });
    expect(untouched.status).toBe(403);
  },
  LONG,
);

test(
  'a hub that is killed in the middle makes the export after its restart; an ended right keeps it from being had',
  async () => {
    const { id } = await asExport(await supervisor.send('POST', '/api/exports', order()));
    await small.crash();
    supervisor = await signInAs('chief');
    expect(await ended(supervisor, id)).toMatchObject({ state: 'done' });
    expect((await supervisor.get(`/api/exports/${id}/download`)).status).toBe(200);
    const revoked = await small.admin.send('DELETE', `/api/access/grants/${grantId}`);
    expect(revoked.ok).toBe(true);
    const refused = await supervisor.get(`/api/exports/${id}/download`);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: 'no-right', params: { action: 'video.export' } });
  },
  2 * LONG,
);
