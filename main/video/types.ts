import type { StreamStatus, StreamTestInput, StreamTestResult, Timeline } from '../contract/video.ts';

/** Bytes of an init segment, part or segment, with the footage time by which the right to them is decided. */
export interface MediaBytes {
  contentType: string;
  /** UTC ms of the oldest frame inside; for an init segment, of the newest footage that needs it. */
  footageTime: number;
  bytes: Buffer;
}

export interface VideoRoom {
  status(cameraId: string): StreamStatus | undefined;
  /** Someone looks: an on-demand camera is started and kept until all have released it. */
  hold(cameraId: string): { release(): void };
  multivariantPlaylist(cameraId: string, signal?: AbortSignal): Promise<string>;
  /**
   * LL-HLS media playlist (RFC 8216bis). Waits when a future part is asked for (section 6.2.5.2).
   * `signal` ends the wait when the viewer's right or connection ends.
   */
  livePlaylist(
    cameraId: string,
    ask: { msn?: number; part?: number; skip?: boolean },
    signal: AbortSignal,
  ): Promise<string>;
  archivePlaylist(cameraId: string, from: number, to: number): Promise<string>;
  init(cameraId: string, name: string): Promise<MediaBytes>;
  /** Waits for the part named in the preload hint. */
  part(cameraId: string, name: string, signal: AbortSignal): Promise<MediaBytes>;
  segment(cameraId: string, name: string): Promise<MediaBytes>;
  timeline(cameraId: string, from: number, to: number): Promise<Timeline>;
  /** JPEG of the last picture, or of the frame at `at`. */
  snapshot(cameraId: string, at?: number): Promise<{ jpeg: Buffer; footageTime: number }>;
  test(input: StreamTestInput, signal: AbortSignal): Promise<StreamTestResult>;
}
