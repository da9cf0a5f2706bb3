import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PictureCheck } from '../../main/contract/pictures.ts';
import { endlessFootage, filteredFootage } from '../support/footage.ts';
import { type Client, signIn, until } from '../support/hub-process.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

let rtsp: RtspServer;
let small: SmallHub;
let officer: Client;
let technician: Client;

beforeAll(async () => {
  rtsp = await startRtspServer({
    mounts: [
      { path: '/street', file: await endlessFootage() },
      { path: '/dark', file: await filteredFootage('dark', 'eq=brightness=-1', ['-t', '79']) },
    ],
  });
  small = await startSmallHub('pictures');
  await small.addPerson('officer', 'police-officer');
  await small.addPerson('technician', 'video-technician');
  await small.addCamera('cam-street', rtsp.url('/street'));
  await small.addCamera('cam-dark', rtsp.url('/dark'));
});

afterAll(async () => {
  await small?.stop();
  await rtsp?.kill();
});

const check = (client: Client, id: string) => client.json<PictureCheck>(`/api/video/${id}/picture-check`);
const thumbnail = (client: Client, id: string) => client.get(`/api/video/${id}/picture-check/thumbnail`);
const health = (client: Client, id: string) =>
  client.json<{ status: string; reason: string }>(`/api/devices/${id}/health`);

/** What is found in a picture and what is said of its camera are told one after the other. */
const becomes = (id: string, status: string, reason?: string) =>
  until(`${id} ${status}`, async () => {
    const found = await health(officer, id);
    return found.status === status && (reason === undefined || found.reason === reason) ? true : undefined;
  });

async function signInBoth() {
  officer = await signIn(small.hub.httpUrl, 'officer', PASSWORD);
  technician = await signIn(small.hub.httpUrl, 'technician', PASSWORD);
}

test('a black picture is found in the stream already pulled, told with its picture, and taken back by a person', async () => {
  await signInBoth();
  const finding = await until(
    'the finding',
    async () => (await check(officer, 'cam-dark')).finding ?? undefined,
    180_000,
  );
  expect(finding).toMatchObject({ problem: 'black', goodAt: null });
  await becomes('cam-dark', 'degraded', 'picture-black');
  expect((await check(officer, 'cam-street')).finding).toBeNull();
  await becomes('cam-street', 'online');

  const picture = await thumbnail(officer, 'cam-dark');
  expect(picture.status).toBe(200);
  expect(Number(picture.headers.get('x-footage-time'))).toBe(finding.thumbnailAt);
  const jpeg = Buffer.from(await picture.arrayBuffer());
  expect(jpeg.subarray(0, 2).toString('hex')).toBe('ffd8');
  expect((await thumbnail(officer, 'cam-street')).status).toBe(404);
  // The right to see the device is no right to its pictures.
  expect((await thumbnail(small.admin, 'cam-dark')).status).toBe(403);

  await small.crash();
  await signInBoth();
  expect((await check(officer, 'cam-dark')).finding).toMatchObject({
    problem: 'black',
    since: finding.since,
  });
  await becomes('cam-dark', 'degraded', 'picture-black');

  const accept = (client: Client) => client.send('POST', '/api/video/cam-dark/picture-check/accept');
  expect((await accept(officer)).status).toBe(403);
  expect((await accept(technician)).status).toBe(204);
  expect((await check(officer, 'cam-dark')).finding).toBeNull();
  await becomes('cam-dark', 'online');

  const metrics = await (await fetch(`${small.hub.httpUrl}/metrics`)).text();
  expect(metrics).toMatch(/^kalancha_picture_findings\{problem="black"\} [01]$/m);
  expect(metrics).toMatch(/^kalancha_picture_cpu_seconds_total [\d.e-]+$/m);
  await small.addPerson('auditor', 'auditor');
  const auditor = await signIn(small.hub.httpUrl, 'auditor', PASSWORD);
  const { items } = await auditor.json<{ items: { kind: string; personName: string; data: unknown }[] }>(
    '/api/audit?subject=cam-dark',
  );
  expect(items.filter(({ kind }) => kind === 'device.view-accepted')).toMatchObject([
    { personName: 'Person technician', data: { problem: 'black' } },
  ]);
  expect(items.filter(({ kind }) => kind === 'video.snapshot')).toMatchObject([
    { personName: 'Person officer', data: { at: finding.thumbnailAt } },
  ]);
});
