import { prftBox } from '../recording/prft.ts';
import { segmentEnds } from '../recording/segment-rule.ts';

/** One frame as ffmpeg sends it: a `moof` with its `mdat`. */
export interface Frame {
  bytes: Buffer;
  /** Ticks of the track. */
  decodeTime: number;
  duration: number;
  keyframe: boolean;
  /** UTC ms at which it was taken. */
  utcMs: number;
}

export interface CutPart {
  msn: number;
  index: number;
  bytes: Buffer;
  startMs: number;
  durationUs: number;
  independent: boolean;
}

/** A frame the moment it came, before the part it belongs to is whole. */
export interface CutFragment {
  msn: number;
  /** Of the part it belongs to. */
  part: number;
  frame: Frame;
  /** The box that opens the part, where this frame does; the part is this and its frames, one after the other. */
  prft: Buffer | undefined;
  durationUs: number;
}

export interface CutterSink {
  fragment(fragment: CutFragment): void;
  part(part: CutPart): void;
  segmentEnded(msn: number): void;
}

export interface CutterOptions {
  timescale: number;
  trackId: number;
  /** EXT-X-PART-INF's PART-TARGET, seconds. No part of whole frames is longer, where a frame is not itself. */
  partTargetS: number;
  framesPerPart: number;
  /** Of sound: all frames are keyframes, and none needs a part of its own. */
  everyFrameOpens?: boolean;
  /** The next media sequence number; called once a segment. */
  nextMsn(): number;
  sink: CutterSink;
}

export interface Cutter {
  frame(frame: Frame): void;
  /** The stream broke off: what is there becomes the last part and segment of this run. */
  end(): void;
}

/** Cuts frames into parts of some 0.2 s and segments that begin with keyframes where the camera sends them in time. */
export function createCutter(options: CutterOptions): Cutter {
  const { timescale, trackId, partTargetS, framesPerPart, nextMsn, sink } = options;
  let msn: number | undefined;
  let partIndex = 0;
  let segmentTicks = 0;
  let held: Frame[] = [];
  let heldTicks = 0;
  let prft: Buffer = Buffer.alloc(0);

  function flushPart(): void {
    const [first] = held;
    if (!first || msn === undefined) return;
    sink.part({
      msn,
      index: partIndex,
      bytes: Buffer.concat([prft, ...held.map((frame) => frame.bytes)]),
      startMs: first.utcMs,
      durationUs: Math.round((heldTicks / timescale) * 1e6),
      independent: first.keyframe,
    });
    partIndex += 1;
    held = [];
    heldTicks = 0;
  }

  function endSegment(): void {
    flushPart();
    if (msn !== undefined) sink.segmentEnded(msn);
    msn = undefined;
    partIndex = 0;
    segmentTicks = 0;
  }

  return {
    frame(frame) {
      const seconds = frame.duration / timescale;
      if (msn !== undefined && segmentEnds(segmentTicks / timescale, seconds, frame.keyframe)) endSegment();
      // A keyframe amid a segment (a GOP shorter than two seconds) begins a part: players may start there.
      else if (
        (frame.keyframe && options.everyFrameOpens !== true) ||
        heldTicks / timescale + seconds > partTargetS
      )
        flushPart();
      msn ??= nextMsn();
      const opens = held.length === 0;
      if (opens) prft = prftBox(trackId, frame.utcMs, frame.decodeTime);
      held.push(frame);
      sink.fragment({
        msn,
        part: partIndex,
        frame,
        prft: opens ? prft : undefined,
        durationUs: Math.round((frame.duration / timescale) * 1e6),
      });
      heldTicks += frame.duration;
      segmentTicks += frame.duration;
      if (held.length >= framesPerPart) flushPart();
    },
    end: endSegment,
  };
}

/** About 0.2 s of whole frames. */
const PART_S = 0.2;
/** Room for a camera whose frames do not come quite evenly. */
const SLACK = 1.1;

export interface PartShape {
  framesPerPart: number;
  partTargetS: number;
}

/**
 * How many frames make a part, and the PART-TARGET to declare, for frames of `frameS` seconds. A target once
 * declared stays (`declaredS`), unless the camera now sends frames longer than it.
 */
export function partShape(frameS: number, declaredS?: number): PartShape {
  const frame = Number.isFinite(frameS) && frameS > 0 ? frameS : 0.04;
  if (declaredS !== undefined && frame <= declaredS)
    return {
      framesPerPart: Math.max(1, Math.floor(declaredS / SLACK / frame + 0.1)),
      partTargetS: declaredS,
    };
  const framesPerPart = Math.max(1, Math.round(PART_S / frame));
  return { framesPerPart, partTargetS: Math.round(framesPerPart * frame * SLACK * 1000) / 1000 };
}
