import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { changingFootage, endlessFootage, longGopFootage, shortFootage } from '../support/footage.ts';
import { framehash } from '../support/framehash.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { camera, openVideoBench, until, type VideoBench } from '../support/video-bench.ts';
import { openVideoServer, type VideoServer } from '../support/video-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
function owned<T extends { close(): Promise<void> } | { kill(): Promise<void> }>(thing: T): T {
  open.push({ close: () => ('close' in thing ? thing.close() : thing.kill()) });
  return thing;
}
async function setUp(server: RtspServer, path = '/street'): Promise<[VideoBench, VideoServer]> {
  const bench = owned(await openVideoBench([camera('cam-1', 1, server.url(path))]));
  const hub = owned(await openVideoServer(bench));
  hub.give('officer');
  return [bench, hub];
}
const live = '/api/video/cam-1/live-main.m3u8';
const tags = (playlist: string, tag: string) => playlist.split('\n').filter((line) => line.startsWith(tag));

/** The last moment of what is indexed, UTC ms: up to there every answer is the same while recording goes on. */
function endOfIndex(spans: Awaited<ReturnType<VideoBench['recording']['spans']>>): number {
  const last = spans.at(-1)?.segments.at(-1);
  if (!last) throw new Error('nothing is indexed');
  return Math.floor(last.startMs + last.durationUs / 1000) - 1;
}

/** Width and height in a JPEG's frame header (ITU-T T.81 section B.2.2). */
function jpegSize(jpeg: Buffer): [number, number] {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2))
    if (jpeg[at + 1] === 0xc0) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  throw new Error('no frame header');
}

test('the archive holds, frame for frame, what the RTSP server sent', async () => {
  const file = await shortFootage();
  const server = owned(await startRtspServer({ mounts: [{ path: '/street', file }] }));
  const [bench, hub] = await setUp(server);
  // The server ends the stream with the file; the second pull of the same file must not be counted.
  await until('the end of the file', () => bench.video.status('cam-1')?.state === 'waiting');
  bench.registry.delete('cam-1');
  const setup = camera('cam-1', 1, server.url('/street'), { recorded: false });
  bench.registry.set('cam-1', setup);
  bench.bus.emit('devices.changed', { deviceIds: ['cam-1'] });
  await until('the session to end', () => bench.video.status('cam-1')?.state === 'idle');

  await until('the last row', async () => {
    const files = await bench.storage.db.selectFrom('recording_file').select('state').execute();
    return files.length > 0 && files.every((row) => row.state === 'closed');
  });
  const to = Date.now();
  const address = `${hub.base}/api/video/cam-1/archive-main.m3u8?from=${to - 60_000}&to=${to}`;
  const archived = await framehash(address, { cookie: 'session=officer' });
  const sent = await framehash(file);
  expect(sent.frames).toHaveLength(120);
  expect(archived.frames).toEqual(sent.frames);
  expect(archived.complaints).toBe('');
});

test('a live playlist names parts that join up to the segments it names', async () => {
  const server = owned(
    await startRtspServer({ mounts: [{ path: '/street', file: await endlessFootage() }] }),
  );
  const [bench, hub] = await setUp(server);
  const multivariant = await (await hub.get('officer', '/api/video/cam-1/live.m3u8')).text();
  expect(multivariant).toContain('CODECS="avc1.4d');
  expect(multivariant).toContain('RESOLUTION=768x576');
  await until(
    'four segments',
    async () => tags(await (await hub.get('officer', live)).text(), '#EXTINF').length >= 4,
  );
  const answer = await hub.get('officer', live);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const playlist = await answer.text();
  expect(tags(playlist, '#EXT-X-TARGETDURATION')).toEqual(['#EXT-X-TARGETDURATION:4']);
  const target = Number(/PART-TARGET=([\d.]+)/.exec(playlist)?.[1]);
  for (const part of tags(playlist, '#EXT-X-PART:')) {
    const duration = Number(/DURATION=([\d.]+)/.exec(part)?.[1]);
    expect(duration).toBeLessThanOrEqual(target);
    expect(duration).toBeGreaterThanOrEqual(0.85 * target);
  }
  // Parts are named near to the edge only: how far that is from the first segment depends on when it is looked at.
  const first = Number(/URI="part\/main-(\d+)\.0\.m4s"/.exec(playlist)?.[1]);
  expect(playlist).toContain(`segment/main-${first}.m4s`);
  const segment = Buffer.from(
    await (await hub.get('officer', `/api/video/cam-1/segment/main-${first}.m4s`)).arrayBuffer(),
  );
  const names = [...playlist.matchAll(new RegExp(`URI="(part/main-${first}\\.\\d+\\.m4s)"`, 'g'))].map(
    (m) => m[1],
  );
  const parts: Buffer[] = [];
  for (const name of names)
    parts.push(Buffer.from(await (await hub.get('officer', `/api/video/cam-1/${name}`)).arrayBuffer()));
  expect(Buffer.concat(parts).equals(segment)).toBe(true);
  const times = tags(playlist, '#EXT-X-PROGRAM-DATE-TIME').map((line) => Date.parse(line.slice(25)));
  const newest = Math.max(...times);
  expect(Math.abs(Date.now() - newest)).toBeLessThan(30_000);
  expect(bench.errors).toEqual([]);
});

test('blocking reload waits for the part asked for, and refuses what is not to be waited for', async () => {
  const server = owned(
    await startRtspServer({ mounts: [{ path: '/street', file: await endlessFootage() }] }),
  );
  const [, hub] = await setUp(server);
  const playlist = await (await hub.get('officer', live)).text();
  const hint = /PRELOAD-HINT:TYPE=PART,URI="(part\/main-(\d+)\.(\d+)\.m4s)"/.exec(playlist);
  expect(hint).not.toBeNull();
  const [, uri, msn, part] = hint ?? [];
  const [reloaded, hinted] = await Promise.all([
    hub.get('officer', `${live}?_HLS_msn=${msn}&_HLS_part=${part}`),
    hub.get('officer', `/api/video/cam-1/${uri}`),
  ]);
  expect(hinted.status).toBe(200);
  expect((await hinted.arrayBuffer()).byteLength).toBeGreaterThan(100);
  expect(await reloaded.text()).toContain(`URI="${uri}"`);
  expect((await hub.get('officer', `${live}?_HLS_part=1`)).status).toBe(400);
  expect((await hub.get('officer', `${live}?_HLS_msn=${Number(msn) + 9}`)).status).toBe(400);
});

test('a camera with a keyframe each ten seconds is cut between them, and the archive still plays', async () => {
  const server = owned(
    await startRtspServer({ mounts: [{ path: '/street', file: await longGopFootage() }] }),
  );
  const [bench, hub] = await setUp(server);
  const playlist = await until('twelve seconds of footage', async () => {
    const text = await (await hub.get('officer', live)).text();
    return tags(text, '#EXTINF').length >= 4 ? text : undefined;
  });
  const durations = tags(playlist, '#EXTINF:').map((line) => Number.parseFloat(line.slice(8)));
  for (const duration of durations) expect(duration).toBeLessThanOrEqual(4.05);
  expect(durations.slice(0, 3).map((d) => Math.round(d))).toEqual([4, 4, 2]);
  await until(
    'the index',
    async () => (await bench.recording.spans('cam-1', 'main', 0, Date.now()))[0]?.segments[2],
  );
  const span = (await bench.recording.spans('cam-1', 'main', 0, Date.now()))[0];
  const second = span?.segments[1];
  expect(second?.independent).toBe(false);
  // A range that begins inside the long group of pictures is answered from its keyframe on.
  const from = Math.round((second?.startMs ?? 0) + 500);
  const archive = await bench.archive.playlist('cam-1', 'main', from, from + 60_000);
  expect(archive).toContain(`segment/main-${span?.segments[0]?.msn}.m4s`);
  const address = `${hub.base}/api/video/cam-1/archive-main.m3u8?from=${from}&to=${from + 60_000}`;
  const { complaints, frames } = await framehash(address, { cookie: 'session=officer' });
  expect(complaints).toBe('');
  expect(frames.length).toBeGreaterThan(90);
});

test('a camera changes its picture size in the middle: a new format, one discontinuity, no gap, and it plays', async () => {
  const file = await changingFootage();
  const server = owned(await startRtspServer({ mounts: [{ path: '/street', kind: 'ts', file }] }));
  const [bench, hub] = await setUp(server);
  const spans = await until('footage of both sizes', async () => {
    const found = await bench.recording.spans('cam-1', 'main', 0, Date.now());
    return found[1] && found[1].segments.length >= 3 ? found : undefined;
  });
  expect(bench.video.status('cam-1')?.restarts).toBe(0);
  expect(spans.map((span) => span.breakBefore)).toEqual(['hub-stopped', 'format']);
  const sizes = await Promise.all(spans.map((span) => bench.recording.init('cam-1', 'main', span.initHash)));
  expect(sizes.map((found) => [found?.init.width, found?.init.height])).toEqual([
    [768, 576],
    [384, 288],
  ]);
  const to = endOfIndex(spans);
  const timeline = await bench.video.timeline('cam-1', spans[0]?.startMs ?? 0, to);
  expect(timeline.spans).toHaveLength(1);
  const archive = await bench.archive.playlist('cam-1', 'main', to - 60_000, to);
  expect(archive.match(/^#EXT-X-DISCONTINUITY$/gm)).toHaveLength(1);
  expect(archive.match(/^#EXT-X-MAP/gm)).toHaveLength(2);
  // Decoded with its own header, the second part shows its own size.
  const second = spans[1]?.segments[0];
  const picture = await bench.video.snapshot('cam-1', (second?.startMs ?? 0) + 100);
  expect(picture.footageTime).toBeCloseTo(second?.startMs ?? 0, 0);
  expect(jpegSize(picture.jpeg)).toEqual([384, 288]);
  const address = `${hub.base}/api/video/cam-1/archive-main.m3u8?from=${to - 60_000}&to=${to}`;
  // ffmpeg's HLS reader (5.1) knows one header a playlist and says so; it still finds every frame.
  const { frames } = await framehash(address, { cookie: 'session=officer' });
  const segments = (await bench.recording.spans('cam-1', 'main', to - 60_000, to)).flatMap(
    (span) => span.segments,
  );
  expect(frames).toHaveLength(Math.round(segments.reduce((sum, one) => sum + one.durationUs, 0) / 1e5));
});

test('the server dies and comes back: the picture returns, the gap is told, and players go across it', async () => {
  const file = await endlessFootage();
  const first = await startRtspServer({ mounts: [{ path: '/street', file }] });
  owned(first);
  const [bench, hub] = await setUp(first);
  await until(
    'some footage',
    async () => (await bench.recording.spans('cam-1', 'main', 0, Date.now()))[0]?.segments[1],
  );
  const diedAt = Date.now();
  await first.kill();
  const lost = await until('the loss to be noticed', () => {
    const status = bench.video.status('cam-1');
    return status?.state === 'waiting' ? status : undefined;
  });
  expect(['ended', 'refused', 'stalled']).toContain(lost.problem?.code);
  expect(lost.nextAttemptAt).not.toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  owned(await startRtspServer({ port: first.port, mounts: [{ path: '/street', file }] }));
  await until('the picture to return', () => bench.video.status('cam-1')?.state === 'running');
  await until(
    'new footage in the index',
    async () => (await bench.recording.spans('cam-1', 'main', diedAt + 2_000, Date.now()))[0]?.segments[1],
  );
  const to = endOfIndex(await bench.recording.spans('cam-1', 'main', diedAt, Date.now()));
  const timeline = await bench.video.timeline('cam-1', diedAt - 2_000, to);
  expect(timeline.spans).toHaveLength(2);
  const gap = timeline.gaps[0];
  expect(gap?.reason).toBe('stream-lost');
  expect((gap?.to ?? 0) - (gap?.from ?? 0)).toBeGreaterThan(2_500);
  expect(Math.abs((gap?.from ?? 0) - diedAt)).toBeLessThan(10_000);
  const livePlaylist = await (await hub.get('officer', live)).text();
  expect(
    tags(livePlaylist, '#EXT-X-DISCONTINUITY').filter((line) => line === '#EXT-X-DISCONTINUITY'),
  ).toHaveLength(1);
  const archive = await bench.archive.playlist('cam-1', 'main', diedAt - 60_000, to);
  expect(archive.match(/^#EXT-X-DISCONTINUITY$/gm)).toHaveLength(1);
  const address = `${hub.base}/api/video/cam-1/archive-main.m3u8?from=${diedAt - 60_000}&to=${to}`;
  const { frames } = await framehash(address, { cookie: 'session=officer' });
  const segments = (await bench.recording.spans('cam-1', 'main', diedAt - 60_000, to)).flatMap(
    (span) => span.segments,
  );
  const seconds = segments.reduce((sum, segment) => sum + segment.durationUs / 1e6, 0);
  expect(frames.length).toBe(Math.round(seconds * 10));
}, 240_000);

test('address and password stand neither in arguments nor in errors', async () => {
  const file = await endlessFootage();
  const server = owned(
    await startRtspServer({ user: 'watch', password: 'h0rse&battery', mounts: [{ path: '/street', file }] }),
  );
  const bench = owned(
    await openVideoBench([
      camera('cam-1', 1, server.url('/street'), { user: 'watch', password: 'h0rse&battery' }),
      camera('cam-2', 2, server.url('/street'), { user: 'watch', password: 'wr0ng-secret' }),
    ]),
  );
  await until('the right password to work', () => bench.video.status('cam-1')?.state === 'running');
  const refused = await until('the wrong one to be refused', () => {
    const status = bench.video.status('cam-2');
    return status?.problem ? status : undefined;
  });
  expect(refused.problem?.code).toBe('unauthorised');
  expect(refused.problem?.detail).not.toContain('wr0ng');
  const pid = bench.video.pids().get('cam-1');
  const shown = execFileSync('ps', ['-o', 'args=', '-p', String(pid)]).toString();
  expect(shown).toContain('ffmpeg');
  expect(shown).not.toContain('h0rse');
  expect(shown).not.toContain('rtsp://');
});

test('an on-demand camera runs while somebody holds it, and leaves nothing on the disk', async () => {
  const server = owned(
    await startRtspServer({ mounts: [{ path: '/street', file: await endlessFootage() }] }),
  );
  const setup = camera('cam-1', 1, server.url('/street'), { recorded: false });
  const bench = owned(await openVideoBench([setup], { lingerMs: 500 }));
  expect(bench.video.status('cam-1')?.state).toBe('idle');
  const hold = bench.video.hold('cam-1');
  await bench.video.livePlaylist('cam-1', 'main', {}, new AbortController().signal);
  expect(bench.video.pids().size).toBe(1);
  hold.release();
  await until('the stream to end', () => bench.video.status('cam-1')?.state === 'idle');
  expect(bench.video.pids().size).toBe(0);
  expect(await bench.recording.spans('cam-1', 'main', 0, Date.now())).toEqual([]);
  // What was seen last stays, dated.
  const { jpeg, footageTime } = await bench.video.snapshot('cam-1');
  expect(jpeg.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  expect(Date.now() - footageTime).toBeLessThan(60_000);
});

test('a camera over HTTP that sends a transport stream is recorded to its last segment', async () => {
  const file = await shortFootage();
  const senders = new Set<ChildProcess>();
  const web = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp2t' });
    const args = [
      '-nostdin',
      '-loglevel',
      'error',
      '-re',
      '-i',
      file,
      '-c',
      'copy',
      '-f',
      'mpegts',
      'pipe:1',
    ];
    const sender = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    senders.add(sender);
    sender.once('exit', () => senders.delete(sender));
    sender.stdout.pipe(response);
    response.once('close', () => sender.kill('SIGKILL'));
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  open.push({
    async close() {
      web.closeAllConnections();
      await new Promise((resolve) => web.close(resolve));
      await until('the senders to end', () => senders.size === 0);
    },
  });
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/camera/1.ts`;
  const bench = owned(await openVideoBench([camera('cam-1', 1, url)]));
  const status = await until('the stream', () => {
    const now = bench.video.status('cam-1');
    return now?.state === 'running' ? now : undefined;
  });
  expect(status.transport).toBe('http');
  await until('the end of the file', () => (bench.video.status('cam-1')?.restarts ?? 0) > 0);
  const spans = await until('the first run', async () => {
    await bench.recording.flush();
    const found = await bench.recording.spans('cam-1', 'main', 0, Date.now());
    const seconds = found[0]?.segments.reduce((sum, one) => sum + one.durationUs / 1e6, 0) ?? 0;
    return seconds > 11.5 ? found : undefined;
  });
  const init = await bench.recording.init('cam-1', 'main', spans[0]?.initHash ?? '');
  expect(init?.init).toMatchObject({ width: 768, height: 576 });
  const segments = spans[0]?.segments ?? [];
  expect(segments.slice(0, -1).map((one) => Math.round(one.durationUs / 1e5) / 10)).toEqual([2, 2, 2, 2, 2]);
});

test('a file is played over and over, without a break where it begins anew', async () => {
  const file = await shortFootage();
  const bench = owned(await openVideoBench([camera('cam-1', 1, pathToFileURL(file).href)]));
  const segments = await until('more than the file holds', async () => {
    const found = (await bench.recording.spans('cam-1', 'main', 0, Date.now())).flatMap(
      (span) => span.segments,
    );
    return found.length >= 8 ? found : undefined;
  });
  expect(bench.video.status('cam-1')).toMatchObject({ transport: 'file', restarts: 0, problem: null });
  segments.slice(1).forEach((segment, i) => {
    const before = segments[i];
    const expected = (before?.startMs ?? 0) + (before?.durationUs ?? 0) / 1000;
    expect(Math.abs(segment.startMs - expected)).toBeLessThan(1_000);
  });
});
