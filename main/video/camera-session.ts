import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { StreamProblem, StreamProblemCode, StreamState } from '../contract/video.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import type { BreakReason } from '../recording/types.ts';
import { type Backoff, createBackoff } from './backoff.ts';
import type { StartGate } from './start-gate.ts';
import type { StreamAddress, Transport } from './stream-address.ts';
import type { FoundProblem } from './stream-problem.ts';
import { type Pull, pullStream } from './stream-pull.ts';
import { createStreamRun, type FootageSink } from './stream-run.ts';

/** To the first fragment; a hung server answers never. */
const FIRST_FRAGMENT_MS = 12_000;
/** Between fragments. */
const STALL_MS = 6_000;
/** Running this long, a stream has recovered: its problem is forgotten and waiting times begin anew. */
const RECOVERED_MS = 60_000;
const CHECK_MS = 500;

export interface SessionOptions {
  cameraId: string;
  address: StreamAddress;
  ffmpegPath: string;
  clock: Clock;
  log: Logger;
  gate: StartGate;
  sink: FootageSink;
  nextMsn(): number;
  /** PART-TARGET declared so far. */
  partTarget(): number | undefined;
  /** What came is over; `problem` is why. */
  onBroken(problem: StreamProblemCode | null): void;
  /** Why footage does not continue at the first run; later runs follow a lost stream. */
  firstReason: BreakReason;
  onChange(): void;
  backoff?: Backoff;
}

export interface SessionState {
  state: StreamState;
  since: number;
  transport: Transport | null;
  lastFrameAt: number | null;
  restarts: number;
  problem: StreamProblem | null;
  nextAttemptAt: number | null;
}

/**
 * Keeps one camera's stream running: starts ffmpeg when the gate lets it, watches the age of the last fragment,
 * takes every end for a failure and tries again after a growing wait.
 */
export function createCameraSession(options: SessionOptions) {
  const { cameraId, address, clock, log, gate, sink, onChange } = options;
  const backoff = options.backoff ?? createBackoff();
  const stopping = new AbortController();
  let transport: Transport = address.kind === 'rtsp' ? 'tcp' : address.kind === 'http' ? 'http' : 'file';
  let triedUdp = false;
  let current: SessionState = {
    state: 'starting',
    since: clock.now(),
    transport: null,
    lastFrameAt: null,
    restarts: 0,
    problem: null,
    nextAttemptAt: null,
  };
  let run: ReturnType<typeof createStreamRun> | undefined;
  let pull: Pull | undefined;
  let reason = options.firstReason;
  let wakeUp: (() => void) | undefined;

  function change(next: Partial<SessionState>): void {
    const moved = next.state !== undefined && next.state !== current.state;
    current = { ...current, ...next, ...(moved ? { since: clock.now() } : {}) };
    if (!stopping.signal.aborted) onChange();
  }

  /** One life of ffmpeg. @returns why it ended and how long it ran */
  async function once(): Promise<{ problem: FoundProblem; ranMs: number }> {
    const leave = await gate.enter(stopping.signal);
    const startedAt = clock.monotonic();
    let lastFragmentAt = startedAt;
    let firstFragmentAt: number | undefined;
    const started: Pull = pullStream({
      ffmpegPath: options.ffmpegPath,
      clock,
      address,
      transport,
      logLevel: 'error',
      onInit(init: InitSegment) {
        run = createStreamRun({
          clock,
          init,
          reason,
          partTargetS: options.partTarget(),
          nextMsn: options.nextMsn,
          sink,
          onTooFast: () =>
            void started.stop({
              code: 'not-video',
              detail: 'the address gives a finished file, not a live stream',
            }),
        });
      },
      onFragment(bytes, moofBytes) {
        lastFragmentAt = clock.monotonic();
        current.lastFrameAt = clock.now();
        run?.fragment(bytes, moofBytes);
        if (firstFragmentAt !== undefined) return;
        firstFragmentAt = lastFragmentAt;
        leave();
        change({ state: 'running', transport, nextAttemptAt: null });
      },
    });
    pull = started;
    if (stopping.signal.aborted) void started.stop();
    const watchdog = setInterval(() => {
      const now = clock.monotonic();
      const silent = now - lastFragmentAt;
      if (silent > (firstFragmentAt === undefined ? FIRST_FRAGMENT_MS : STALL_MS))
        void started.stop(
          firstFragmentAt === undefined
            ? { code: 'timed-out', detail: `nothing came for ${Math.round(silent / 1000)} s` }
            : { code: 'stalled', detail: `the picture stopped for ${Math.round(silent / 1000)} s` },
        );
      if (firstFragmentAt !== undefined && now - firstFragmentAt > RECOVERED_MS && current.problem) {
        backoff.reset();
        change({ problem: null });
      }
    }, CHECK_MS);
    const { problem } = await started.ended;
    clearInterval(watchdog);
    leave();
    pull = undefined;
    run?.end();
    if (run) {
      reason = 'stream-lost';
      options.onBroken(stopping.signal.aborted ? null : problem.code);
    }
    run = undefined;
    return { problem, ranMs: firstFragmentAt === undefined ? 0 : clock.monotonic() - firstFragmentAt };
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      change({ state: 'starting', nextAttemptAt: null });
      const { problem, ranMs } = await once().catch((error: unknown) => {
        if (!stopping.signal.aborted) log.error({ cameraId, err: error }, 'camera session failed');
        return { problem: { code: 'unknown' as const, detail: messageOf(error) }, ranMs: 0 };
      });
      if (stopping.signal.aborted) break;
      if (
        problem.code === 'refused' &&
        transport === 'tcp' &&
        /461|Protocol not supported/.test(problem.detail) &&
        !triedUdp
      ) {
        transport = 'udp';
        triedUdp = true;
        log.info({ cameraId }, 'the camera refuses RTSP over TCP; trying UDP');
        continue;
      }
      if (ranMs > RECOVERED_MS) backoff.reset();
      const wait = backoff.next(problem.code);
      log.warn({ cameraId, code: problem.code, detail: problem.detail, retryMs: wait }, 'stream lost');
      change({
        state: 'waiting',
        restarts: current.restarts + 1,
        problem: { ...problem, at: clock.now() },
        nextAttemptAt: clock.now() + wait,
      });
      await pause(wait);
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const done = loop();

  return {
    state: (): SessionState => current,
    figures: () => run?.figures(),
    format: () => run?.format(),
    pid: () => pull?.pid(),
    /** Resolves when ffmpeg is gone and all footage was handed on. */
    async stop(): Promise<void> {
      stopping.abort();
      wakeUp?.();
      void pull?.stop();
      await done;
    },
  };
}

export type CameraSession = ReturnType<typeof createCameraSession>;
