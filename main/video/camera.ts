import type { Clock } from '../base/clock.ts';
import { AppError, messageOf, notFound } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { StreamStatus, TrackName } from '../contract/video.ts';
import type { CameraSetup } from '../devices/types.ts';
import type { BreakReason, Recording } from '../recording/types.ts';
import { type CameraSession, createCameraSession } from './camera-session.ts';
import type { StartGate } from './start-gate.ts';
import { parseStreamAddress } from './stream-address.ts';
import { createTrack } from './track.ts';
import type { Feed, FeedSink } from './types.ts';

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
  const { id, num, recorded } = setup;
  const track = createTrack({ camera: { id, num }, name: 'main', recorded, recording, clock });
  const { tail } = track;
  let session: CameraSession | undefined;
  let holds = 0;
  let linger: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let brokenBy: BreakReason = 'hub-stopped';
  let idleSince = clock.now();
  let badAddress: { detail: string; at: number } | undefined;
  let changing: Promise<void> = Promise.resolve();
  let stopped = false;

  const wanted = () =>
    !stopped && setup.source !== null && (setup.recorded || holds > 0 || linger !== undefined);

  async function begin(): Promise<void> {
    const { source } = setup;
    if (session || !source || !wanted()) return;
    await track.prepare();
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
      partTarget: track.partTarget,
      nextMsn: track.nextMsn,
      sink: track.sink,
      onBroken: (problem) => track.brokeOff(problem),
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
    await track.close();
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
    const failing = track.failing();
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
    track,
    breakBefore: track.breakBefore,
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
    /** @throws AppError `not-found` for a track that this camera has not */
    feed(name: TrackName, sink: FeedSink): Feed {
      if (name !== track.name) throw notFound('track', name);
      return track.feed(sink);
    },
    holds: () => holds,
    pid: () => session?.pid(),
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(retry);
      if (linger) clearTimeout(linger);
      linger = undefined;
      await settle();
      await track.close();
    },
  };
}

export type Camera = ReturnType<typeof createCamera>;
