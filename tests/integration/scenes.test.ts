import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createCameraPicture,
  FRAMES_PER_SECOND,
  HEIGHT,
  WIDTH,
} from '../../fixtures/scenes/camera-picture.ts';
import { encoderArguments } from '../../fixtures/scenes/encoder-command.ts';
import { type FrameMark, readFrameMark } from '../../fixtures/scenes/frame-mark.ts';
import { ivfFrameHeader, ivfHeader } from '../../fixtures/scenes/ivf.ts';
import { type ScenesServer, startScenes } from '../../fixtures/scenes/server.ts';
import { systemClock } from '../../main/base/clock.ts';

const cli = fileURLToPath(new URL('../../fixtures/scenes/cli.ts', import.meta.url));
const FRAME_BYTES = WIDTH * HEIGHT * 4;

const scenes = new Set<ScenesServer>();
const children = new Set<ChildProcess>();

afterEach(async () => {
  for (const server of scenes) await server.stop();
  scenes.clear();
  for (const child of children)
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  children.clear();
});

async function started(log: string[] = []): Promise<ScenesServer> {
  const server = await startScenes({ port: 0, clock: systemClock, log: (line) => log.push(line) });
  scenes.add(server);
  return server;
}

/** The marks of the first `frames` frames as a foreign player decodes them, and what it complained of. */
async function watch(url: string, frames: number, enough?: AbortSignal) {
  const child = spawn('ffmpeg', [
    '-nostdin',
    '-v',
    'error',
    '-i',
    url,
    '-frames:v',
    String(frames),
    // Otherwise pictures that a busy machine left out would be made up for.
    ...['-fps_mode', 'passthrough'],
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgba',
    'pipe:1',
  ]);
  children.add(child);
  enough?.addEventListener('abort', () => child.kill('SIGTERM'));
  const chunks: Buffer[] = [];
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  await once(child, 'close');
  const all = Buffer.concat(chunks);
  const marks: (FrameMark | null)[] = [];
  for (let at = 0; at + FRAME_BYTES <= all.length; at += FRAME_BYTES)
    marks.push(readFrameMark(all.subarray(at, at + FRAME_BYTES), WIDTH, HEIGHT));
  return { marks, complaint };
}

/** A machine without time leaves pictures out; those that come are each another, in order, and each is of its own moment. */
function expectInStep(marks: readonly (FrameMark | null)[]): void {
  const frameMs = 1000 / FRAMES_PER_SECOND;
  marks.forEach((mark, i) => {
    const [now, before] = [mark ?? none, marks[i - 1] ?? none];
    if (i === 0) expect(mark).not.toBeNull();
    else {
      expect(now.frame).toBeGreaterThan(before.frame);
      expect(Math.abs(now.utcMs - before.utcMs - (now.frame - before.frame) * frameMs)).toBeLessThan(10);
    }
  });
}

const none = { frame: Number.NaN, utcMs: Number.NaN };

/** What a foreign player finds in a stream: codecs, and how wide the picture is. */
async function probed(url: string): Promise<string[]> {
  const child = spawn('ffprobe', [
    ...['-v', 'error', '-analyzeduration', '2000000', '-show_entries', 'stream=codec_name,width'],
    ...['-of', 'csv=p=0', url],
  ]);
  children.add(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'close');
  return [...new Set(text.split('\n').filter((line) => line !== ''))].sort();
}

describe('the street scenes', () => {
  it('come smaller too, and with the street’s sound, where a camera has them', async () => {
    const { url } = await started();
    const { marks, complaint } = await watch(`${url}/camera/5.ts`, 20);
    expect(complaint).toBe('');
    expectInStep(marks);
    expect(await probed(`${url}/camera/5.ts`)).toEqual(['aac', 'h264,640']);
    expect(await probed(`${url}/camera/5-small.ts`)).toEqual(['h264,320']);
    expect(await probed(`${url}/camera/4.ts`)).toEqual(['h264,640']);
    expect((await fetch(`${url}/camera/4-small.ts`)).status).toBe(404);
  });

  it('are H.264 whose every frame can be told from the picture, in order and on time', async () => {
    const { url } = await started();
    for (const camera of [1, 4]) {
      const before = Date.now();
      const { marks, complaint } = await watch(`${url}/camera/${camera}.ts`, 40);
      expect(complaint).toBe('');
      expect(marks).toHaveLength(40);
      expectInStep(marks);
      expect(marks[0]?.utcMs).toBeGreaterThanOrEqual(before - 1_000);
      expect(marks[39]?.utcMs).toBeLessThanOrEqual(Date.now() + 1_000);
    }
  });

  it('keep the time of each picture where others were left out, and begin a group of pictures each second', async () => {
    const child = spawn('ffmpeg', encoderArguments({ second: false, sound: false }));
    children.add(child);
    const probe = spawn('ffprobe', [
      ...['-v', 'error', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', 'pipe:0'],
    ]);
    children.add(probe);
    child.stdout.pipe(probe.stdin);
    let text = '';
    probe.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const closed = once(probe, 'close');
    const picture = createCameraPicture(1);
    const numbers = [...Array(20).keys(), 40, 41, 44, 60, 61, 100, 101];
    child.stdin.write(ivfHeader('I420', WIDTH, HEIGHT, FRAMES_PER_SECOND));
    for (const number of numbers) {
      const bytes = Buffer.from(picture.next({ frame: number, utcMs: Date.UTC(2026, 5, 1) }));
      child.stdin.write(ivfFrameHeader(bytes.length, number));
      child.stdin.write(bytes);
    }
    child.stdin.end();
    await closed;
    const packets = text.split('\n').filter((line) => line !== '');
    const times = packets.map((line) => Number.parseFloat(line));
    expect(times.map((time) => Math.round((time - (times[0] ?? 0)) * FRAMES_PER_SECOND))).toEqual(numbers);
    const keyframes = numbers.filter((_, i) => /,K/.test(packets[i] ?? ''));
    expect(keyframes).toEqual([0, 15, 40, 60, 100]);
  });

  it('keep their mark when a second encoder takes the picture down to a third of the rate', async () => {
    const { url } = await started();
    const child = spawn('ffmpeg', [
      '-nostdin',
      '-v',
      'error',
      '-i',
      `${url}/camera/3.ts`,
      '-frames:v',
      '30',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-b:v',
      '200k',
      '-f',
      'mpegts',
      'pipe:1',
    ]);
    children.add(child);
    const again = spawn('ffmpeg', [
      '-v',
      'error',
      '-i',
      'pipe:0',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgba',
      'pipe:1',
    ]);
    children.add(again);
    const chunks: Buffer[] = [];
    again.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdout.pipe(again.stdin);
    await once(again, 'close');
    const all = Buffer.concat(chunks);
    const marks = Array.from({ length: 30 }, (_, i) =>
      readFrameMark(all.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES), WIDTH, HEIGHT),
    );
    expect(marks.filter((mark) => mark === null)).toEqual([]);
  });

  it('are shared: one who joins later begins at a keyframe and sees the same frames', async () => {
    const { url } = await started();
    const enough = new AbortController();
    const first = watch(`${url}/camera/2.ts`, 1_000, enough.signal);
    await watch(`${url}/camera/2.ts`, 15);
    const second = await watch(`${url}/camera/2.ts`, 15);
    expect(second.complaint).toBe('');
    enough.abort();
    const seen = new Map((await first).marks.map((mark) => [mark?.frame, mark?.utcMs]));
    const shared = second.marks.filter((mark) => seen.has(mark?.frame));
    expect(shared.length).toBeGreaterThan(0);
    for (const mark of shared) expect(mark?.utcMs).toBe(seen.get(mark?.frame));
  });

  it('answer 404 for another camera and 405 for another method', async () => {
    const { url } = await started();
    expect((await fetch(`${url}/camera/7.ts`)).status).toBe(404);
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/camera/1.ts`, { method: 'POST' })).status).toBe(405);
  });

  it('say why when there is no ffmpeg, and end the client’s stream', async () => {
    const log: string[] = [];
    const server = await startScenes({
      port: 0,
      clock: systemClock,
      log: (line) => log.push(line),
      ffmpeg: '/nonexistent/ffmpeg',
    });
    scenes.add(server);
    await expect(fetch(`${server.url}/camera/1.ts`).then((answer) => answer.arrayBuffer())).rejects.toThrow();
    expect(log.join()).toMatch(/camera 1: ffmpeg could not be started/);
  });
});

/** Process ids of the programs that `child` has started. */
async function childrenOf(child: ChildProcess): Promise<number[]> {
  const list = spawn('ps', ['-o', 'pid=', '--ppid', String(child.pid)]);
  let pids = '';
  list.stdout.on('data', (chunk: Buffer) => {
    pids += chunk.toString();
  });
  await once(list, 'close');
  return pids.trim().split(/\s+/).filter(Boolean).map(Number);
}

describe('the scenes program', () => {
  async function program(env: NodeJS.ProcessEnv) {
    const child = spawn(process.execPath, [cli, '--port', '0'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    children.add(child);
    const lines = createInterface({ input: child.stdout });
    const [line] = await once(lines, 'line');
    const url = /^scenes ready (http:\/\/127\.0\.0\.1:\d+)$/.exec(String(line))?.[1] ?? '';
    const answer = await fetch(`${url}/camera/1.ts`);
    await answer.body?.getReader().read();
    return { child, url };
  }

  it.each([
    ['SIGTERM', (child: ChildProcess) => void child.kill('SIGTERM')],
    ['the end of its parent', (child: ChildProcess) => void child.stdin?.end()],
  ])('ends with %s, ffmpeg too', async (_, end) => {
    const { child, url } = await program({ ...process.env, KALANCHA_PARENT: '1' });
    // Taken down while their parent lives: afterwards nobody could tell whose they were.
    const encoders = await childrenOf(child);
    expect(encoders).toHaveLength(1);
    const closed = once(child, 'close');
    end(child);
    const [code] = await closed;
    expect(code).toBe(0);
    await expect(fetch(`${url}/camera/1.ts`)).rejects.toThrow();
    for (const pid of encoders) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  it('leaves no ffmpeg when it is killed itself', async () => {
    const { child } = await program({ ...process.env, KALANCHA_PARENT: '1' });
    const encoders = await childrenOf(child);
    expect(encoders).toHaveLength(1);
    child.kill('SIGKILL');
    const alive = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await expect.poll(() => encoders.some(alive), { timeout: 10_000 }).toBe(false);
  });

  it('refuses a port that is none', async () => {
    const child = spawn(process.execPath, [cli, '--port', 'seven'], { stdio: ['ignore', 'ignore', 'pipe'] });
    children.add(child);
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
  });
});
