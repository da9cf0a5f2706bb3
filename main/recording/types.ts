import type { DiskStatus, RepairFinding } from '../contract/recording.ts';
import type { Timeline, TrackName } from '../contract/video.ts';
import type { InitSegment } from './init-segment.ts';

/** Why footage does not continue what was recorded before it. */
export type BreakReason = 'stream-lost' | 'hub-stopped' | 'disk' | 'format' | 'clock';

/** A part as it goes to the disk: a `prft` box and whole fragments. */
export interface RecordedPart {
  bytes: Buffer;
  /**
   * Called once when the writer needs the bytes no more. Their memory may be used `again` unless a disk that did not
   * answer may still be reading it.
   */
  release?(again: boolean): void;
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
  /** Number of the disk; null where nobody knows it yet. */
  disk: number | null;
  /** Inside the disk's folder. */
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
  disk: number | null;
  segments: SegmentRef[];
}

export interface RecorderState {
  /** Bytes of footage on all disks. */
  bytes: number;
  /** UTC ms since when footage of a camera is being lost; null while all of it is stored. */
  failingSince: number | null;
  /** What the disk said, for a technician. */
  problem: string | null;
  /** Bytes free on all disks that take footage; null when none of them tells. */
  freeBytes: number | null;
  disks: readonly DiskStatus[];
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
  /**
   * A segment's bytes as they were when it was live, each part checked against its checksum.
   * @throws AppError `not-found` (deleted meanwhile), `footage-unreachable` (its disk is out), `footage-damaged`
   */
  read(segment: SegmentRef): Promise<Buffer>;
  /**
   * At most `bytes` of its beginning, as they stand on the disk: enough for its first frame, and unchecked.
   * @throws as `read`
   */
  readStart(segment: SegmentRef, bytes: number): Promise<Buffer>;
  /** Files that reach into a range, oldest first, with the segments that do. Those of a disk that is out are left out. */
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
  /** Looks after the disks; runs by itself every two seconds. */
  lookAfterDisks(): Promise<void>;
  /** The disk that stands in a place is taken in though another was known there. @returns false: no such place */
  acceptDisk(place: number): boolean;
  stop(): Promise<void>;
}
