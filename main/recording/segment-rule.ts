/** EXT-X-TARGETDURATION of every playlist. Constant: RFC 8216bis section 4.4.3.1 forbids a change. */
export const TARGET_DURATION_S = 4;

/** A segment ends at the first keyframe after this much footage: few files' worth of index, quick seeking. */
const MIN_SEGMENT_S = 2;

/** Camera clocks wobble: two seconds of footage may add up to a little less. */
const EARLY_S = 0.05;
/** What rounding of times may add. */
const ROUNDING_S = 0.01;

/**
 * Must a segment of `durationS` end before the next frame? At a keyframe once it is long enough; without one
 * when it would outgrow the target duration (a longer GOP is cut between its keyframes).
 */
export function segmentEnds(durationS: number, nextFrameS: number, nextIsKeyframe: boolean): boolean {
  if (durationS <= 0) return false;
  if (nextIsKeyframe && durationS >= MIN_SEGMENT_S - EARLY_S) return true;
  return durationS + nextFrameS > TARGET_DURATION_S + ROUNDING_S;
}
