import { PRFT_BYTES, writePrft } from '../recording/prft.ts';
import { segmentEnds } from '../recording/segment-rule.ts';

/** One frame as ffmpeg sends it: a `moof` with its `mdat`. */
export interface Frame {
  /** Whoever hands them over may use their memory again. */
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
  /** Of the pool: whoever keeps the part gives them back. */
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
  /** UTC ms at which it was taken. */
  utcMs: number;
  keyframe: boolean;
  durationUs: number;
  /**
   * The frame, behind the box that opens the part where it is the part's first: the part is these, one after the
   * other. Their memory is used again once the part is whole.
   */
  bytes: Buffer;
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
  /** Memory for a part's bytes; by default it is left to the garbage collector. */
  take?(bytes: number): Buffer;
  sink: CutterSink;
}

/** Where a part grows; a keyframe makes it larger once. */
const FIRST_ROOM_BYTES = 32 * 1024;

export interface Cutter {
  frame(frame: Frame): void;
  /** The stream broke off: what is there becomes the last part and segment of this run. */
  end(): void;
}

/** Cuts frames into parts of some 0.2 s and segments that begin with keyframes where the camera sends them in time. */
export function createCutter(options: CutterOptions): Cutter {
  const { timescale, trackId, partTargetS, framesPerPart, nextMsn, sink } = options;
  const take = options.take ?? Buffer.allocUnsafeSlow;
  let msn: number | undefined;
  let partIndex = 0;
  let segmentTicks = 0;
  /** The part that grows. */
  let room: Buffer = Buffer.alloc(0);
  let used = 0;
  let held = 0;
  let heldTicks = 0;
  let startMs = 0;
  let independent = false;

  /** @returns where so many bytes more may be written */
  function grow(bytes: number): number {
    const from = used;
    used += bytes;
    if (used > room.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_ROOM_BYTES, used, room.length * 2));
      room.copy(larger, 0, 0, from);
      room = larger;
    }
    return from;
  }

  function flushPart(): void {
    if (held === 0 || msn === undefined) return;
    const bytes = take(used);
    room.copy(bytes, 0, 0, used);
    const durationUs = Math.round((heldTicks / timescale) * 1e6);
    sink.part({ msn, index: partIndex, bytes, startMs, durationUs, independent });
    partIndex += 1;
    used = 0;
    held = 0;
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
      const { utcMs, keyframe, duration } = frame;
      if (held === 0) {
        const at = grow(PRFT_BYTES);
        writePrft(room, at, trackId, utcMs, frame.decodeTime);
        startMs = utcMs;
        independent = keyframe;
      }
      const from = grow(frame.bytes.length);
      frame.bytes.copy(room, from);
      held += 1;
      sink.fragment({
        msn,
        part: partIndex,
        utcMs,
        keyframe,
        durationUs: Math.round((duration / timescale) * 1e6),
        bytes: room.subarray(held === 1 ? 0 : from, used),
      });
      heldTicks += duration;
      segmentTicks += duration;
      if (held >= framesPerPart) flushPart();
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
