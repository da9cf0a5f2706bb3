import type { Clock } from '../base/clock.ts';
import { AppError, messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { StreamStatus } from '../contract/video.ts';
import type { CameraSetup } from '../devices/types.ts';
import type { ArchiveWriter, BreakReason, Recording } from '../recording/types.ts';
import { type CameraSession, createCameraSession } from './camera-session.ts';
import { createLiveTail } from './live-tail.ts';
import type { StartGate } from './start-gate.ts';
import { parseStreamAddress } from './stream-address.ts';

/** An on-demand camera is pulled this much longer than somebody looks. */
const LINGER_MS = 30_000;
/** After a failure of the hub's own, the next try. */
const RETRY_MS = 5_000;

export interface CameraOptions {
  setup: CameraSetup;
  recording: Recording;
  ffmpegPath: string;
  allowFiles: boolean;
  clock: Clock;
  log: Logger;
  gate: StartGate;
  lingerMs?: number;
  onChange(status: StreamStatus): void;
}

/**
 * One camera: its session while it is wanted (always when it is recorded, else while somebody holds it), the
 * live tail, and the writer that keeps the same segments on disk.
 */
export function createCamera(options: CameraOptions) {
  const { setup, recording, clock, log, onChange } = options;
  const tail = createLiveTail();
  let session: CameraSession | undefined;
  let writer: ArchiveWriter | undefined;
  let holds = 0;
  let linger: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let lastMsn: number | undefined;
  let partTargetS: number | undefined;
  let brokenBy: BreakReason = 'hub-stopped';
  /** Why what is coming now does not continue what came before. */
  let runBrokenBy: BreakReason = brokenBy;
  let idleSince = clock.now();
  let badAddress: { detail: string; at: number } | undefined;
  let changing: Promise<void> = Promise.resolve();
  let stopped = false;

  const wanted = () =>
    !stopped && setup.source !== null && (setup.recorded || holds > 0 || linger !== undefined);

  async function begin(): Promise<void> {
    const { source } = setup;
    if (session || !source || !wanted()) return;
    // Sequence numbers never come back: neither below what is stored, nor below what a memory-only tail had.
    lastMsn ??= Math.max(await recording.lastMsn(setup.id, 'main'), Math.floor(clock.now() / 1000));
    if (setup.recorded) writer ??= recording.writer({ id: setup.id, num: setup.num }, 'main');
    let address: ReturnType<typeof parseStreamAddress>;
    try {
      address = parseStreamAddress(source, options.allowFiles);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      badAddress = { detail: error.message, at: clock.now() };
      tail.wake();
      onChange(status());
      return;
    }
    session = createCameraSession({
      cameraId: setup.id,
      address,
      ffmpegPath: options.ffmpegPath,
      clock,
      log,
      gate: options.gate,
      firstReason: brokenBy,
      partTarget: () => partTargetS,
      nextMsn() {
        lastMsn = (lastMsn ?? 0) + 1;
        return lastMsn;
      },
      sink: {
        begin(init, reason, targetS) {
          partTargetS = targetS;
          runBrokenBy = reason;
          tail.begin(init, targetS);
          writer?.begin(init, reason);
        },
        part(part) {
          tail.part(part, clock.now());
          writer?.part({ ...part, first: part.index === 0 });
        },
        segmentEnded(msn) {
          tail.segmentEnded(msn);
          writer?.endSegment(msn);
        },
      },
      onChange() {
        tail.wake();
        onChange(status());
      },
    });
  }

  async function end(): Promise<void> {
    const ending = session;
    if (!ending) return;
    await ending.stop();
    session = undefined;
    brokenBy = 'stream-lost';
    idleSince = clock.now();
    await writer?.close();
    if (!setup.recorded) tail.clear();
    if (!stopped) onChange(status());
  }

  /** Starts or stops, one after the other, until what is agrees with what is wanted. One failure does not stop the next turn. */
  function settle(): Promise<void> {
    const turn = changing.then(() => (wanted() ? begin() : end()));
    changing = turn.catch(() => undefined);
    return turn;
  }

  /** The same where nobody waits for it: a failure is told, and tried again as long as somebody wants the camera. */
  function settleSoon(): void {
    settle().catch((error: unknown) => {
      log.error({ cameraId: setup.id, err: messageOf(error) }, 'camera could not be started or stopped');
      if (stopped) return;
      clearTimeout(retry);
      retry = setTimeout(settleSoon, RETRY_MS);
    });
  }

  function status(): StreamStatus {
    const state = session?.state();
    const figures = session?.figures();
    const format = session?.format() ?? tail.format();
    const failing = setup.recorded && recording.failing(setup.id, 'main');
    const problem = state?.problem ?? (badAddress ? { code: 'bad-address' as const, ...badAddress } : null);
    return {
      cameraId: setup.id,
      state: state?.state ?? (badAddress ? 'waiting' : 'idle'),
      since: state?.since ?? idleSince,
      format: format ? { codec: format.codec, width: format.width, height: format.height } : null,
      fps: figures?.fps ?? null,
      bitrateKbps: figures?.bitrateKbps ?? null,
      gopS: figures?.gopS ?? null,
      transport: state?.transport ?? null,
      lastFrameAt: state?.lastFrameAt ?? null,
      recording: setup.recorded && state?.state === 'running' && !failing,
      restarts: state?.restarts ?? 0,
      problem:
        failing && !problem
          ? { code: 'disk-full', detail: 'the disk takes no footage; live goes on', at: clock.now() }
          : problem,
      nextAttemptAt: state?.nextAttemptAt ?? null,
    };
  }

  return {
    setup,
    tail,
    breakBefore: () => runBrokenBy,
    status,
    start: settleSoon,
    hold(): { release(): void } {
      holds += 1;
      if (linger) clearTimeout(linger);
      linger = undefined;
      settleSoon();
      let released = false;
      return {
        release() {
          if (released) return;
          released = true;
          holds -= 1;
          if (holds > 0 || stopped) return;
          linger = setTimeout(() => {
            linger = undefined;
            settleSoon();
          }, options.lingerMs ?? LINGER_MS);
        },
      };
    },
    holds: () => holds,
    pid: () => session?.pid(),
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(retry);
      if (linger) clearTimeout(linger);
      linger = undefined;
      await settle();
      await writer?.close();
    },
  };
}

export type Camera = ReturnType<typeof createCamera>;
