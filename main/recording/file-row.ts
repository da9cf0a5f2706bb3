import type { TrackName } from '../contract/video.ts';
import type { SegmentEntry } from './segment-entries.ts';
import type { BreakReason } from './types.ts';

/** What the index says of one file. */
export interface FileRow {
  cameraId: string;
  track: TrackName;
  /** Number of the disk. */
  disk: number;
  path: string;
  firstMsn: number;
  startMs: number;
  initHash: string;
  state: 'open' | 'closed';
  breakBefore: BreakReason | null;
  entries: readonly SegmentEntry[];
}

/** UTC ms of the end of the last of its footage. */
export const endOf = (row: FileRow): number =>
  Math.ceil(
    row.entries.reduce(
      (end, entry) => Math.max(end, row.startMs + (entry.startUs + entry.durationUs) / 1000),
      row.startMs,
    ),
  );

/** Length of the file as far as it is indexed. */
export const bytesOf = (row: FileRow): number => {
  const last = row.entries.at(-1);
  return last ? last.offset + last.bytes : 0;
};

const REASONS: readonly BreakReason[] = ['stream-lost', 'hub-stopped', 'disk', 'format', 'clock'];

/** What a row says of the break before it; an unknown word (of a newer version) counts as a lost stream. */
export function breakReason(text: string | null): BreakReason | null {
  if (text === null) return null;
  return REASONS.find((reason) => reason === text) ?? 'stream-lost';
}
