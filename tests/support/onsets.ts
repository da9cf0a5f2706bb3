import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a foreign ffmpeg over bytes. */
async function ffmpeg(input: Buffer, args: readonly string[]): Promise<Buffer> {
  const child = spawn('ffmpeg', ['-v', 'error', '-i', 'pipe:0', ...args, 'pipe:1'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
  return Buffer.concat(chunks);
}

/** Moments at which a picture turns from dark to light, ms after its first frame. */
export async function flashes(mp4: Buffer): Promise<number[]> {
  const text = await ffmpeg(mp4, [
    ...['-vf', 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-', '-f', 'null'],
  ]);
  const frames = [...text.toString().matchAll(/pts_time:([\d.]+)\s+lavfi\.signalstats\.YAVG=([\d.]+)/g)];
  return frames.flatMap(([, time, light], i) =>
    i > 0 && Number(light) > 100 && Number(frames[i - 1]?.[2]) <= 100 ? [Number(time) * 1000] : [],
  );
}

const RATE = 16_000;

/** Moments at which silence ends, ms after the first sample. */
export async function beeps(mp4: Buffer): Promise<number[]> {
  const samples = await ffmpeg(mp4, ['-ac', '1', '-ar', String(RATE), '-f', 's16le']);
  const found: number[] = [];
  let quiet = 0;
  for (let at = 0; at + 1 < samples.length; at += 2) {
    const loud = Math.abs(samples.readInt16LE(at)) > 3_000;
    if (loud && quiet > RATE / 4) found.push((at / 2 / RATE) * 1000);
    quiet = loud ? 0 : quiet + 1;
  }
  return found;
}
