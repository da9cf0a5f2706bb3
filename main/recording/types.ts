import type { Timeline, TrackName } from '../contract/video.ts';
import type { InitSegment } from './init-segment.ts';

/** Why footage does not continue what was recorded before it. */
export type BreakReason = 'stream-lost' | 'hub-stopped' | 'disk' | 'format' | 'clock';

/** A part as it goes to the disk: a `prft` box and whole fragments. */
export interface RecordedPart {
  bytes: Buffer;
  msn: number;
  /** First part of its segment. */
  first: boolean;
  independent: boolean;
  /** UTC ms of its first frame. */
  startMs: number;
  durationUs: number;
}

/** Writes one track's footage. Never throws and never waits: a disk in trouble must not touch the live view. */
export interface ArchiveWriter {
  /** Parts that follow belong to `init`; `reason` says what broke the footage off before. */
  begin(init: InitSegment, reason: BreakReason): void;
  part(part: RecordedPart): void;
  /** The segment is whole: its bytes go to the disk for good, then its row. */
  endSegment(msn: number): void;
  /** Resolves when all that was handed over is stored, or could not be. */
  close(): Promise<void>;
}

export interface SegmentRef {
  msn: number;
  startMs: number;
  durationUs: number;
  independent: boolean;
  path: string;
  offset: number;
  bytes: number;
  initHash: string;
}

/** A run of segments of one file, as playlists and timelines need them. */
export interface FileSpan {
  startMs: number;
  endMs: number;
  breakBefore: BreakReason | null;
  initHash: string;
  segments: SegmentRef[];
}

export interface RecorderState {
  /** Bytes of footage in the index. */
  bytes: number;
  /** UTC ms since when nothing can be stored; null while all is well. */
  failingSince: number | null;
  /** What the disk said, for a technician. */
  problem: string | null;
  freeBytes: number | null;
}

/** Something that did not fit together at start, and what was done about it. */
export interface RepairFinding {
  kind:
    | 'recovered'
    | 'truncated'
    | 'missing-file'
    | 'missing-disk'
    | 'adopted'
    | 'unreadable'
    | 'deleted-leftover';
  path: string;
  detail: string;
}

export interface Recording {
  /** Repairs index and files, then keeps retention. @returns what was repaired */
  start(): Promise<RepairFinding[]>;
  writer(camera: { id: string; num: number }, track: TrackName): ArchiveWriter;
  /** Is this track's footage being refused by the disk just now? */
  failing(cameraId: string, track: TrackName): boolean;
  /** The highest media sequence number ever stored of a track; 0 when none. */
  lastMsn(cameraId: string, track: TrackName): Promise<number>;
  segment(cameraId: string, track: TrackName, msn: number): Promise<SegmentRef | undefined>;
  /** Newest segment that begins with a keyframe, at or before `at`. */
  segmentAt(cameraId: string, track: TrackName, at: number): Promise<SegmentRef | undefined>;
  read(segment: SegmentRef): Promise<Buffer>;
  /** Files that reach into a range, oldest first, with the segments that do. */
  spans(cameraId: string, track: TrackName, from: number, to: number): Promise<FileSpan[]>;
  init(
    cameraId: string,
    track: TrackName,
    hash: string,
  ): Promise<{ init: InitSegment; newest: number } | undefined>;
  /** The format last recorded of a track. */
  lastInit(cameraId: string, track: TrackName): Promise<InitSegment | undefined>;
  /** `tail`: footage that has come and is not indexed yet, UTC ms, and why it may not continue the rest. */
  timeline(
    cameraId: string,
    track: TrackName,
    from: number,
    to: number,
    tail?: { from: number; to: number; breakBefore: BreakReason | null },
  ): Promise<Timeline>;
  state(): Promise<RecorderState>;
  /** Stores the rows of what is safe on the disk, without waiting for the next batch. */
  flush(): Promise<void>;
  /** Deletes what is over its time or over the limit; runs by itself each minute. */
  retain(): Promise<void>;
  stop(): Promise<void>;
}
