import type { ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { type InitSegment, readInitSegment, UnsupportedTrack } from '../recording/init-segment.ts';
import { MalformedMp4 } from '../recording/mp4-boxes.ts';
import { ffmpegCommand } from './ffmpeg-command.ts';
import { createFmp4Reader } from './fmp4-reader.ts';
import type { OutputPipe, OutputPipes } from './output-pipes.ts';
import { withCommonName } from './parameter-sets.ts';
import {
  ANALYSE_US,
  ffconcat,
  NETWORK_TIMEOUT_MS,
  PROBE_BYTES,
  type StreamAddress,
  type Transport,
} from './stream-address.ts';
import { codecName, type FoundProblem, problemOf } from './stream-problem.ts';

/** Both outputs keep the input's times as they are, so that sound and picture stay one clock. */
const FRAGMENTS = [
  ...['-f', 'mp4', '-flush_packets', '1', '-avoid_negative_ts', 'disabled'],
  ...['-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer+frag_discont'],
];
/** What ffmpeg (4.3 to 7) says when it is the sound that cannot be had, copied, or decoded. */
const SOUND_FAILURE =
  /Stream map '0:a:0' matches no streams|Stream map '' matches no streams|Could not find tag for codec (?!h26|hevc|mjpeg|mpeg4|vp|av1)|output file #1|out#1|Error while (?:opening|decoding).* stream #?0:[1-9]|Malformed AAC|Decoder \(codec/i;
/** Between SIGTERM and SIGKILL. */
const KILL_AFTER_MS = 1_500;
const MAX_STDERR_LINES = 60;
/** Without `file`: no answer of a camera may make ffmpeg read the hub's own files. */
const PROTOCOLS = 'pipe,rtsp,rtsps,rtp,srtp,udp,tcp,tls,http,https,httpproxy,crypto,data';

/** The main stream's sound: AAC is copied, anything else made AAC. */
export type SoundMode = 'copy' | 'encode';

export interface PullOptions {
  ffmpegPath: string;
  clock: Clock;
  pipes: OutputPipes;
  address: StreamAddress;
  transport: Transport;
  /** `info` lists the streams found; a session wants errors only. */
  logLevel: 'error' | 'info';
  onInit(init: InitSegment): void;
  /** The bytes' memory is used again when the call ends. */
  onFragment(bytes: Buffer, moofBytes: number): void;
  /** Pull the sound as well, by a pipe of its own. */
  sound?: {
    mode: SoundMode;
    onInit(init: InitSegment): void;
    onFragment(bytes: Buffer, moofBytes: number): void;
  };
}

export interface PullEnd {
  problem: FoundProblem;
  /** It ended because of the sound: without it, or with another mode, the picture would go on. */
  soundFailed: boolean;
  /** What ffmpeg said, unscrubbed: for finding things out, never to be shown or logged. */
  stderr: readonly string[];
}

export interface Pull {
  /** Resolves when the process is gone. Every end is told as a problem; the caller knows whether he wanted it. */
  readonly ended: Promise<PullEnd>;
  pid(): number | undefined;
  /** Is what comes taken at once, or a few times a second? At once, at first. */
  eager(on: boolean): void;
  /** SIGTERM, then SIGKILL; resolves when the process is gone. `problem` is then why it ended. */
  stop(problem?: FoundProblem): Promise<PullEnd>;
}

/**
 * One ffmpeg that copies one video track as fragmented MP4, a fragment a frame, and where asked for the sound as
 * another: the camera is pulled once. Both outputs keep ffmpeg's own times, which makes them one clock. Address
 * and credentials go in by its standard input. It dies with the hub, even by kill -9 (`ffmpeg-command.ts`).
 */
export function pullStream(options: PullOptions): Pull {
  const { address, ffmpegPath, clock } = options;
  const startedAt = clock.monotonic();
  const stderr: string[] = [];
  let child: ChildProcess | undefined;
  let ending = false;
  let verdict: FoundProblem | undefined;
  let settle: (end: PullEnd) => void = () => undefined;
  const ended = new Promise<PullEnd>((resolve) => {
    settle = resolve;
  });

  const { sound } = options;
  let soundBroke = false;
  const reader = createFmp4Reader({
    init(bytes) {
      const init = readInitSegment(withCommonName(bytes));
      if (init.coding === 'aac') throw new UnsupportedTrack('');
      options.onInit(init);
    },
    fragment: options.onFragment,
  });
  const soundReader = sound
    ? createFmp4Reader({
        init(bytes) {
          const init = readInitSegment(bytes);
          if (init.coding !== 'aac') throw new UnsupportedTrack(init.codec);
          sound.onInit(init);
        },
        fragment: sound.onFragment,
      })
    : undefined;

  function takePicture(chunk: Buffer): void {
    if (ending) return;
    try {
      reader.push(chunk);
    } catch (error) {
      void stop(outputProblem(error));
    }
  }

  function takeSound(chunk: Buffer): void {
    if (ending) return;
    try {
      soundReader?.push(chunk);
    } catch (error) {
      soundBroke = true;
      void stop({ code: 'unknown', detail: `the sound cannot be kept: ${messageOf(error)}` });
    }
  }

  const outputs: OutputPipe[] = [];
  let eager = true;

  async function begin(): Promise<void> {
    for (const take of [takePicture, ...(sound ? [takeSound] : [])])
      outputs.push(await options.pipes.open(take));
    for (const output of outputs) output.eager(eager);
    if (ending) finish();
    else start();
  }

  function start(): void {
    const command = ffmpegCommand(
      ffmpegPath,
      { stdoutLines: MAX_STDERR_LINES },
      (started) => {
        child = started;
        for (const [at, output] of outputs.entries()) output.handedOver(started, at === 0 ? 1 : 2 + at);
        if (ending) terminate();
      },
      outputs.map((output) => output.stdio),
    );
    if (address.kind === 'file')
      command.input(fileURLToPath(address.secretUrl)).inputOptions(['-stream_loop', '-1', '-re']);
    else
      command
        .input(Readable.from([Buffer.from(ffconcat(address, options.transport))]))
        .inputOptions(['-f', 'concat', '-safe', '0', '-protocol_whitelist', PROTOCOLS]);
    command.inputOptions([
      ...['-nostdin', '-hide_banner', '-loglevel', options.logLevel],
      ...['-fflags', '+genpts', '-flags', 'low_delay'],
      ...['-analyzeduration', String(ANALYSE_US), '-probesize', String(PROBE_BYTES)],
    ]);
    command
      .on('stderr', (line: string) => {
        if (stderr.length < MAX_STDERR_LINES) stderr.push(line);
      })
      .on('end', () => finish())
      .on('error', (error: Error) => finish(error))
      .output('pipe:1')
      .outputOptions(['-map', '0:v:0', '-c', 'copy', ...FRAGMENTS]);
    if (sound) {
      const codec = sound.mode === 'copy' ? ['copy'] : ['aac', '-b:a', '48k', '-ac', '1'];
      command.output('pipe:3').outputOptions(['-map', '0:a:0', '-c:a', ...codec, ...FRAGMENTS]);
    }
    command.run();
  }

  function finish(error?: Error): void {
    const missing = error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
    if (missing || /Cannot find ffmpeg/.test(error?.message ?? ''))
      verdict ??= { code: 'no-ffmpeg', detail: 'ffmpeg cannot be started' };
    const soundFailed = sound !== undefined && (soundBroke || SOUND_FAILURE.test(stderr.join('\n')));
    const problem = verdict ?? lastWords();
    // What ffmpeg wrote last is footage too.
    for (const output of outputs) {
      if (child) output.eager(true);
      else output.close();
    }
    void Promise.all(outputs.map((output) => output.ended)).then(() =>
      settle({ problem, soundFailed, stderr }),
    );
  }

  /** ffmpeg calls an RTSP server that never answered "invalid data"; only the time it took tells them apart. */
  function lastWords(): FoundProblem {
    const found = problemOf(stderr, address.secrets);
    const waitedMs = clock.monotonic() - startedAt;
    return found.code === 'not-video' && address.kind === 'rtsp' && waitedMs > NETWORK_TIMEOUT_MS * 0.9
      ? { code: 'timed-out', detail: `the camera did not answer for ${Math.round(waitedMs / 1000)} s` }
      : found;
  }

  function terminate(): void {
    const running = child;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGTERM');
    const killer = setTimeout(() => running.kill('SIGKILL'), KILL_AFTER_MS);
    running.once('exit', () => clearTimeout(killer));
  }

  function stop(problem?: FoundProblem): Promise<PullEnd> {
    verdict ??= problem;
    if (!ending) {
      ending = true;
      terminate();
    }
    return ended;
  }

  begin().catch((error: unknown) => {
    verdict ??= { code: 'unknown', detail: `no pipe could be made: ${messageOf(error)}` };
    finish();
  });
  return {
    ended,
    pid: () => child?.pid,
    eager(on) {
      eager = on;
      for (const output of outputs) output.eager(on);
    },
    stop,
  };
}

function outputProblem(error: unknown): FoundProblem {
  if (error instanceof UnsupportedTrack)
    return error.found === ''
      ? { code: 'no-video', detail: error.message }
      : { code: 'codec-unsupported', detail: `${codecName(error.found)} instead of H.264 or H.265` };
  if (error instanceof MalformedMp4 || error instanceof RangeError)
    return { code: 'not-video', detail: messageOf(error) };
  return { code: 'unknown', detail: `the hub failed at this stream: ${messageOf(error)}` };
}
