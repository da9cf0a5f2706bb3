import { readFragment, setFragmentTimes } from '../recording/fragment.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import type { BreakReason } from '../recording/types.ts';
import { type Cutter, createCutter, partShape } from './cutter.ts';
import { createStreamFigures } from './stream-figures.ts';
import type { Track } from './track.ts';

/** Sound that comes before the picture's times are known, frames. */
const MAX_WAITING = 256;
/** Sound frames are 20 to 130 ms long; a longer one is a hole that ffmpeg filled by stretching. */
const LONGEST_FRAME_S = 0.5;

/** The picture's clock, which the sound goes by. */
export interface PictureTiming {
  /** UTC ms of a moment in ffmpeg's own time, ms. */
  utcOf(streamMs: number): number;
  /** What the picture's times were moved by, ms. */
  shiftMs(): number;
}

/**
 * Sound beside a picture: both come from one ffmpeg and count in the same time, so the picture's anchor dates both,
 * and what the picture's times were moved by moves the sound's too. Where the picture's footage breaks off, the
 * sound's does, under the same Discontinuity Sequence Number.
 */
export function createSoundRun({
  init,
  track,
  timing,
}: {
  init: InitSegment;
  track: Track;
  timing: PictureTiming;
}) {
  const figures = createStreamFigures();
  const { timescale, trackId } = init;
  let waiting: { bytes: Buffer; moofBytes: number }[] = [];
  let frameTicks: number | undefined;
  let cutter: Cutter | undefined;
  let begun: { reason: BreakReason; discontinuity: number } | undefined;

  function open(frameS: number): void {
    if (!begun) return;
    const shape = partShape(frameS, track.partTarget());
    track.sink.begin(init, begun.reason, shape.partTargetS, begun.discontinuity);
    cutter = createCutter({
      ...{ timescale, trackId, ...shape, everyFrameOpens: true, take: track.take },
      nextMsn: track.nextMsn,
      sink: track.sink,
    });
  }

  function take(bytes: Buffer, moofBytes: number): void {
    const moof = bytes.subarray(0, moofBytes);
    const { decodeTime, duration } = readFragment(moof);
    frameTicks ??= duration;
    const ticks = duration > LONGEST_FRAME_S * timescale ? frameTicks : duration;
    const at = decodeTime + Math.round((timing.shiftMs() / 1000) * timescale);
    // An encoder's first frame primes the decoder and holds no sound: it lies before all time.
    if (at < 0 || !setFragmentTimes(moof, at, ticks)) return;
    if (!cutter) open(ticks / timescale);
    figures.add(at / timescale, bytes.length, true);
    cutter?.frame({
      ...{ bytes, decodeTime: at, duration: ticks, keyframe: true },
      utcMs: timing.utcOf((decodeTime / timescale) * 1000),
    });
  }

  return {
    /** The picture's footage begins here, or anew. */
    begin(reason: BreakReason, discontinuity: number): void {
      cutter?.end();
      cutter = undefined;
      begun = { reason, discontinuity };
      const held = waiting;
      waiting = [];
      for (const { bytes, moofBytes } of held) take(bytes, moofBytes);
    },
    /** @throws MalformedMp4 */
    fragment(bytes: Buffer, moofBytes: number): void {
      if (begun) take(bytes, moofBytes);
      else if (waiting.push({ bytes: Buffer.from(bytes), moofBytes }) > MAX_WAITING) waiting.shift();
    },
    end(): void {
      cutter?.end();
      cutter = undefined;
    },
    figures: () => figures.read(),
  };
}

export type SoundRun = ReturnType<typeof createSoundRun>;
