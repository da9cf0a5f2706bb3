import type { StreamProblemCode, TrackName } from '../contract/video.ts';

/** What a decoder must know before the fragments that follow. */
export interface FeedFormat {
  /** Names the bytes: equal names, equal bytes. */
  hash: string;
  bytes: Buffer;
  codec: string;
  width: number;
  height: number;
}

/** One fragment of a track, as it goes into a part of the playlist. */
export interface FeedFragment {
  format: FeedFormat;
  /** Another number means another time line. */
  run: number;
  /** UTC ms at which its first frame was taken. */
  utcMs: number;
  /** Its decode time on the run's time line, seconds. */
  mediaTimeS: number;
  durationUs: number;
  keyframe: boolean;
  bytes: Buffer;
}

export interface FeedListener {
  fragment(fragment: FeedFragment): void;
  /** The stream broke off, and why as far as known; fragments of another run follow when it is back. */
  down(problem: StreamProblemCode | null): void;
}

/** Where live pictures come from. */
export interface LiveFeeds {
  /** The first of `tracks` that the camera has and a browser can play; else why there is none. */
  choose(
    cameraId: string,
    tracks: readonly TrackName[],
  ): { track: TrackName } | { none: 'no-stream' | 'codec-unsupported' };
  /** Tells of the newest group of pictures at once, then of every fragment as it arrives. */
  follow(cameraId: string, track: TrackName, listener: FeedListener): { stop(): void };
}
