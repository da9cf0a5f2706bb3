import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { endlessFootage } from '../support/footage.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { camera, openVideoBench, until, type VideoBench } from '../support/video-bench.ts';
import { openVideoServer, type VideoServer } from '../support/video-server.ts';

let rtsp: RtspServer;
let bench: VideoBench;
let hub: VideoServer;
const live = '/api/video/cam-1/live-main.m3u8';

beforeAll(async () => {
  rtsp = await startRtspServer({ mounts: [{ path: '/street', file: await endlessFootage() }] });
  bench = await openVideoBench(
    [camera('cam-1', 1, rtsp.url('/street')), camera('cam-2', 2, rtsp.url('/street'), { recorded: false })],
    { lingerMs: 300 },
  );
  await until('the stream', () => bench.video.status('cam-1')?.state === 'running');
});
beforeEach(async () => {
  await hub?.close();
  hub = await openVideoServer(bench, { idleMs: 5_000 });
  return async () => hub.close();
});
afterAll(async () => {
  await bench.close();
  await rtsp.kill();
});

const kinds = () => hub.recorded.map((event) => event.kind);

test('nothing is answered without the right, and refusals do not flood the record', async () => {
  hub.give('visitor', ['device.view']);
  const playlist = await bench.video.livePlaylist('cam-1', 'main', {}, new AbortController().signal);
  const msn = /MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1];
  const init = /URI="(init\/main-[0-9a-f]+\.mp4)"/.exec(playlist)?.[1];
  const now = Date.now();
  const paths = [
    'live.m3u8',
    'live-main.m3u8',
    `archive-main.m3u8?from=${now - 60_000}&to=${now}`,
    `timeline?from=${now - 60_000}&to=${now}`,
    'snapshot',
    `${init}`,
    `part/main-${msn}.0.m4s`,
    `segment/main-${msn}.m4s`,
  ];
  for (const path of paths) {
    const answer = await hub.get('visitor', `/api/video/cam-1/${path}`);
    expect([path, answer.status]).toEqual([path, 403]);
    expect((await hub.get('stranger', `/api/video/cam-1/${path}`)).status).toBe(401);
  }
  for (let i = 0; i < 20; i++) await hub.get('visitor', live);
  expect(new Set(kinds())).toEqual(new Set(['video.refused']));
  expect(kinds().length).toBeLessThanOrEqual(4);
  expect((await hub.get('visitor', '/api/video/cam-1/status')).status).toBe(200);
});

test('a client that ignores every event and goes on asking for parts gets 403', async () => {
  hub.give('officer');
  let refusedAt = 0;
  let answered = 0;
  const asking = (async () => {
    for (;;) {
      const playlist = await hub.get('officer', live);
      if (playlist.status === 403) break;
      const parts = [...(await playlist.text()).matchAll(/URI="(part\/main-\d+\.\d+\.m4s)"/g)].map(
        (match) => match[1],
      );
      const part = await hub.get('officer', `/api/video/cam-1/${parts.at(-1)}`);
      if (part.status === 403) break;
      expect(part.status).toBe(200);
      await part.arrayBuffer();
      answered += 1;
    }
    refusedAt = performance.now();
  })();
  await until('some parts', () => answered > 3);
  hub.give('officer', ['device.view']);
  const revokedAt = performance.now();
  await asking;
  expect(refusedAt - revokedAt).toBeLessThan(10_000);
  await until('the end on record', () => kinds().includes('video.live-end'));
  expect(hub.recorded.find((event) => event.kind === 'video.live-end')?.data).toMatchObject({
    reason: 'right-ended',
  });
  expect(hub.desk.playback.watching()).toEqual([]);
});

test('a request that waits for the next part ends with 403 when the right does', async () => {
  hub.give('officer');
  const text = await (await hub.get('officer', live)).text();
  const msn = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]) + text.split('#EXTINF').length;
  const waiting = hub.get('officer', `${live}?_HLS_msn=${msn}`);
  await until('the wait', () => hub.desk.rights.guarded() > 0);
  hub.take('officer');
  const revokedAt = performance.now();
  expect((await waiting).status).toBe(403);
  expect(performance.now() - revokedAt).toBeLessThan(10_000);
});

test('a body that is half sent is cut off when the right ends', async () => {
  hub.give('officer');
  // A body that no socket buffer swallows: the whole archive's bytes again and again.
  const { video } = bench;
  const real = video.segment;
  const big = Buffer.alloc(32 * 1024 * 1024, 7);
  video.segment = async () => ({ contentType: 'video/mp4', footageTime: Date.now(), bytes: big });
  try {
    const received = await new Promise<{ bytes: number; complete: boolean; afterMs: number }>(
      (resolve, reject) => {
        const asked = request(
          `${hub.base}/api/video/cam-1/segment/main-1.m4s`,
          { headers: { cookie: 'session=officer' } },
          (response) => {
            let bytes = 0;
            let revokedAt = 0;
            response.on('data', (chunk: Buffer) => {
              bytes += chunk.length;
              if (revokedAt > 0 || bytes < 100_000) return;
              // Stops reading, as a stalled client does; the hub has most of the body still to send.
              response.pause();
              hub.take('officer');
              revokedAt = performance.now();
              setTimeout(() => response.resume(), 500);
            });
            response.on('close', () =>
              resolve({ bytes, complete: response.complete, afterMs: performance.now() - revokedAt }),
            );
            response.on('error', () => undefined);
          },
        );
        asked.on('error', reject);
        asked.end();
      },
    );
    expect(received.complete).toBe(false);
    expect(received.bytes).toBeLessThan(big.length);
    expect(received.afterMs).toBeLessThan(10_000);
  } finally {
    video.segment = real;
  }
});

test('footage older than the live window needs the archive right, whatever named it', async () => {
  hub.give('viewer', ['device.view', 'video.live']);
  hub.give('officer');
  const { video } = bench;
  const real = video.segment;
  video.segment = async () => ({
    contentType: 'video/mp4',
    footageTime: Date.now() - 61_000,
    bytes: Buffer.alloc(10),
  });
  try {
    expect((await hub.get('viewer', '/api/video/cam-1/segment/main-1.m4s')).status).toBe(403);
    expect((await hub.get('officer', '/api/video/cam-1/segment/main-1.m4s')).status).toBe(200);
  } finally {
    video.segment = real;
  }
  // Without a playlist before it, the view is on record all the same.
  expect(kinds()).toContain('video.archive-view');
});

test('views are on record before their first byte: once a live view, once an archive range', async () => {
  hub.give('officer');
  await hub.get('officer', '/api/video/cam-1/live.m3u8');
  for (let i = 0; i < 3; i++) await hub.get('officer', live);
  expect(kinds().filter((kind) => kind === 'video.live-start')).toHaveLength(1);
  expect(hub.desk.playback.watching()).toEqual([{ personId: 'officer', cameraId: 'cam-1' }]);
  await until('the end of the view', () => kinds().includes('video.live-end'));
  expect(hub.desk.playback.watching()).toEqual([]);

  const to = Date.now();
  await until(
    'an indexed segment',
    async () => (await bench.recording.spans('cam-1', 'main', 0, to)).length > 0,
  );
  const answer = await hub.get('officer', `/api/video/cam-1/archive-main.m3u8?from=${to - 30_000}&to=${to}`);
  const name = /segment\/main-\d+\.m4s/.exec(await answer.text())?.[0];
  expect((await hub.get('officer', `/api/video/cam-1/${name}`)).status).toBe(200);
  const views = hub.recorded.filter((event) => event.kind === 'video.archive-view');
  expect(views).toHaveLength(1);
  expect(views[0]).toMatchObject({ subject: 'cam-1', data: { from: to - 30_000, to } });

  const picture = await hub.get('officer', '/api/video/cam-1/snapshot');
  expect(picture.headers.get('content-type')).toBe('image/jpeg');
  const taken = Number(picture.headers.get('x-footage-time'));
  // The view of before may end meanwhile.
  expect(hub.recorded.findLast(({ kind }) => kind === 'video.snapshot')?.data).toMatchObject({ at: taken });
});

test('watching starts an on-demand camera and stops it afterwards', async () => {
  hub.give('officer');
  expect(bench.video.status('cam-2')?.state).toBe('idle');
  const answer = await hub.get('officer', '/api/video/cam-2/live-main.m3u8');
  expect(answer.status).toBe(200);
  await until('it to stop', () => bench.video.status('cam-2')?.state === 'idle');
});
