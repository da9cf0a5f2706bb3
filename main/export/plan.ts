import type { ExportGapReason } from '../contract/export.ts';
import type { Timeline } from '../contract/video.ts';
import type { FileSpan, SegmentRef } from '../recording/types.ts';

/** A hole shorter than this is a camera's clock settling, not missing footage (the timeline's own measure). */
const HOLE_MS = 1_500;
/** A step in true time between two segments after which a decoder begins anew. */
const STEP_MS = 1_000;
/** Media time may run off from true time by this much before the burned-in clock is set anew. */
const DRIFT_MS = 20;
/** No ffmpeg works on more than this: what is cancelled ends soon, and clocks cannot run off far. */
const LONGEST_PIECE_MS = 10 * 60_000;
/** Shorter pieces may not hold a single frame. */
const SHORTEST_PIECE_MS = 100;
/** Footage of the last moments is still on its way to the disk. */
const SETTLING_MS = 20_000;

/** Segments that one decoder plays from the first, which begins with a keyframe, to the last. */
export interface Run {
  initHash: string;
  segments: readonly SegmentRef[];
}

export interface FootagePiece {
  kind: 'footage';
  run: Run;
  /** UTC ms of the run's first frame. */
  startMs: number;
  /** What of it is wanted, UTC ms. */
  from: number;
  to: number;
}
export interface GapPiece {
  kind: 'gap';
  from: number;
  to: number;
  reason: ExportGapReason;
}
export type Piece = FootagePiece | GapPiece;

export const endOf = (segment: SegmentRef): number => segment.startMs + segment.durationUs / 1000;

/** Unbroken stretches of recorded files. What cannot be decoded, for its keyframe is missing, is left out. */
export function runsOf(spans: readonly FileSpan[]): Run[] {
  const runs: { initHash: string; segments: SegmentRef[] }[] = [];
  let expected: number | undefined;
  for (const span of spans)
    span.segments.forEach((segment, position) => {
      const current = runs.at(-1);
      const step = expected === undefined || Math.abs(segment.startMs - expected) > STEP_MS;
      const broken = position === 0 && span.breakBefore !== null;
      if (current && !step && !broken && current.initHash === segment.initHash)
        current.segments.push(segment);
      else if (segment.independent) runs.push({ initHash: segment.initHash, segments: [segment] });
      else {
        expected = undefined;
        return;
      }
      expected = endOf(segment);
    });
  return runs;
}

/** A run that begins at the last keyframe at or before `from` and ends with the segment that reaches `to`. */
export function cutRun(run: Run, from: number, to: number): Run | undefined {
  let first = 0;
  run.segments.forEach((segment, index) => {
    if (segment.independent && segment.startMs <= from) first = index;
  });
  const segments = run.segments.slice(first).filter((segment) => segment.startMs < to);
  const last = segments.at(-1);
  return last && endOf(last) > from ? { initHash: run.initHash, segments } : undefined;
}

/** Parts of a run between which the clock is set anew: where media time runs off, or the part grows long. */
function clockedParts(run: Run): Run[] {
  const parts: { initHash: string; segments: SegmentRef[] }[] = [];
  let start = 0;
  let media = 0;
  for (const segment of run.segments) {
    const current = parts.at(-1);
    const drift = Math.abs(segment.startMs - (start + media));
    const long = segment.startMs - start > LONGEST_PIECE_MS;
    if (current && !(segment.independent && (drift > DRIFT_MS || long))) current.segments.push(segment);
    else {
      parts.push({ initHash: run.initHash, segments: [segment] });
      start = segment.startMs;
      media = 0;
    }
    media += segment.durationUs / 1000;
  }
  return parts;
}

export interface PlanInput {
  from: number;
  to: number;
  now: number;
  /** Files from the keyframe at or before `from` on. */
  spans: readonly FileSpan[];
  /** What the index says is missing in the range, and why. */
  gaps: Timeline['gaps'];
  /** Moments at which the city's clock changes: no piece reaches over one. */
  changes: readonly number[];
}

/** What a marked copy consists of, in order of time: footage, and what is missing between. */
export function planPieces({ from, to, now, spans, gaps, changes }: PlanInput): Piece[] {
  const footage: FootagePiece[] = [];
  const edges = [from, ...changes.filter((at) => at > from && at < to), to];
  let covered = from;
  for (const run of runsOf(spans))
    for (const part of clockedParts(run)) {
      const startMs = part.segments[0]?.startMs ?? 0;
      const end = Math.max(...part.segments.map(endOf));
      edges.slice(0, -1).forEach((edge, index) => {
        // Never twice the same moment: a clock that went back shows what came first.
        const begin = Math.max(edge, startMs, covered);
        const stop = Math.min(edges[index + 1] ?? to, end);
        const cut = stop - begin >= SHORTEST_PIECE_MS ? cutRun(part, begin, stop) : undefined;
        const first = cut?.segments[0];
        if (!cut || !first) return;
        footage.push({ kind: 'footage', run: cut, startMs: first.startMs, from: begin, to: stop });
        covered = stop;
      });
    }
  return withGaps(footage, from, to, (missing) => ({
    kind: 'gap',
    ...missing,
    reason: missing.to === to && now - missing.from < SETTLING_MS ? 'not-yet' : reasonIn(gaps, missing),
  }));
}

function withGaps(
  footage: readonly FootagePiece[],
  from: number,
  to: number,
  gap: (missing: { from: number; to: number }) => GapPiece,
): Piece[] {
  const pieces: Piece[] = [];
  let covered = from;
  for (const piece of footage) {
    if (piece.from - covered >= HOLE_MS) pieces.push(gap({ from: covered, to: piece.from }));
    pieces.push(piece);
    covered = piece.to;
  }
  if (to - covered >= HOLE_MS) pieces.push(gap({ from: covered, to }));
  return pieces;
}

/** The reason of the known gap that covers most of what is missing. */
function reasonIn(gaps: Timeline['gaps'], missing: { from: number; to: number }): ExportGapReason {
  let best: { reason: ExportGapReason; covers: number } = { reason: 'unknown', covers: 0 };
  for (const gap of gaps) {
    const covers = Math.min(gap.to, missing.to) - Math.max(gap.from, missing.from);
    if (covers > best.covers) best = { reason: gap.reason, covers };
  }
  return best.reason;
}

/** Milliseconds of footage in pieces. */
export const footageMs = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + (piece.kind === 'footage' ? piece.to - piece.from : 0), 0);
