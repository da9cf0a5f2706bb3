import { AppError } from '../base/errors.ts';
import type { TrackName } from '../contract/video.ts';
import type { InitSegment } from '../recording/init-segment.ts';
import { TARGET_DURATION_S } from '../recording/segment-rule.ts';
import type { TailSegment, TailView } from './live-tail.ts';
import { initName, partName, segmentName } from './media-names.ts';

/** Parts are named this near to the live edge (RFC 8216bis section 4.4.4.9 asks for three target durations at least). */
const PARTS_LISTED_US = 3 * TARGET_DURATION_S * 1e6;
/** CAN-SKIP-UNTIL, at least six target durations (section 4.4.3.8). */
export const SKIP_UNTIL_S = 6 * TARGET_DURATION_S;

/** Segments of one camera differ by no more than this. */
const LIKE_US = 20_000;
const SHORTEST_SEGMENT_US = 1_900_000;

export const mediaPlaylist = (track: TrackName) => `live-${track}.m3u8`;

export interface LiveAsk {
  msn?: number;
  part?: number;
  skip?: boolean;
  /** Report the sound's edge too: for who may hear it. */
  withSound?: boolean;
}

/** The position a blocking request waits for, in terms of what the tail holds. */
export function wanted(ask: LiveAsk): { msn: number; part: number | undefined } | undefined {
  if (ask.msn === undefined) {
    if (ask.part !== undefined) throw new AppError('bad-request', 400, '_HLS_part needs _HLS_msn beside it.');
    return undefined;
  }
  return { msn: ask.msn, part: ask.part };
}

/**
 * Is what a blocking request asks for already in the playlist (section 6.2.5.2)? A part beyond the last of a
 * whole segment means the first part of the next.
 * @throws AppError 400 when the sequence number lies more than two segments ahead
 */
export function isListed(view: TailView, ask: { msn: number; part: number | undefined }): boolean {
  const last = view.segments.at(-1);
  if (!last) return false;
  if (ask.msn > last.msn + 2)
    throw new AppError('bad-request', 400, `_HLS_msn=${ask.msn} lies too far ahead of ${last.msn}.`);
  if (ask.msn < last.msn) {
    const segment = view.segments.find((candidate) => candidate.msn === ask.msn);
    if (!segment || ask.part === undefined || ask.part < segment.parts.length) return true;
    return ask.msn + 1 < last.msn || last.parts.length > 0;
  }
  if (ask.msn > last.msn) return false;
  return last.complete && ask.part === undefined
    ? true
    : ask.part !== undefined && ask.part < last.parts.length;
}

/** Where another rendition of the same camera stands (section 4.4.5.4). */
export interface RenditionEdge {
  track: TrackName;
  msn: number;
  part: number;
}

/** The LL-HLS media playlist of what the tail holds (RFC 8216bis). */
export function writeLivePlaylist(
  track: TrackName,
  view: TailView,
  skip: boolean,
  others: readonly RenditionEdge[] = [],
): string {
  const { segments, partTargetS } = view;
  const first = segments[0];
  const totalUs = segments.reduce((sum, segment) => sum + segment.durationUs, 0);
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:10',
    `#EXT-X-TARGETDURATION:${TARGET_DURATION_S}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${(partTargetS * 3).toFixed(3)},CAN-SKIP-UNTIL=${SKIP_UNTIL_S.toFixed(1)}`,
    `#EXT-X-PART-INF:PART-TARGET=${partTargetS.toFixed(3)}`,
    `#EXT-X-MEDIA-SEQUENCE:${first?.msn ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${view.discontinuitySequence}`,
  ];
  let fromEndUs = totalUs;
  const skipped = skip ? skippable(segments, totalUs) : 0;
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  let init: InitSegment | undefined;
  let run = first?.discontinuity ?? 0;
  segments.forEach((segment, position) => {
    const startFromEndUs = fromEndUs;
    fromEndUs -= segment.durationUs;
    const steps = segment.discontinuity - run;
    run = segment.discontinuity;
    if (position < skipped) return;
    // More than one where another track broke off in between and this one had nothing: numbers must agree.
    for (let step = 0; step < steps; step++) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.init !== init) lines.push(`#EXT-X-MAP:URI="init/${initName(track, segment.init.hash)}"`);
    init = segment.init;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${isoTime(segment.startMs)}`);
    if (startFromEndUs <= PARTS_LISTED_US || !segment.complete) lines.push(...partLines(track, segment));
    if (segment.complete)
      lines.push(
        `#EXTINF:${(segment.durationUs / 1e6).toFixed(5)},`,
        `segment/${segmentName(track, segment.msn)}`,
      );
  });
  const last = segments.at(-1);
  if (last) {
    const whole = last.complete || looksWhole(last, segments.at(-2));
    const [msn, part] = whole ? [last.msn + 1, 0] : [last.msn, last.parts.length];
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part/${partName(track, msn, part)}"`);
  }
  for (const other of others)
    lines.push(
      `#EXT-X-RENDITION-REPORT:URI="${mediaPlaylist(other.track)}",LAST-MSN=${other.msn},LAST-PART=${other.part}`,
    );
  return `${lines.join('\n')}\n`;
}

/**
 * That a segment is whole is known only when the next frame turns out to be a keyframe. Cameras send them evenly:
 * a segment as long as the one before is taken for whole, so that the hint names what will come. Should it go on
 * all the same, the part hinted merely comes later.
 */
function looksWhole(last: TailSegment, before: TailSegment | undefined): boolean {
  const alike = before?.discontinuity === last.discontinuity ? before.durationUs - LIKE_US : 0;
  return last.durationUs >= Math.max(alike, SHORTEST_SEGMENT_US);
}

function partLines(track: TrackName, segment: TailSegment): string[] {
  return segment.parts.map(
    (part) =>
      `#EXT-X-PART:DURATION=${(part.durationUs / 1e6).toFixed(5)},URI="part/${partName(track, segment.msn, part.index)}"` +
      (part.independent ? ',INDEPENDENT=YES' : ''),
  );
}

/** How many segments lie wholly before the skip boundary (section 6.2.5.1). */
function skippable(segments: readonly TailSegment[], totalUs: number): number {
  let restUs = totalUs;
  let count = 0;
  for (const segment of segments) {
    restUs -= segment.durationUs;
    if (restUs < SKIP_UNTIL_S * 1e6) break;
    count += 1;
  }
  return count;
}

/** ISO 8601 with milliseconds, as EXT-X-PROGRAM-DATE-TIME wants it. */
export const isoTime = (ms: number) => new Date(Math.round(ms)).toISOString();
