import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TrackName } from '../../main/contract/video.ts';
import type { FeedFragment } from '../../main/video/types.ts';
import { endlessFootage, flashFootage, h265Footage } from '../support/footage.ts';
import { framehash } from '../support/framehash.ts';
import { beeps, flashes } from '../support/onsets.ts';
import { type RtspServer, startRtspServer } from '../support/rtsp-server.ts';
import { camera, openVideoBench, until, type VideoBench } from '../support/video-bench.ts';
import { openVideoServer, type VideoServer } from '../support/video-server.ts';

let rtsp: RtspServer;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  rtsp = await startRtspServer({
    mounts: [
      { path: '/aac', kind: 'h264+aac', file: await flashFootage('aac') },
      { path: '/alaw', kind: 'h264+alaw', file: await flashFootage('alaw') },
      { path: '/street', file: await endlessFootage() },
      { path: '/h265', kind: 'h265', file: await h265Footage(60) },
    ],
  });
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
afterAll(() => rtsp.kill());

async function setUp(
  ...[path, more]: [string, Parameters<typeof camera>[3]?]
): Promise<[VideoBench, VideoServer]> {
  const bench = await openVideoBench([camera('cam-1', 1, rtsp.url(path), more)], { lingerMs: 500 });
  open.push(bench);
  const hub = await openVideoServer(bench, { idleMs: 5_000 });
  open.push(hub);
  hub.give('officer', [...SEEING, 'video.audio']);
  hub.give('deaf', SEEING);
  return [bench, hub];
}
const SEEING = ['device.view', 'video.live', 'video.archive', 'video.snapshot'] as const;
const never = new AbortController().signal;
const get = async (hub: VideoServer, path: string, person = 'officer') => {
  const answer = await hub.get(person, `/api/video/cam-1/${path}`);
  return { status: answer.status, text: await answer.text() };
};

/** So many stored segments of a track, as one file, and when they began. */
async function stored(bench: VideoBench, track: TrackName, count: number) {
  const segments = await until(
    `${count} segments of ${track}`,
    async () => {
      const spans = await bench.recording.spans('cam-1', track, 0, Date.now());
      const all = spans.flatMap((span) => span.segments);
      return all.length >= count ? all : undefined;
    },
    60_000,
  );
  const init = await bench.recording.init('cam-1', track, segments[0]?.initHash ?? '');
  if (!init) throw new Error('no header');
  const bytes = await Promise.all(segments.map((segment) => bench.recording.read(segment)));
  return {
    mp4: Buffer.concat([init.init.bytes, ...bytes]),
    startMs: segments[0]?.startMs ?? 0,
    init: init.init,
  };
}

test.each([
  ['AAC is copied', '/aac', 'copy'],
  ['G.711 is made AAC', '/alaw', 'encode'],
])('%s, a track of its own, and sounds when the picture shows it', async (_name, path, hint) => {
  const [bench] = await setUp(path);
  const sound = await stored(bench, 'sound', 3);
  const picture = await stored(bench, 'main', 3);
  expect(sound.init.codec).toBe('mp4a.40.2');
  expect(bench.registry.get('cam-1')?.soundHint).toBe(hint);
  expect(bench.video.status('cam-1')).toMatchObject({
    restarts: 0,
    problem: null,
    sound: { state: 'running', recording: true, codec: 'mp4a.40.2' },
  });
  // One process for both: the camera is pulled once.
  expect(bench.video.pids().get('cam-1')).toHaveLength(1);
  const seen = (await flashes(picture.mp4)).map((ms) => ms + picture.startMs);
  const heard = (await beeps(sound.mp4)).map((ms) => ms + sound.startMs);
  const apart = heard.flatMap((at) =>
    seen.filter((other) => Math.abs(other - at) < 500).map((one) => at - one),
  );
  expect(apart.length).toBeGreaterThan(1);
  for (const ms of apart) expect(Math.abs(ms)).toBeLessThan(45);
});

test('a camera without sound costs one quick attempt once; what was learned is remembered', async () => {
  const [bench] = await setUp('/street');
  await until('the picture', () => bench.video.status('cam-1')?.state === 'running');
  expect(bench.registry.get('cam-1')?.soundHint).toBe('none');
  expect(bench.video.status('cam-1')).toMatchObject({ restarts: 0, problem: null, sound: { state: 'none' } });
  expect((await bench.video.multivariantPlaylist('cam-1', true, never)).includes('TYPE=AUDIO')).toBe(false);
});

test('sound is for who may hear it: every playlist and every byte', async () => {
  const [bench, hub] = await setUp('/aac');
  await stored(bench, 'sound', 2);
  const multivariant = await get(hub, 'live.m3u8');
  expect(multivariant.text).toMatch(/TYPE=AUDIO,.*DEFAULT=NO,AUTOSELECT=NO,.*URI="live-sound.m3u8"/);
  expect((await get(hub, 'live.m3u8?sound=no')).text).not.toContain('AUDIO');
  expect((await get(hub, 'live.m3u8', 'deaf')).text).not.toContain('AUDIO');
  const live = await get(hub, 'live-sound.m3u8');
  const names = ['init', 'part', 'segment'].map(
    (kind) => new RegExp(`"?(${kind}/sound-[^"\n]+)`).exec(live.text)?.[1],
  );
  const range = `from=${Date.now() - 20_000}&to=${Date.now()}`;
  const paths = ['live-sound.m3u8', `archive-sound.m3u8?${range}`, ...names];
  for (const path of paths) {
    expect([path, (await get(hub, `${path}`)).status]).toEqual([path, 200]);
    expect([path, (await get(hub, `${path}`, 'deaf')).status]).toEqual([path, 403]);
  }
  expect((await get(hub, `archive.m3u8?${range}`)).text).toContain('archive-sound.m3u8?from=');
  expect((await get(hub, `archive.m3u8?${range}`, 'deaf')).text).not.toContain('sound');
  expect((await get(hub, 'live-main.m3u8')).text).toContain('RENDITION-REPORT:URI="live-sound.m3u8"');
  expect((await get(hub, 'live-main.m3u8', 'deaf')).text).not.toContain('sound');
  // A header of sound is not to be had under a picture's name.
  expect((await get(hub, String(names[0]).replace('sound-', 'main-'), 'deaf')).status).toBe(404);
  expect(hub.recorded.filter(({ data }) => data.sound === true).map(({ person }) => person?.id)).toEqual([
    'officer',
  ]);
});

test('H.265 is recorded as it comes; its second stream is recorded too and is what is shown', async () => {
  const [bench, hub] = await setUp('/h265', { secondUrl: rtsp.url('/street') });
  const main = await stored(bench, 'main', 2);
  expect(main.init).toMatchObject({ coding: 'h265', width: 768, height: 576 });
  expect(main.init.codec).toMatch(/^hvc1\.1\.6\.L\d+/);
  expect(main.init.bytes.includes('hvc1')).toBe(true);
  const second = await stored(bench, 'second', 2);
  expect(second.init.coding).toBe('h264');
  expect(bench.video.status('cam-1')).toMatchObject({ viewTrack: 'second', second: { recording: true } });
  const { text } = await get(hub, 'live.m3u8');
  expect(text).toContain('live-second.m3u8');
  expect(text).not.toContain('live-main.m3u8');
  const range = { from: Date.now() - 60_000, to: Date.now() };
  expect((await get(hub, `archive.m3u8?from=${range.from}&to=${range.to}`)).text).not.toContain(
    'archive-main',
  );
  expect((await bench.video.timeline('cam-1', range.from, range.to)).spans).toHaveLength(1);
  expect((await bench.video.snapshot('cam-1')).jpeg.subarray(0, 2).toString('hex')).toBe('ffd8');
  // A foreign player takes both as they lie on the disk.
  for (const track of ['main', 'second']) {
    const address = `${hub.base}/api/video/cam-1/archive-${track}.m3u8?from=${range.from}&to=${range.to}`;
    const { frames, complaints } = await framehash(address, { cookie: 'session=officer' });
    expect(frames.length).toBeGreaterThan(20);
    expect(complaints).toBe('');
  }
});

test('H.265 without a second stream is recorded, and who looks is told what to do', async () => {
  const [bench, hub] = await setUp('/h265');
  await stored(bench, 'main', 1);
  expect(bench.video.status('cam-1')).toMatchObject({ recording: true, problem: null });
  const refused = await get(hub, 'live.m3u8');
  expect(refused.status).toBe(409);
  expect(JSON.parse(refused.text)).toMatchObject({ code: 'stream.h265-only' });
});

test('a second stream of an H.264 camera is pulled while somebody looks at it, and kept nowhere', async () => {
  const [bench, hub] = await setUp('/street', { secondUrl: rtsp.url('/aac') });
  await until('the main stream', () => bench.video.status('cam-1')?.state === 'running');
  expect((await get(hub, 'live.m3u8')).text).toMatch(/live-main\.m3u8\n[^\n]*\nlive-second\.m3u8/);
  expect(bench.video.status('cam-1')?.second?.state).toBe('idle');
  const { text } = await get(hub, 'live-second.m3u8');
  expect(text).toContain('part/second-');
  expect(text).toContain('RENDITION-REPORT:URI="live-main.m3u8",LAST-MSN=');
  expect(bench.video.status('cam-1')?.second).toMatchObject({ state: 'running', recording: false });
  expect((await get(hub, 'live.m3u8')).text).toMatch(
    /CODECS="avc1\.[^"]+",RESOLUTION=320x240[^\n]*\nlive-second/,
  );
  await until('its end', () => bench.video.status('cam-1')?.second?.state === 'idle');
  expect(bench.video.status('cam-1')?.state).toBe('running');
  expect(await bench.recording.spans('cam-1', 'second', 0, Date.now())).toEqual([]);
});

test('frames are handed on before their part is whole, and make it up exactly', async () => {
  const [bench] = await setUp('/aac');
  await until('the picture', () => bench.video.status('cam-1')?.state === 'running');
  await bench.video.livePlaylist('cam-1', 'main', {}, never);
  const fragments: FeedFragment[] = [];
  const later: { fragments: number; ofPart: number }[] = [];
  let runs = 0;
  const feed = bench.video.feed('cam-1', 'main', {
    onInit: () => {
      runs += 1;
    },
    onFragment(fragment) {
      fragments.push(fragment);
    },
    onEnd: () => undefined,
  });
  expect(feed.gop?.fragments[0]?.keyframe).toBe(true);
  expect(feed.gop?.init.codec).toMatch(/^avc1/);
  const partOf = (one: FeedFragment) => `main-${one.msn}.${one.part}.m4s`;
  await until('some parts', () => new Set(fragments.map(partOf)).size > 12);
  feed.close();
  const first = feed.gop?.fragments.at(-1);
  const whole = [...new Set(fragments.map(partOf))].slice(1, -1);
  for (const name of whole) {
    const part = await bench.video.part('cam-1', name, never);
    const mine = fragments.filter((one) => partOf(one) === name);
    expect(Buffer.concat(mine.map(({ bytes }) => bytes)).equals(part.bytes)).toBe(true);
    later.push({ fragments: mine.length, ofPart: part.bytes.length });
  }
  // Four frames of 50 ms make a part: three came before it.
  expect(later.filter((one) => one.fragments > 1).length).toBeGreaterThan(later.length / 2);
  // What is cached joins without a hole to what comes.
  const [next] = fragments;
  if (!first || !next) throw new Error('nothing came');
  expect(next.utcMs - (first.utcMs + first.durationUs / 1000)).toBeLessThan(30);
  expect(runs).toBe(0);
});
