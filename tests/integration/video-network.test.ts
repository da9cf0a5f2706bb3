import { afterAll, beforeAll, expect, test } from 'vitest';
import { endlessFootage } from '../support/footage.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { camera, openVideoBench, until, type VideoBench } from '../support/video-bench.ts';

let server: RtspServer;
let proxy: TcpProxy;
let bench: VideoBench;

beforeAll(async () => {
  server = await startRtspServer({ mounts: [{ path: '/street', file: await endlessFootage() }] });
  proxy = await startTcpProxy(server.port);
  bench = await openVideoBench([
    camera('cam-1', 1, `rtsp://127.0.0.1:${proxy.port}/street`, { sound: false }),
  ]);
  await until('the picture', () => running(), 60_000);
}, 240_000);
afterAll(async () => {
  await bench?.close();
  await proxy?.stop();
  await server?.kill();
});

const status = () => bench.video.status('cam-1');
const running = () => status()?.state === 'running';
/** Frames came within the last second. */
const lively = () => running() && Date.now() - (status()?.lastFrameAt ?? 0) < 1_000;

test('a connection that is cut is a loss, and the picture comes back', async () => {
  const before = status()?.restarts ?? 0;
  proxy.cut();
  await until('the loss', () => (status()?.restarts ?? 0) > before);
  await until('the picture again', lively, 60_000);
});

test('a network that freezes is noticed, and the silent ffmpeg is ended', async () => {
  const pids = () => bench.video.pids().get('cam-1') ?? [];
  const [pid] = pids();
  expect(pid).toBeDefined();
  proxy.freeze();
  // By ffmpeg's own time-out or by the watchdog, whichever is first.
  await until('the loss', () => !running() && /^(stalled|timed-out)$/.test(status()?.problem?.code ?? ''));
  await until('the end of that ffmpeg', () => pid === undefined || !pids().includes(pid));
  proxy.thaw();
  await until('the picture again', lively, 60_000);
});

test('a network that is too slow loses no order: footage never overlaps, and the edge is found again', async () => {
  const from = Date.now();
  // Less than the camera sends.
  proxy.slow(8_000);
  const slowUntil = performance.now() + 4_000;
  await until('some seconds of it', () => performance.now() > slowUntil);
  proxy.thaw();
  await until('the picture again', lively, 60_000);
  const thawed = Date.now();
  await until('footage after it', () => (status()?.lastFrameAt ?? 0) > thawed + 3_000, 60_000);
  await bench.recording.flush();
  const spans = await bench.recording.spans('cam-1', 'main', from, Date.now());
  const segments = spans.flatMap((span) => span.segments);
  expect(segments.length).toBeGreaterThan(0);
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next) expect(next.startMs).toBeGreaterThanOrEqual(segment.startMs + segment.durationUs / 1000 - 50);
  }
});
