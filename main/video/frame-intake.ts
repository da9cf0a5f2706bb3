import { readFragment, setFragmentTimes } from '../recording/fragment.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import type { Frame } from './cutter.ts';
import { formatDiffers, parameterSetsIn } from './parameter-sets.ts';
import { createUtcAnchor } from './utc-anchor.ts';
import type { ParameterSets } from './video-coding.ts';

/** Longest wait for the burst that opens a stream to be over. */
const SETTLE_MS = 800;
/** Footage cannot run ahead of time; more than a server's opening burst is a file, not a camera. */
const MAX_AHEAD_MS = 40_000;
/** A first frame shorter than this has no true duration: its time was missing. */
const SHORTEST_FRAME_S = 0.002;

export interface IntakeSink {
  /** The stream's own pace is known: `frameS` is a frame's usual duration. Told once, before the first frame. */
  settled(frameS: number): void;
  frame(frame: Frame): void;
  /** The picture's format changes with the next frame. */
  formatChanged(sets: ParameterSets): void;
  clockJumped(): void;
  /** Not live: it comes as fast as it can be read. */
  tooFast(): void;
}

interface Arrived {
  bytes: Buffer;
  moofBytes: number;
  decodeTime: number;
  duration: number;
  keyframe: boolean;
}

/**
 * Takes ffmpeg's fragments as they arrive and hands them on with true times. The first ones are held until the
 * burst that opens most streams is over: only then is known when its frames were taken. ffmpeg's concat input
 * loses the first frame's time and puts it one tick before the second; it gets its place back here.
 */
export function createFrameIntake(init: () => InitSegment, sink: IntakeSink) {
  const anchor = createUtcAnchor();
  let held: Arrived[] | undefined = [];
  let firstAt = 0;
  let lastAt = 0;
  let shift = 0;
  let begun: { steady: number; dts: number } | undefined;
  let tooFast = false;

  const ms = (ticks: number) => (ticks / init().timescale) * 1000;

  function settle(waiting: Arrived[]): void {
    held = undefined;
    const durations = waiting.map((f) => f.duration / init().timescale).filter((s) => s > SHORTEST_FRAME_S);
    durations.sort((a, b) => a - b);
    const frameS = durations[durations.length >> 1] ?? 0.04;
    sink.settled(frameS);
    const [first] = waiting;
    const early = Math.max(0, -(first?.decodeTime ?? 0));
    if (early > 0) {
      for (const frame of waiting) move(frame, early);
      shift = early;
    }
    if (first && first.duration / init().timescale <= SHORTEST_FRAME_S) {
      const usual = Math.round(frameS * init().timescale);
      const missing = usual - first.duration;
      if (setFragmentTimes(first.bytes, first.decodeTime, usual)) {
        first.duration = usual;
        for (const later of waiting.slice(1)) move(later, missing);
        shift += missing;
      }
    }
    for (const frame of waiting) handOn(frame);
  }

  function move(frame: Arrived, ticks: number): void {
    if (ticks === 0) return;
    if (setFragmentTimes(frame.bytes, frame.decodeTime + ticks, frame.duration)) frame.decodeTime += ticks;
  }

  function handOn(frame: Arrived): void {
    if (frame.keyframe) {
      const payload = frame.bytes.subarray(frame.moofBytes + 8);
      const sets = parameterSetsIn(payload, init());
      if (sets.sps.length > 0 && formatDiffers(init(), sets)) sink.formatChanged(sets);
    }
    const { bytes, decodeTime, duration, keyframe } = frame;
    // The anchor counts in the stream's own time, before the first frame got its place back.
    sink.frame({ bytes, decodeTime, duration, keyframe, utcMs: anchor.utcOf(ms(decodeTime - shift)) });
  }

  return {
    /** A fragment is here; its memory is not used beyond the call. @throws MalformedMp4 */
    arrived(bytes: Buffer, moofBytes: number, nowMs: number, steadyMs: number): void {
      const info = readFragment(bytes);
      const { decodeTime, duration, keyframe } = info;
      const frame: Arrived = { bytes, moofBytes, decodeTime, duration, keyframe };
      const durationMs = ms(info.duration);
      begun ??= { steady: steadyMs, dts: ms(info.decodeTime) };
      const ahead = ms(info.decodeTime) - begun.dts - (steadyMs - begun.steady);
      if (ahead > MAX_AHEAD_MS && !tooFast) {
        tooFast = true;
        sink.tooFast();
      }
      if (anchor.arrived(ms(info.decodeTime), durationMs, nowMs, steadyMs).clockJumped) sink.clockJumped();
      if (!held) {
        move(frame, shift);
        handOn(frame);
        return;
      }
      if (held.length === 0) firstAt = steadyMs;
      const paced = held.length > 1 && steadyMs - lastAt > durationMs / 2;
      held.push({ ...frame, bytes: Buffer.from(bytes) });
      lastAt = steadyMs;
      if (paced || steadyMs - firstAt > SETTLE_MS) settle(held);
    },
    /** UTC ms of a moment in the stream's own time, ms. */
    utcOf: (streamMs: number): number => anchor.utcOf(streamMs),
    /** What the frames' times were moved by, ms. */
    shiftMs: (): number => ms(shift),
    /** The stream ended: what is still held is handed on. */
    end(): void {
      if (held && held.length > 0) settle(held);
    },
  };
}
