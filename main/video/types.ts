import type {
  StreamProblemCode,
  StreamStatus,
  StreamTestInput,
  StreamTestResult,
  Timeline,
  TrackName,
} from '../contract/video.ts';

/** Bytes of an init segment, part or segment, with the footage time by which the right to them is decided. */
export interface MediaBytes {
  contentType: string;
  /** UTC ms of the oldest frame inside; for an init segment, of the newest footage that needs it. */
  footageTime: number;
  bytes: Buffer;
}

/** The format of the fragments that follow it. */
export interface FeedInit {
  /** Its name: the same bytes, the same hash. */
  hash: string;
  /** RFC 6381. */
  codec: string;
  /** 0 for sound. */
  width: number;
  height: number;
  /** `ftyp` and `moov`. */
  bytes: Buffer;
}

/** One `moof` and `mdat` (of a cached group: a whole part), with a `prft` before it where it opens a part. */
export interface FeedFragment {
  msn: number;
  /** The part's number in its segment. All fragments of a part, one after the other, are the part's bytes. */
  part: number;
  /** When its first frame was taken. */
  utcMs: number;
  durationUs: number;
  /** A decoder may begin here. */
  keyframe: boolean;
  bytes: Buffer;
}

/** Called at once as frames come, from inside the pipeline: must neither wait nor throw. */
export interface FeedSink {
  /** What follows has this format and does not continue what came before it. */
  onInit(init: FeedInit): void;
  onFragment(fragment: FeedFragment): void;
  /** The stream broke off (why, as far as known); `onInit` follows when it is back. The feed stays open. */
  onEnd(problem: StreamProblemCode | null): void;
}

export interface Feed {
  /** The group of pictures that runs now, from its keyframe: what a new viewer begins with. Null where there is none. */
  gop: { init: FeedInit; fragments: readonly FeedFragment[] } | null;
  close(): void;
}

export interface VideoRoom {
  /**
   * Frames of a track as they arrive, each handed on before its part is whole. Starts nothing: whoever feeds
   * a viewer holds the track as well (`hold`). Stays open across lost streams and changes of the camera's
   * settings until it is closed. Without a `gop`, begin with the first keyframe after an `onInit` or any other.
   */
  feed(cameraId: string, track: TrackName, sink: FeedSink): Feed;
  status(cameraId: string): StreamStatus | undefined;
  /** Someone looks: an on-demand camera is started and kept until all have released it. */
  hold(cameraId: string, track?: TrackName): { release(): void };
  /** What live view and archive play: the main stream where it is H.264, else the second. */
  viewTrack(cameraId: string): Promise<'main' | 'second'>;
  /** Names the sound only `withSound`: for who may hear it and asks for it. */
  multivariantPlaylist(cameraId: string, withSound: boolean, signal: AbortSignal): Promise<string>;
  /**
   * LL-HLS media playlist (RFC 8216bis). Waits when a future part is asked for (section 6.2.5.2).
   * `signal` ends the wait when the viewer's right or connection ends.
   */
  livePlaylist(
    cameraId: string,
    track: TrackName,
    ask: { msn?: number; part?: number; skip?: boolean; withSound?: boolean },
    signal: AbortSignal,
  ): Promise<string>;
  init(cameraId: string, name: string): Promise<MediaBytes>;
  /** Waits for the part named in the preload hint. */
  part(cameraId: string, name: string, signal: AbortSignal): Promise<MediaBytes>;
  segment(cameraId: string, name: string): Promise<MediaBytes>;
  timeline(cameraId: string, from: number, to: number): Promise<Timeline>;
  /** JPEG of the last picture, or of the frame at `at`. */
  snapshot(cameraId: string, at?: number): Promise<{ jpeg: Buffer; footageTime: number }>;
  test(input: StreamTestInput, signal: AbortSignal): Promise<StreamTestResult>;
}
