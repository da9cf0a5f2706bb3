import { PassThrough, Readable } from 'node:stream';
import { ffmpegCommand } from '../video/ffmpeg-command.ts';
import { endedChildrenMs } from './ended-children.ts';
import { type Grey, HEIGHT, PIXELS, WIDTH } from './grey.ts';

const TIMEOUT_S = 20;
/** ffmpeg tells what its work cost, not its own start: so much on the machine this was measured on, ms. */
const START_MS = 60;
/** Whoever pulls and records goes first. */
const NICENESS = 10;
/** How the system, and `nice` in front of it, say that there is no such program or no room for it. */
const NOT_STARTED = /code 12[67]\b|ENOENT|EACCES|EAGAIN|EMFILE|ENOMEM/;
/** A picture beyond this is no camera's: an attack on memory, or damage. */
const MOST_PIXELS = 64_000_000;

export interface Decoded {
  /** One for each keyframe given; undefined where it could not be decoded. */
  pictures: (Grey | undefined)[];
  /** What the decoders used of a core, ms. */
  cpuMs: number;
}

/**
 * Decodes keyframes of several cameras, all of one coding, in a single run of ffmpeg: starting one costs three times
 * what a picture does. Where a damaged one makes it unsure which picture is whose, each is decoded alone.
 */
export async function decodeKeyframes(
  ffmpegPath: string,
  coding: 'h264' | 'h265',
  keyframes: readonly Buffer[],
): Promise<Decoded> {
  const all = await run(ffmpegPath, coding, Buffer.concat([...keyframes]));
  if (all.pictures.length === keyframes.length) return all;
  if (keyframes.length === 1) return { pictures: [undefined], cpuMs: all.cpuMs };
  let { cpuMs } = all;
  const pictures: (Grey | undefined)[] = [];
  for (const keyframe of keyframes) {
    const alone = await run(ffmpegPath, coding, keyframe);
    cpuMs += alone.cpuMs;
    pictures.push(alone.pictures.length === 1 ? alone.pictures[0] : undefined);
  }
  return { pictures, cpuMs };
}

/**
 * What a run cost: what the system says of processes that ended during it. Where that is more than one process can
 * have used in the time, another one ended too, and what ffmpeg says of itself counts.
 */
function costOf(wallMs: number, toldMs: number | undefined, endedBefore: number | undefined): number {
  const ended = endedChildrenMs();
  if (ended !== undefined && endedBefore !== undefined && ended - endedBefore <= 1.5 * wallMs)
    return ended - endedBefore;
  return Math.min(wallMs, toldMs === undefined ? wallMs : toldMs + START_MS);
}

/** Never rejects for what is in the bytes: what could not be decoded is not there. @throws Error without ffmpeg */
function run(
  ffmpegPath: string,
  coding: 'h264' | 'h265',
  bytes: Buffer,
): Promise<{ pictures: Grey[]; cpuMs: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const endedBefore = endedChildrenMs();
    const chunks: Buffer[] = [];
    let cpuMs: number | undefined;
    const output = new PassThrough({ emitClose: false });
    output.on('data', (chunk: Buffer) => chunks.push(chunk));
    const done = () => {
      const raw = Buffer.concat(chunks);
      const pictures = Array.from({ length: Math.floor(raw.length / PIXELS) }, (_, index) =>
        Uint8Array.from(raw.subarray(index * PIXELS, (index + 1) * PIXELS)),
      );
      const wallMs = performance.now() - started;
      resolve({ pictures, cpuMs: costOf(wallMs, cpuMs, endedBefore) });
    };
    ffmpegCommand(ffmpegPath, { timeout: TIMEOUT_S, stdoutLines: 20, niceness: NICENESS })
      .input(Readable.from([bytes]))
      .inputOptions([
        ...['-nostdin', '-hide_banner', '-nostats', '-benchmark', '-loglevel', 'info'],
        // The picture is made a quarter of its size or less: edges of blocks need no smoothing first.
        ...['-threads', '1', '-flags', 'low_delay', '-skip_frame', 'nokey', '-skip_loop_filter', 'all'],
        ...['-max_pixels', String(MOST_PIXELS), '-probesize', '32'],
        ...['-f', coding === 'h265' ? 'hevc' : 'h264'],
      ])
      .outputOptions([
        ...['-fps_mode', 'passthrough', '-filter_threads', '1'],
        ...['-vf', `scale=${WIDTH}:${HEIGHT}:flags=area,format=gray`, '-f', 'rawvideo'],
      ])
      .on('stderr', (line: string) => {
        const used = /^bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(line);
        if (used) cpuMs = (Number(used[1]) + Number(used[2])) * 1_000;
      })
      .on('error', (error: Error) => {
        // What is damaged ends ffmpeg with an error too; that it could not be started is no camera's fault.
        if (NOT_STARTED.test(error.message)) reject(error);
        else done();
      })
      .on('end', done)
      .output(output, { end: true })
      .run();
  });
}
