import { execFile } from 'node:child_process';
import { access, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { footage } from '../../support/footage.ts';
import { type RtspServer, startRtspServer } from '../../support/rtsp-server.ts';

const run = promisify(execFile);
const folder = process.env.KALANCHA_FOOTAGE ?? join(tmpdir(), 'kalancha-footage');

/** What a camera of the design sends: 1280x720, 20 frames a second, a keyframe each two seconds, 1.5 Mbit/s. */
export const CAMERA = { fps: 20, gopS: 2, kbps: 1_500 };

/** Sensor noise makes every frame another one: what was recorded can be told from what was sent. */
const NOISY = 'scale=1280:720,noise=alls=6:allf=t';

/** A street, once through, as the cameras of the design would send it. Made once and kept. */
export async function scene(): Promise<string> {
  const path = join(folder, 'bench-720p.mp4');
  if (await exists(path)) return path;
  const input = await footage();
  const gop = CAMERA.fps * CAMERA.gopS;
  await run('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-y', '-i', input, '-an', '-vf', NOISY, '-r', String(CAMERA.fps)],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'main', '-bf', '0', '-pix_fmt', 'yuv420p'],
    ...['-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0'],
    ...['-b:v', `${CAMERA.kbps}k`, '-maxrate', `${CAMERA.kbps}k`, '-bufsize', `${CAMERA.kbps}k`],
    ...['-movflags', '+faststart', `${path}.unfinished.mp4`],
  ]);
  await rename(`${path}.unfinished.mp4`, path);
  return path;
}

/** The scene over and over for at least `minutes`: copied, not encoded again. */
export async function longFootage(minutes: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const once = await scene();
  const times = Math.ceil((minutes * 60) / 79) + 1;
  const path = join(folder, `bench-720p-x${times}.mp4`);
  if (await exists(path)) return path;
  const list = join(folder, `bench-720p-x${times}.ffconcat`);
  await writeFile(list, `ffconcat version 1.0\n${`file '${once}'\n`.repeat(times)}`);
  await run('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-y', '-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy'],
    ...['-movflags', '+faststart', `${path}.unfinished.mp4`],
  ]);
  await rename(`${path}.unfinished.mp4`, path);
  return path;
}

const exists = (path: string) =>
  access(path)
    .then(() => stat(path))
    .then(
      ({ size }) => size > 0,
      () => false,
    );

/** What a wall takes: the small stream of a camera, 640x360, 15 frames a second, a keyframe a second. */
async function smallFootage(): Promise<string> {
  const path = join(folder, 'bench-360p.mp4');
  if (await exists(path)) return path;
  await run('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-y', '-stream_loop', '5', '-i', await footage(), '-an'],
    ...['-vf', 'scale=640:360,noise=alls=4:allf=t', '-r', '15', '-c:v', 'libx264', '-preset', 'veryfast'],
    ...['-profile:v', 'main', '-bf', '0', '-g', '15', '-keyint_min', '15', '-sc_threshold', '0'],
    ...['-b:v', '500k', '-maxrate', '500k', '-bufsize', '500k', '-pix_fmt', 'yuv420p'],
    ...['-movflags', '+faststart', `${path}.unfinished.mp4`],
  ]);
  await rename(`${path}.unfinished.mp4`, path);
  return path;
}

/** The same for small streams, which last for eight minutes. */
export async function startSmallCameras(): Promise<{ server: RtspServer; url: string }> {
  const server = await startRtspServer({ mounts: [{ path: '/small', file: await smallFootage() }] });
  return { server, url: server.url('/small') };
}

/** One RTSP server for any number of cameras: each client gets the file from its beginning, as it is. */
export async function startCameras(
  minutes: number,
): Promise<{ server: RtspServer; file: string; url: string }> {
  const file = await longFootage(minutes);
  const server = await startRtspServer({ mounts: [{ path: '/street', file }] });
  return { server, file, url: server.url('/street') };
}
