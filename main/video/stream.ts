import type { Clock } from '../base/clock.ts';
import { AppError, messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { StreamFacts } from '../contract/video.ts';
import type { StreamSource } from '../devices/types.ts';
import { type CameraSession, createCameraSession, type SessionSound } from './camera-session.ts';
import type { OutputPipes } from './output-pipes.ts';
import type { Rounds } from './rounds.ts';
import type { StartGate } from './start-gate.ts';
import { parseStreamAddress } from './stream-address.ts';
import type { Track } from './track.ts';

/** A stream on demand is pulled this much longer than somebody looks. */
const LINGER_MS = 30_000;
/** After a failure of the hub's own, the next try. */
const RETRY_MS = 5_000;

export interface StreamOptions {
  cameraId: string;
  source: StreamSource;
  track: Track;
  /** Where the sound that comes with it goes. */
  sound?: SessionSound;
  ffmpegPath: string;
  allowFiles: boolean;
  clock: Clock;
  log: Logger;
  gate: StartGate;
  pipes: OutputPipes;
  rounds: Rounds;
  lingerMs?: number;
  /** Pulled and recorded although nobody looks. Ask again (`settle`) when it may have changed. */
  always(): boolean;
  onChange(): void;
}

/** One address of a camera: its session while it is wanted, always or while somebody holds it. */
export function createStream(options: StreamOptions) {
  const { cameraId, source, track, sound, clock, log, always, onChange } = options;
  const { tail } = track;
  let session: CameraSession | undefined;
  let holds = 0;
  let linger: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let everRan = false;
  let idleSince = clock.now();
  let badAddress: { detail: string; at: number } | undefined;
  let changing: Promise<void> = Promise.resolve();
  let stopped = false;

  const wanted = () => !stopped && (always() || holds > 0 || linger !== undefined);

  async function begin(): Promise<void> {
    if (!wanted()) return;
    if (session) {
      track.record(always());
      return;
    }
    await track.prepare();
    track.record(always());
    await sound?.track.prepare();
    sound?.track.record(always());
    let address: ReturnType<typeof parseStreamAddress>;
    try {
      address = parseStreamAddress(source, options.allowFiles);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      badAddress = { detail: error.message, at: clock.now() };
      tail.wake();
      onChange();
      return;
    }
    session = createCameraSession({
      cameraId,
      address,
      ffmpegPath: options.ffmpegPath,
      clock,
      log,
      gate: options.gate,
      pipes: options.pipes,
      rounds: options.rounds,
      track,
      ...(sound ? { sound } : {}),
      watched: () => holds > 0,
      firstReason: everRan ? 'stream-lost' : 'hub-stopped',
      onChange() {
        tail.wake();
        onChange();
      },
    });
    everRan = true;
  }

  async function end(): Promise<void> {
    const ending = session;
    if (!ending) return;
    await ending.stop();
    session = undefined;
    idleSince = clock.now();
    await track.close();
    await sound?.track.close();
    if (!stopped) onChange();
  }

  /** Starts or stops, one after the other, until what is agrees with what is wanted. One failure does not stop the next turn. */
  function turn(): Promise<void> {
    const next = changing.then(() => (wanted() ? begin() : end()));
    changing = next.catch(() => undefined);
    return next;
  }

  /** The same where nobody waits for it: a failure is told, and tried again as long as somebody wants the stream. */
  function settle(): void {
    turn().catch((error: unknown) => {
      log.error({ cameraId, track: track.name, err: messageOf(error) }, 'a stream could not start or stop');
      if (stopped) return;
      clearTimeout(retry);
      retry = setTimeout(settle, RETRY_MS);
    });
  }

  const running = (): boolean => session?.state().state === 'running';
  const recording = (): boolean => always() && running() && !track.failing();

  function facts(): StreamFacts {
    const state = session?.state();
    const figures = session?.figures();
    const format = session?.format() ?? tail.format();
    const failing = always() && track.failing();
    const problem = state?.problem ?? (badAddress ? { code: 'bad-address' as const, ...badAddress } : null);
    return {
      state: state?.state ?? (badAddress ? 'waiting' : 'idle'),
      since: state?.since ?? idleSince,
      format: format ? { codec: format.codec, width: format.width, height: format.height } : null,
      fps: figures?.fps ?? null,
      bitrateKbps: figures?.bitrateKbps ?? null,
      gopS: figures?.gopS ?? null,
      transport: state?.transport ?? null,
      lastFrameAt: state?.lastFrameAt ?? null,
      recording: recording(),
      restarts: state?.restarts ?? 0,
      problem:
        failing && !problem
          ? { code: 'disk-full', detail: 'the disk takes no footage; live goes on', at: clock.now() }
          : problem,
      nextAttemptAt: state?.nextAttemptAt ?? null,
    };
  }

  return {
    track,
    facts,
    running,
    recording,
    /** What it sends, or sent last. */
    format: () => session?.format() ?? tail.format(),
    soundFigures: () => session?.soundFigures(),
    settle,
    /** Somebody looks: it is pulled until all have released it, and a while longer. */
    hold(): { release(): void } {
      holds += 1;
      clearTimeout(linger);
      linger = undefined;
      settle();
      let released = false;
      return {
        release() {
          if (released) return;
          released = true;
          holds -= 1;
          if (holds > 0 || stopped) return;
          linger = setTimeout(() => {
            linger = undefined;
            settle();
          }, options.lingerMs ?? LINGER_MS);
        },
      };
    },
    pid: () => session?.pid(),
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(retry);
      clearTimeout(linger);
      linger = undefined;
      await turn();
      await track.close();
      await sound?.track.close();
    },
  };
}

export type Stream = ReturnType<typeof createStream>;
