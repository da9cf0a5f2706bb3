import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamStatus, StreamTestResult } from '../../main/contract/video.ts';
import { bFrameFootage, endlessFootage, h265Footage, mpeg2Footage } from '../support/footage.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { camera, openVideoBench, until, type VideoBench } from '../support/video-bench.ts';
import { openVideoServer, type VideoServer } from '../support/video-server.ts';

let rtsp: RtspServer;
let guarded: RtspServer;
let web: Server;
let silent: TcpServer;
const silentSockets = new Set<Socket>();
let bench: VideoBench;
let hub: VideoServer;
let webUrl = '';
let silentUrl = '';
let nextNum = 100;

beforeAll(async () => {
  const file = await endlessFootage();
  rtsp = await startRtspServer({
    mounts: [
      { path: '/street', file },
      { path: '/udp', file, transport: 'udp' },
      { path: '/h265', kind: 'h265', file: await h265Footage(60) },
      { path: '/b-frames', kind: 'h264+alaw', file: await bFrameFootage() },
      { path: '/sound', kind: 'sound' },
    ],
  });
  guarded = await startRtspServer({
    user: 'watch',
    password: 'right-one',
    mounts: [{ path: '/street', file }],
  });
  const mpeg2 = await mpeg2Footage();
  web = createServer((request, response) => {
    if (request.url === '/mpeg2.ts') createReadStream(mpeg2).pipe(response);
    else if (request.url !== '/page.html') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>A camera, says its web page</h1>');
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  silent = createTcpServer((socket) => {
    silentSockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.resume();
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  silentUrl = `rtsp://127.0.0.1:${(silent.address() as AddressInfo).port}/stream`;
  bench = await openVideoBench([]);
  hub = await openVideoServer(bench);
  hub.give('technician', ['device.view', 'device.edit']);
  hub.give('officer', ['device.view', 'video.live']);
});

afterAll(async () => {
  await hub.close();
  await bench.close();
  for (const socket of silentSockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
  await new Promise((resolve) => web.close(resolve));
  await guarded.kill();
  await rtsp.kill();
});

/** Adds a camera, waits for its first problem, and takes it away again. */
async function problemOf(
  url: string,
  more: { user?: string; password?: string } = {},
): Promise<NonNullable<StreamStatus['problem']>> {
  nextNum += 1;
  const id = `cam-${nextNum}`;
  bench.registry.set(id, camera(id, nextNum, url, { ...more, recorded: true }));
  bench.bus.emit('devices.changed', { deviceIds: [id] });
  const problem = await until(`a problem with ${url}`, () => bench.video.status(id)?.problem ?? undefined);
  bench.registry.delete(id);
  bench.bus.emit('devices.changed', { deviceIds: [id] });
  await until('its end', () => bench.video.status(id) === undefined);
  return problem;
}

test.each<[string, () => string, string, { user?: string; password?: string }]>([
  [
    'a wrong password',
    () => guarded.url('/street'),
    'unauthorised',
    { user: 'watch', password: 'wrong-one' },
  ],
  ['no password', () => guarded.url('/street'), 'unauthorised', {}],
  ['a wrong path', () => rtsp.url('/no-such-stream'), 'not-found', {}],
  ['a port where nothing listens', () => 'rtsp://127.0.0.1:1/stream', 'refused', {}],
  ['a host that does not exist', () => 'rtsp://no-such-camera.invalid/stream', 'unreachable', {}],
  ['MPEG-2', () => `${webUrl}/mpeg2.ts`, 'codec-unsupported', {}],
  ['sound without video', () => rtsp.url('/sound'), 'no-video', {}],
  ['a web page', () => `${webUrl}/page.html`, 'not-video', {}],
  ['a page that is not there', () => `${webUrl}/nothing`, 'not-found', {}],
  ['a server that never answers', () => silentUrl, 'timed-out', {}],
  ['another scheme', () => 'ftp://127.0.0.1/stream', 'bad-address', {}],
  ['a file', () => 'concat:/etc/passwd', 'bad-address', {}],
])('%s is told as %s', async (_name, url, code, more) => {
  const problem = await problemOf(url(), more);
  expect(problem.code).toBe(code);
  expect(problem.detail).not.toContain('wrong-one');
  expect(problem.detail).not.toMatch(/0x[0-9a-f]{6}/);
});

test('a camera that refuses RTSP over TCP is pulled over UDP', async () => {
  bench.registry.set('cam-udp', camera('cam-udp', 90, rtsp.url('/udp')));
  bench.bus.emit('devices.changed', { deviceIds: ['cam-udp'] });
  const status = await until('UDP', () => {
    const now = bench.video.status('cam-udp');
    return now?.state === 'running' ? now : undefined;
  });
  expect(status.transport).toBe('udp');
  expect(status.problem).toBeNull();
});

test('without ffmpeg the hub says so', async () => {
  const other = await openVideoBench([camera('cam-1', 1, rtsp.url('/street'))], {
    ffmpegPath: '/nonexistent/ffmpeg',
  });
  try {
    const problem = await until('the problem', () => other.video.status('cam-1')?.problem ?? undefined);
    expect(problem.code).toBe('no-ffmpeg');
  } finally {
    await other.close();
  }
});

test('who asks for a camera that gives no picture is told why', async () => {
  bench.registry.set('cam-404', camera('cam-404', 91, rtsp.url('/no-such-stream')));
  bench.bus.emit('devices.changed', { deviceIds: ['cam-404'] });
  const answer = await hub.get('officer', '/api/video/cam-404/live.m3u8');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: 'stream.not-found' });
});

const tryOut = async (body: object, person = 'technician'): Promise<Response> =>
  fetch(`${hub.base}/api/cameras/test`, {
    method: 'POST',
    headers: { cookie: `session=${person}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('trying an address shows what is there, with a picture', async () => {
  const answer = await tryOut({
    streamUrl: guarded.url('/street'),
    streamUser: 'watch',
    streamPassword: 'right-one',
  });
  const result = (await answer.json()) as StreamTestResult;
  expect(result).toMatchObject({
    ok: true,
    problem: null,
    width: 768,
    height: 576,
    gopS: 2,
    transport: 'tcp',
  });
  expect(result.fps).toBeCloseTo(10, 0);
  expect(result.codec).toMatch(/^avc1\.4d/);
  expect(result.advice).toEqual([]);
  const jpeg = Buffer.from(result.pictureJpeg ?? '', 'base64');
  expect(jpeg.subarray(0, 3).toString('hex')).toBe('ffd8ff');
});

test.each([
  ['MPEG-2', () => `${webUrl}/mpeg2.ts`, 'codec-unsupported', ['use-h264']],
  ['a web page', () => `${webUrl}/page.html`, 'not-video', []],
  ['a file of the hub', () => 'file:///etc/passwd', 'bad-address', []],
])('trying %s says what is wrong', async (_name, url, code, advice) => {
  const result = (await (await tryOut({ streamUrl: url() })).json()) as StreamTestResult;
  expect(result.ok).toBe(false);
  expect(result.problem?.code).toBe(code);
  expect(result.advice).toEqual(advice);
});

test.each([
  ['main', ['needs-second']],
  ['second', ['use-h264']],
])('trying H.265 as the %s stream shows its picture and says what is needed', async (role, advice) => {
  const result = (await (await tryOut({ streamUrl: rtsp.url('/h265'), role })).json()) as StreamTestResult;
  expect(result).toMatchObject({ ok: true, advice, width: 768 });
  expect(result.codec).toMatch(/^hvc1/);
  expect(
    Buffer.from(result.pictureJpeg ?? '', 'base64')
      .subarray(0, 3)
      .toString('hex'),
  ).toBe('ffd8ff');
});

test('trying an address tells its sound and its B-frames, and stands on record without its secrets', async () => {
  const before = hub.recorded.length;
  const streamUrl = rtsp.url('/b-frames').replace('//', '//user:s3cret@');
  const result = (await (await tryOut({ streamUrl })).json()) as StreamTestResult;
  expect(result).toMatchObject({ ok: true, audioCodec: 'pcm_alaw', sound: 'made-aac' });
  expect(result.advice).toContain('b-frames');
  // Views of the tests before may end meanwhile.
  const entries = hub.recorded.slice(before).filter(({ kind }) => kind === 'device.stream-tested');
  expect(entries).toMatchObject([
    {
      kind: 'device.stream-tested',
      subject: `rtsp://127.0.0.1:${rtsp.port}`,
      person: { id: 'technician' },
      data: { role: 'main' },
    },
  ]);
  expect(JSON.stringify(entries)).not.toContain('s3cret');
});

test('only who may edit devices may try addresses', async () => {
  const answer = await tryOut({ streamUrl: rtsp.url('/street') }, 'officer');
  expect(answer.status).toBe(403);
});
