import type { Clock } from '../base/clock.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import type { BreakReason } from '../recording/types.ts';
import {
  type CutFragment,
  type CutPart,
  type Cutter,
  createCutter,
  type PartShape,
  partShape,
} from './cutter.ts';
import { createFrameIntake } from './frame-intake.ts';
import { withParameterSets } from './parameter-sets.ts';
import { createStreamFigures } from './stream-figures.ts';
import type { ParameterSets } from './video-coding.ts';

/** Takes what one camera's footage is cut into. */
export interface FootageSink {
  /** Parts that follow belong to this format and do not continue what was before. */
  /** `discontinuity` is given where another track has numbered the break already. */
  begin(init: InitSegment, reason: BreakReason, partTargetS: number, discontinuity?: number): void;
  /** A frame, as it comes; its part follows when it is whole, and is whoever takes it's to give back. */
  fragment(fragment: CutFragment): void;
  part(part: CutPart): void;
  segmentEnded(msn: number): void;
}

export interface RunOptions {
  clock: Clock;
  init: InitSegment;
  /** Why this run does not continue the last one. */
  reason: BreakReason;
  /** PART-TARGET that this camera's playlists have declared before, seconds. */
  partTargetS: number | undefined;
  nextMsn(): number;
  /** Memory for parts, as the cutter's. */
  take?(bytes: number): Buffer;
  sink: FootageSink;
  /** Footage began, or began anew, for this reason. */
  onBegin?(reason: BreakReason): void;
  /** It comes faster than time passes: a file behind an address. */
  onTooFast(): void;
}

/** The pipeline of one ffmpeg's life: fragments in, parts and segments with true times out. */
export function createStreamRun(options: RunOptions) {
  const { clock, sink, nextMsn } = options;
  const figures = createStreamFigures();
  let init = options.init;
  let shape: PartShape | undefined;
  let clockJumped = false;
  let cutter: Cutter | undefined;

  function begin(reason: BreakReason): void {
    cutter?.end();
    clockJumped = false;
    if (!shape) return;
    sink.begin(init, reason, shape.partTargetS);
    options.onBegin?.(reason);
    cutter = createCutter({
      timescale: init.timescale,
      trackId: init.trackId,
      ...shape,
      nextMsn,
      ...(options.take ? { take: options.take } : {}),
      sink,
    });
  }

  const intake = createFrameIntake(() => init, {
    settled(frameS) {
      shape = partShape(frameS, options.partTargetS);
      begin(options.reason);
    },
    frame(frame) {
      figures.add(frame.decodeTime / init.timescale, frame.bytes.length, frame.keyframe);
      // Other times begin with a keyframe: nobody could decode what begins amid a group of pictures.
      if (clockJumped && frame.keyframe) begin('clock');
      cutter?.frame(frame);
    },
    formatChanged(sets: ParameterSets) {
      init = withParameterSets(init, sets);
      begin('format');
    },
    clockJumped() {
      clockJumped = true;
    },
    tooFast: options.onTooFast,
  });

  return {
    /** @throws MalformedMp4 */
    fragment: (bytes: Buffer, moofBytes: number) =>
      intake.arrived(bytes, moofBytes, clock.now(), clock.monotonic()),
    end(): void {
      intake.end();
      cutter?.end();
    },
    /** Its first footage has gone out: times are known. */
    began: (): boolean => cutter !== undefined,
    timing: { utcOf: intake.utcOf, shiftMs: intake.shiftMs },
    figures: () => figures.read(),
    format: () => init,
  };
}
