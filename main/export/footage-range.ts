import type { TrackName } from '../contract/video.ts';
import type { FileSpan, Recording } from '../recording/types.ts';
import type { CityTime } from './city-time.ts';
import { cutRun, type Piece, planPieces, type Run, runsOf } from './plan.ts';

export type Footage = Pick<Recording, 'spans' | 'segmentAt' | 'timeline' | 'init' | 'read' | 'flush'>;

export interface CameraPlan {
  pieces: Piece[];
  /** Unbroken stretches from the keyframe at or before `from`. */
  runs: Run[];
  sound: Run[];
}

/** Files that reach into a range, from the keyframe on that its first frame needs. */
async function spansFrom(
  footage: Footage,
  cameraId: string,
  track: TrackName,
  from: number,
  to: number,
): Promise<FileSpan[]> {
  const spans = await footage.spans(cameraId, track, from, to);
  const first = spans.find((span) => span.segments.length > 0)?.segments[0];
  if (!first || first.independent) return spans;
  const key = await footage.segmentAt(cameraId, track, first.startMs);
  return key ? footage.spans(cameraId, track, key.startMs, to) : spans;
}

const cutAll = (runs: readonly Run[], from: number, to: number): Run[] =>
  runs.flatMap((run) => cutRun(run, from, to) ?? []);

/** What of a camera's range there is, as copies need it. */
export async function planCamera(
  footage: Footage,
  cityTime: CityTime,
  now: number,
  cameraId: string,
  from: number,
  to: number,
): Promise<CameraPlan> {
  const spans = await spansFrom(footage, cameraId, 'main', from, to);
  const sound = await footage.spans(cameraId, 'sound', from, to);
  const { gaps } = await footage.timeline(cameraId, 'main', from, to);
  return {
    pieces: planPieces({ from, to, now, spans, gaps, changes: cityTime.changes(from, to) }),
    runs: cutAll(runsOf(spans), from, to),
    sound: cutAll(runsOf(sound), from, to),
  };
}

export const bytesOf = (runs: readonly Run[]): number =>
  runs.reduce((sum, run) => sum + run.segments.reduce((inner, { bytes }) => inner + bytes, 0), 0);
