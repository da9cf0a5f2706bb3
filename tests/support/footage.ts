import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';

const run = promisify(execFile);
const folder = process.env.KALANCHA_FOOTAGE ?? join(tmpdir(), 'kalancha-footage');

/** Where Debian's opencv-doc puts its surveillance footage; some versions compress it. */
async function source(): Promise<string> {
  const { stdout } = await run('dpkg', ['-L', 'opencv-doc']);
  const found = stdout.split('\n').find((line) => /\/vtest\.avi(\.gz)?$/.test(line));
  if (!found) throw new Error('opencv-doc is installed but holds no vtest.avi');
  if (!found.endsWith('.gz')) return found;
  const unpacked = join(folder, 'vtest.avi');
  if (!(await exists(unpacked))) {
    const unfinished = `${unpacked}.${process.pid}`;
    await pipeline(createReadStream(found), createGunzip(), createWriteStream(unfinished));
    await rename(unfinished, unpacked);
  }
  return unpacked;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function made(name: string, args: (input: string) => string[]): Promise<string> {
  const path = join(folder, name);
  if ((await exists(path)) && (await stat(path)).size > 0) return path;
  await mkdir(folder, { recursive: true });
  const input = await source();
  const unfinished = join(folder, `unfinished-${process.pid}-${name}`);
  try {
    await run('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...args(input), unfinished]);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return path;
}

const encode = (gop: number, more: string[] = []) => [
  ...['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'main', '-bf', '0'],
  ...['-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0', '-pix_fmt', 'yuv420p'],
  ...['-b:v', '600k', '-movflags', '+faststart', ...more],
];

/** Real footage of a street, 768x576, 10 frames a second, H.264 with a keyframe each two seconds; 79 s long. */
export const footage = () => made('vtest-gop20.mp4', (input) => ['-i', input, ...encode(20)]);

/** Its first twelve seconds. */
export async function shortFootage(): Promise<string> {
  const whole = await footage();
  return made('vtest-12s.mp4', () => ['-i', whole, '-t', '12', '-c', 'copy', '-movflags', '+faststart']);
}

/** The same with a keyframe only each ten seconds. */
export const longGopFootage = () => made('vtest-gop100.mp4', (input) => ['-i', input, ...encode(100)]);

/** The same, four times over: for servers that must not run out. */
export async function endlessFootage(): Promise<string> {
  const once = await footage();
  return made('vtest-long.mp4', () => [
    '-stream_loop',
    '7',
    '-i',
    once,
    '-c',
    'copy',
    '-movflags',
    '+faststart',
  ]);
}

/** Some seconds in H.265, a keyframe each two. */
export const h265Footage = (seconds = 5) =>
  made(`vtest-h265-${seconds}.mp4`, (input) => [
    ...['-i', input, '-t', String(seconds), '-an', '-c:v', 'libx265', '-preset', 'ultrafast'],
    ...['-x265-params', 'log-level=none:keyint=20:min-keyint=20:scenecut=0:bframes=0'],
  ]);

/** A transport stream whose picture changes from 768x576 to 384x288 after ten seconds, as a camera's may. */
export async function changingFootage(): Promise<string> {
  const piece = (name: string, more: string[]) =>
    made(name, (input) => ['-i', input, '-t', '10', ...encode(20, more), '-f', 'mpegts']);
  const large = await piece('vtest-large.ts', []);
  const small = await piece('vtest-small.ts', ['-vf', 'scale=384:288', '-profile:v', 'high']);
  const list = join(folder, 'vtest-changing.ffconcat');
  await writeFile(
    list,
    `ffconcat version 1.0\n${[large, small, small].map((path) => `file '${path}'\n`).join('')}`,
  );
  return made('vtest-changing.ts', () => [
    ...['-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', '-f', 'mpegts'],
  ]);
}

/** Its first sixteen seconds seen through an ffmpeg filter, as fragments the way cameras' streams are pulled. */
export const filteredFootage = (name: string, filter: string, more: string[] = []) =>
  made(`vtest-${name}.frag.mp4`, (input) => [
    ...['-i', input, '-t', '16', '-vf', filter, ...encode(20), ...more],
    ...['-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer'],
  ]);

/** Five seconds in H.265, as fragments. */
export async function h265Fragments(): Promise<string> {
  const whole = await h265Footage();
  return made('vtest-h265.frag.mp4', () => [
    ...['-i', whole, '-c', 'copy', '-movflags', '+frag_every_frame+empty_moov+default_base_moof'],
  ]);
}

/** White for a tenth of every second, with a beep in the same tenth: tells whether sound and picture agree. */
export async function flashFootage(sound: 'aac' | 'alaw'): Promise<string> {
  const aac = await made('flash-aac.mp4', () => [
    ...[
      '-f',
      'lavfi',
      '-i',
      "color=black:s=320x240:r=20:d=60,drawbox=c=white:t=fill:enable='lt(mod(t,1),0.1)'",
    ],
    ...['-f', 'lavfi', '-i', "aevalsrc='if(lt(mod(t,1),0.1),sin(2*PI*1000*t),0)':s=16000:d=60"],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '40', '-keyint_min', '40'],
    ...['-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '64k', '-shortest'],
  ]);
  if (sound === 'aac') return aac;
  return made('flash-alaw.mov', () => ['-i', aac, '-c:v', 'copy', '-c:a', 'pcm_alaw', '-ar', '8000']);
}

/** Twelve seconds with B-frames and G.711. */
export const bFrameFootage = () =>
  made('vtest-b-frames.mov', (input) => [
    ...[
      '-i',
      input,
      '-f',
      'lavfi',
      '-i',
      'sine=f=440:r=8000',
      '-t',
      '12',
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
    ],
    ...['-bf', '3', '-g', '20', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_alaw', '-ar', '8000'],
  ]);

/** A transport stream of a codec that is none of ours. */
export const mpeg2Footage = () =>
  made('vtest-mpeg2.ts', (input) => [
    '-i',
    input,
    '-t',
    '3',
    '-r',
    '25',
    '-an',
    '-c:v',
    'mpeg2video',
    '-f',
    'mpegts',
  ]);

/** The same street as a small second stream, 256x192, four times over: many of it cost next to nothing. */
export async function smallFootage(): Promise<string> {
  const once = await made('vtest-256.mp4', (input) => [
    ...['-i', input, '-vf', 'scale=256:192', ...encode(20), '-b:v', '120k'],
  ]);
  return made('vtest-256-long.mp4', () => [
    ...['-stream_loop', '7', '-i', once, '-c', 'copy', '-movflags', '+faststart'],
  ]);
}
