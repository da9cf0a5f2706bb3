import type { ChildProcess } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { type InitSegment, readInitSegment, UnsupportedTrack } from '../recording/init-segment.ts';
import { MalformedMp4 } from '../recording/mp4-boxes.ts';
import { ffmpegCommand } from './ffmpeg-command.ts';
import { createFmp4Reader } from './fmp4-reader.ts';
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
  address: StreamAddress;
  transport: Transport;
  /** `info` lists the streams found; a session wants errors only. */
  logLevel: 'error' | 'info';
  onInit(init: InitSegment): void;
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
  // Without a `close` event: fluent-ffmpeg would take it for a lost reader and hide ffmpeg's own last words.
  const output = new Writable({
    emitClose: false,
    write(chunk: Buffer, _encoding, done) {
      if (!ending) {
        try {
          reader.push(chunk);
        } catch (error) {
          void stop(outputProblem(error));
        }
      }
      done();
    },
  });

  function takeSound(chunk: Buffer): void {
    if (ending) return;
    try {
      soundReader?.push(chunk);
    } catch (error) {
      soundBroke = true;
      void stop({ code: 'unknown', detail: `the sound cannot be kept: ${messageOf(error)}` });
    }
  }

  const command = ffmpegCommand(
    ffmpegPath,
    { stdoutLines: MAX_STDERR_LINES },
    (started) => {
      child = started;
      const pipe = sound ? started.stdio[3] : undefined;
      if (pipe instanceof Readable) {
        pipe.on('data', takeSound);
        // A pipe that breaks as ffmpeg is killed says nothing that its exit does not say better.
        pipe.on('error', () => pipe.destroy());
      }
      if (ending) terminate();
    },
    sound ? 1 : 0,
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
    .output(output, { end: true })
    .outputOptions(['-map', '0:v:0', '-c', 'copy', ...FRAGMENTS]);
  if (sound) {
    const codec = sound.mode === 'copy' ? ['copy'] : ['aac', '-b:a', '48k', '-ac', '1'];
    command.output('pipe:3').outputOptions(['-map', '0:a:0', '-c:a', ...codec, ...FRAGMENTS]);
  }
  command.run();

  function finish(error?: Error): void {
    const missing = error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
    if (missing || /Cannot find ffmpeg/.test(error?.message ?? ''))
      verdict ??= { code: 'no-ffmpeg', detail: 'ffmpeg cannot be started' };
    const soundFailed = sound !== undefined && (soundBroke || SOUND_FAILURE.test(stderr.join('\n')));
    settle({ problem: verdict ?? lastWords(), soundFailed, stderr });
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

  return { ended, pid: () => child?.pid, stop };
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
