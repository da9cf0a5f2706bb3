import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { StreamProblem, StreamState } from '../contract/video.ts';
import type { SoundHint } from '../devices/types.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import type { BreakReason } from '../recording/types.ts';
import { type Backoff, createBackoff } from './backoff.ts';
import type { OutputPipes } from './output-pipes.ts';
import { reach } from './reach.ts';
import { waitForReturn } from './return-wait.ts';
import type { Rounds } from './rounds.ts';
import { createSoundRun, type SoundRun } from './sound-run.ts';
import type { StartGate } from './start-gate.ts';
import type { StreamAddress, Transport } from './stream-address.ts';
import type { FoundProblem } from './stream-problem.ts';
import { type Pull, type PullEnd, pullStream, type SoundMode } from './stream-pull.ts';
import { createStreamRun } from './stream-run.ts';
import type { Track } from './track.ts';

/** To the first fragment; a hung server answers never. */
const FIRST_FRAGMENT_MS = 12_000;
/** Between fragments. */
const STALL_MS = 6_000;
/** Running this long, a stream has recovered: its problem is forgotten and waiting times begin anew. */
const RECOVERED_MS = 60_000;
/** A stream's pace and times are learned from frames that are read as they come; then who watches decides. */
const LEARNING_MS = 10_000;

export interface SessionSound {
  track: Track;
  hint(): SoundHint | null;
  /** The sound turned out to be this; asked for accordingly from now on. */
  learned(hint: SoundHint): void;
}

export interface SessionOptions {
  cameraId: string;
  address: StreamAddress;
  ffmpegPath: string;
  clock: Clock;
  log: Logger;
  gate: StartGate;
  pipes: OutputPipes;
  /** Each time it looks after its stream. */
  rounds: Rounds;
  track: Track;
  sound?: SessionSound;
  /** Somebody waits for the picture: it starts before those that nobody waits for. */
  watched(): boolean;
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

/** How one attempt ended. */
interface Attempt {
  problem: FoundProblem;
  ranMs: number;
  /** To be tried again at once, in another way. */
  again: boolean;
}

/**
 * Keeps one stream running: starts ffmpeg when the camera's server is there and the gate lets it, watches the age
 * of the last fragment, takes every end for a failure and tries again after a growing wait, or when the server is back.
 */
export function createCameraSession(options: SessionOptions) {
  const { cameraId, address, clock, log, gate, track, sound, onChange } = options;
  const backoff = options.backoff ?? createBackoff();
  const stopping = new AbortController();
  const { server } = address;
  const look = server ? () => reach(server, stopping.signal) : undefined;
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
  let soundRun: SoundRun | undefined;
  let pull: Pull | undefined;
  let reason = options.firstReason;

  function change(next: Partial<SessionState>): void {
    const moved = next.state !== undefined && next.state !== current.state;
    current = { ...current, ...next, ...(moved ? { since: clock.now() } : {}) };
    if (!stopping.signal.aborted) onChange();
  }

  const soundMode = (): SoundMode | undefined => {
    if (!sound) return undefined;
    const hint = sound.hint();
    return hint === 'none' ? undefined : (hint ?? 'copy');
  };

  function startRun(init: InitSegment, tooFast: () => void): void {
    run = createStreamRun({
      clock,
      init,
      reason,
      partTargetS: track.partTarget(),
      nextMsn: track.nextMsn,
      take: track.take,
      sink: track.sink,
      onBegin: (why) => soundRun?.begin(why, track.discontinuity()),
      onTooFast: tooFast,
    });
  }

  function startSound(init: InitSegment): void {
    if (!sound || !run) return;
    soundRun = createSoundRun({ init, track: sound.track, timing: run.timing });
    if (run.began()) soundRun.begin(track.breakBefore(), track.discontinuity());
    if (sound.hint() === null) sound.learned('copy');
  }

  function endRun(problem: FoundProblem): void {
    run?.end();
    soundRun?.end();
    if (run) {
      reason = 'stream-lost';
      const why = stopping.signal.aborted ? null : problem.code;
      track.brokeOff(why);
      sound?.track.brokeOff(why);
    }
    run = undefined;
    soundRun = undefined;
  }

  /** One life of ffmpeg. */
  async function once(): Promise<Attempt> {
    const gone = (await look?.()) ?? null;
    if (gone) return { problem: gone, ranMs: 0, again: false };
    const leave = await gate.enter(stopping.signal, options.watched);
    const startedAt = clock.monotonic();
    let lastFragmentAt = startedAt;
    let firstFragmentAt: number | undefined;
    const mode = soundMode();
    const notLive = {
      code: 'not-video',
      detail: 'the address gives a finished file, not a live stream',
    } as const;
    const waiting: { init: InitSegment | undefined } = { init: undefined };
    const started: Pull = pullStream({
      ffmpegPath: options.ffmpegPath,
      pipes: options.pipes,
      clock,
      address,
      transport,
      logLevel: 'error',
      onInit(init) {
        startRun(init, () => void started.stop(notLive));
        if (waiting.init) startSound(waiting.init);
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
      ...(mode
        ? {
            sound: {
              mode,
              onInit(init: InitSegment) {
                waiting.init = init;
                startSound(init);
              },
              onFragment: (bytes: Buffer, moofBytes: number) => soundRun?.fragment(bytes, moofBytes),
            },
          }
        : {}),
    });
    pull = started;
    if (stopping.signal.aborted) void started.stop();
    const watched = () => track.watched() || sound?.track.watched() === true;
    const learning = () => firstFragmentAt === undefined || clock.monotonic() - firstFragmentAt < LEARNING_MS;
    for (const one of [track, sound?.track]) one?.onWatched(() => started.eager(true));
    const endWatch = options.rounds.join(() => {
      const now = clock.monotonic();
      started.eager(learning() || watched());
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
    });
    const end = await started.ended;
    endWatch();
    leave();
    pull = undefined;
    endRun(end.problem);
    return {
      problem: end.problem,
      ranMs: firstFragmentAt === undefined ? 0 : clock.monotonic() - firstFragmentAt,
      again: learnsSound(mode, end) || changesTransport(end.problem),
    };
  }

  /** Sound that is not there, or not as thought, must cost no more than this one attempt, and only once. */
  function learnsSound(mode: SoundMode | undefined, end: PullEnd): boolean {
    if (!mode || !end.soundFailed || !sound || stopping.signal.aborted) return false;
    const none = mode === 'encode' || /matches no streams/.test(end.stderr.join('\n'));
    sound.learned(none ? 'none' : 'encode');
    log.info({ cameraId, sound: sound.hint() }, 'the camera’s sound turned out otherwise');
    return true;
  }

  function changesTransport(problem: FoundProblem): boolean {
    if (problem.code !== 'refused' || transport !== 'tcp' || triedUdp) return false;
    if (!/461|Protocol not supported/.test(problem.detail)) return false;
    transport = 'udp';
    triedUdp = true;
    log.info({ cameraId }, 'the camera refuses RTSP over TCP; trying UDP');
    return true;
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      change({ state: 'starting', nextAttemptAt: null });
      const { problem, ranMs, again } = await once().catch((error: unknown): Attempt => {
        if (!stopping.signal.aborted) log.error({ cameraId, err: error }, 'camera session failed');
        return { problem: { code: 'unknown', detail: messageOf(error) }, ranMs: 0, again: false };
      });
      if (stopping.signal.aborted) break;
      if (again) continue;
      if (ranMs > RECOVERED_MS) backoff.reset();
      const waitMs = backoff.next(problem.code);
      const { name } = track;
      log.warn(
        { cameraId, track: name, code: problem.code, detail: problem.detail, retryMs: waitMs },
        'stream lost',
      );
      change({
        state: 'waiting',
        restarts: current.restarts + 1,
        problem: { ...problem, at: clock.now() },
        nextAttemptAt: clock.now() + waitMs,
      });
      // Where the camera itself refuses, it is there: looking would tell nothing.
      const refused = problem.code === 'unauthorised' || problem.code === 'not-found';
      const back = await waitForReturn({
        clock,
        waitMs,
        look: refused ? undefined : look,
        signal: stopping.signal,
      });
      if (back) backoff.reset();
    }
  }

  const done = loop();

  return {
    state: (): SessionState => current,
    figures: () => run?.figures(),
    soundFigures: () => soundRun?.figures(),
    format: () => run?.format(),
    pid: () => pull?.pid(),
    /** Resolves when ffmpeg is gone and all footage was handed on. */
    async stop(): Promise<void> {
      stopping.abort();
      void pull?.stop();
      await done;
    },
  };
}

export type CameraSession = ReturnType<typeof createCameraSession>;
