import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameMarkBits, MARK_COLUMNS, MARK_ROWS, PICTURE_ROWS } from '../../fixtures/scenes/frame-mark.ts';
import { openVideoBench } from './video-bench.ts';
import { writeFootage } from './written-footage.ts';

const WIDTH = 640;
const HEIGHT = 360;
const folder = process.env.KALANCHA_FOOTAGE ?? join(tmpdir(), 'kalancha-footage');

export interface MarkedOptions {
  seconds: number;
  fps: number;
  /** Frames from keyframe to keyframe. */
  gop: number;
}

/**
 * Fragmented MP4 of which each frame carries its own number, readable for programs; the mark's time is the frame's
 * distance from the beginning, ms. Made once and kept.
 */
export async function markedFootage({ seconds, fps, gop }: MarkedOptions): Promise<Buffer> {
  const path = join(folder, `marked-${seconds}s-${fps}fps-gop${gop}.mp4`);
  const known = await stat(path).catch(() => undefined);
  if (!known?.size) {
    await mkdir(folder, { recursive: true });
    const unfinished = `${path}.${process.pid}.mp4`;
    await encode(unfinished, { seconds, fps, gop });
    await rename(unfinished, path);
  }
  return readFile(path);
}

async function encode(path: string, { seconds, fps, gop }: MarkedOptions): Promise<void> {
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...['-nostdin', '-loglevel', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'gray'],
      ...['-s', `${WIDTH}x${HEIGHT}`, '-r', String(fps), '-i', 'pipe:0', '-an', '-pix_fmt', 'yuv420p'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'main', '-bf', '0', '-crf', '23'],
      ...['-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0', '-f', 'mp4'],
      ...['-movflags', '+frag_every_frame+empty_moov+default_base_moof', path],
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  const ended = once(ffmpeg, 'close');
  for (let frame = 0; frame < seconds * fps; frame++)
    if (!ffmpeg.stdin.write(draw(frame, Math.round((frame * 1000) / fps)))) await once(ffmpeg.stdin, 'drain');
  ffmpeg.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
}

/** A grey picture with a bar that wanders, and the mark along its lower edge. */
function draw(frame: number, utcMs: number): Buffer {
  const picture = Buffer.alloc(WIDTH * HEIGHT, 90);
  const bar = (frame * 7) % (WIDTH - 40);
  for (let y = 60; y < 260; y++) picture.fill(190, y * WIDTH + bar, y * WIDTH + bar + 40);
  const bits = frameMarkBits({ frame, utcMs });
  const [wide, high] = [WIDTH / MARK_COLUMNS, HEIGHT / PICTURE_ROWS];
  for (let row = 0; row < MARK_ROWS; row++)
    for (let column = 0; column < MARK_COLUMNS; column++) {
      const value = bits[row * MARK_COLUMNS + column] === 1 ? 235 : 16;
      const top = HEIGHT - (MARK_ROWS - row) * high;
      for (let y = top; y < top + high; y++)
        picture.fill(value, y * WIDTH + column * wide, y * WIDTH + (column + 1) * wide);
    }
  return picture;
}

/** A stretch of a camera's footage: `mp4` from `startMs` on, UTC. */
export interface Stretch {
  camera: { id: string; num: number };
  mp4: Buffer;
  startMs: number;
}

/** Writes footage into the data folder of a hub that does not run, as if it had been recorded. */
export async function recordStretches(dataDir: string, stretches: readonly Stretch[]): Promise<void> {
  const bench = await openVideoBench([], { dataDir, recordings: join(dataDir, 'footage') });
  try {
    const nextMsn = new Map<string, number>();
    for (const { camera, mp4, startMs } of stretches) {
      const msn = nextMsn.get(camera.id) ?? 1;
      const writer = bench.recording.writer(camera, 'main');
      writeFootage(writer, mp4, startMs, msn, 'stream-lost');
      await writer.close();
      await bench.recording.flush();
      nextMsn.set(camera.id, (await bench.recording.lastMsn(camera.id, 'main')) + 1);
    }
  } finally {
    await bench.close();
  }
}
