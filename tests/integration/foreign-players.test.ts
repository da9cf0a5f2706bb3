import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endlessFootage } from '../support/footage.ts';
import { servePlaylists } from '../support/playlist-server.ts';
import { camera, openVideoBench, until, type VideoBench } from '../support/video-bench.ts';
import { playByVlc, startVlcServer } from '../support/vlc.ts';

const run = promisify(execFile);
let vlc: Awaited<ReturnType<typeof startVlcServer>>;
let bench: VideoBench;
let served: Awaited<ReturnType<typeof servePlaylists>>;

beforeAll(async () => {
  vlc = await startVlcServer(await endlessFootage());
  bench = await openVideoBench([camera('cam-1', 1, vlc.url, { sound: false })]);
  served = await servePlaylists(bench, 'cam-1');
}, 240_000);
afterAll(async () => {
  await served?.stop();
  await bench?.close();
  await vlc?.end();
});

const status = () => bench.video.status('cam-1');

/** Frames that ffmpeg's tools find, with their size. */
async function framesIn(address: string, seconds?: number): Promise<{ frames: number; width: number }> {
  const { stdout } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-select_streams', 'v', '-count_frames'],
      ...(seconds === undefined ? [] : ['-read_intervals', `%+${seconds}`]),
      ...['-show_entries', 'stream=nb_read_frames,width', '-of', 'json', address],
    ],
    { timeout: 60_000 },
  );
  const [stream] = (JSON.parse(stdout) as { streams: { nb_read_frames: string; width: number }[] }).streams;
  return { frames: Number(stream?.nb_read_frames ?? 0), width: stream?.width ?? 0 };
}

test('VLC refuses TCP, so its stream is pulled by UDP', async () => {
  await until('the picture', () => status()?.state === 'running', 60_000);
  expect(status()).toMatchObject({ transport: 'udp', format: { width: 768, height: 576 } });
  await until('some footage', async () => (await bench.recording.lastMsn('cam-1', 'main')) > 0);
});

test('ffprobe and VLC play the live playlist', async () => {
  const url = `${served.url}/live-main.m3u8`;
  const byFfprobe = await framesIn(url, 3);
  expect(byFfprobe.width).toBe(768);
  expect(byFfprobe.frames).toBeGreaterThan(10);
  const played = await playByVlc(url, 5);
  try {
    expect((await framesIn(played.file)).frames).toBeGreaterThan(10);
  } finally {
    await played.end();
  }
});

test('ffprobe and VLC play the archive', async () => {
  await until(
    'ten seconds of archive',
    async () => {
      const { spans } = await bench.video.timeline('cam-1', Date.now() - 600_000, Date.now());
      return spans.some(({ from, to }) => to - from > 10_000);
    },
    60_000,
  );
  const to = Date.now();
  const url = `${served.url}/archive-main.m3u8?from=${to - 60_000}&to=${to}`;
  const whole = await framesIn(url);
  expect(whole.frames).toBeGreaterThan(60);
  const played = await playByVlc(url, 5);
  try {
    expect((await framesIn(played.file)).frames).toBeGreaterThan(10);
  } finally {
    await played.end();
  }
});
