import type { ChildProcess } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { type InitSegment, readInitSegment, UnsupportedTrack } from '../recording/init-segment.ts';
import { MalformedMp4 } from '../recording/mp4-boxes.ts';
import { ffmpegCommand } from './ffmpeg-command.ts';
import { createFmp4Reader } from './fmp4-reader.ts';
import {
  ANALYSE_US,
  ffconcat,
  NETWORK_TIMEOUT_MS,
  PROBE_BYTES,
  type StreamAddress,
  type Transport,
} from './stream-address.ts';
import { codecName, type FoundProblem, problemOf } from './stream-problem.ts';

/** Between SIGTERM and SIGKILL. */
const KILL_AFTER_MS = 1_500;
const MAX_STDERR_LINES = 60;
/** Without `file`: no answer of a camera may make ffmpeg read the hub's own files. */
const PROTOCOLS = 'pipe,rtsp,rtsps,rtp,srtp,udp,tcp,tls,http,https,httpproxy,crypto,data';

export interface PullOptions {
  ffmpegPath: string;
  clock: Clock;
  address: StreamAddress;
  transport: Transport;
  /** `info` lists the streams found; a session wants errors only. */
  logLevel: 'error' | 'info';
  onInit(init: InitSegment): void;
  onFragment(bytes: Buffer, moofBytes: number): void;
}

export interface PullEnd {
  problem: FoundProblem;
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
 * One ffmpeg that copies one video track as fragmented MP4, a fragment a frame. Address and credentials go in
 * by its standard input. It dies with the hub, even by kill -9: its pipe breaks at the next frame, and without
 * frames its network timeout ends it.
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

  const reader = createFmp4Reader({
    init(bytes) {
      const init = readInitSegment(bytes);
      if (init.coding !== 'h264') throw new UnsupportedTrack(init.codec.slice(0, 4));
      options.onInit(init);
    },
    fragment: options.onFragment,
  });
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

  const command = ffmpegCommand(ffmpegPath, { stdoutLines: MAX_STDERR_LINES }, (started) => {
    child = started;
    if (ending) terminate();
  });
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
  command.outputOptions([
    ...['-map', '0:v:0', '-c', 'copy', '-f', 'mp4', '-flush_packets', '1'],
    ...['-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer'],
  ]);
  command
    .on('stderr', (line: string) => {
      if (stderr.length < MAX_STDERR_LINES) stderr.push(line);
    })
    .on('end', () => finish())
    .on('error', (error: Error) => finish(error))
    .output(output, { end: true });
  command.run();

  function finish(error?: Error): void {
    const missing = error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
    if (missing || /Cannot find ffmpeg/.test(error?.message ?? ''))
      verdict ??= { code: 'no-ffmpeg', detail: 'ffmpeg cannot be started' };
    settle({ problem: verdict ?? lastWords(), stderr });
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
      : { code: 'codec-unsupported', detail: `${codecName(error.found)} instead of H.264` };
  if (error instanceof MalformedMp4 || error instanceof RangeError)
    return { code: 'not-video', detail: messageOf(error) };
  return { code: 'unknown', detail: `the hub failed at this stream: ${messageOf(error)}` };
}
