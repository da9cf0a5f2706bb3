import { z } from 'zod';
import { DeviceId, UtcMs } from './common.ts';

/** Footage younger than this, measured to the hub's clock, is "live"; older bytes need `video.archive`. */
export const LIVE_WINDOW_MS = 60_000;

/**
 * What the hub keeps of a camera, each with its own sequence numbers, playlist and files: the main stream, the
 * smaller second one of its own address, and the main stream's sound. They are never muxed together.
 */
export const TrackNames = ['main', 'second', 'sound'] as const;
export const TrackName = z.enum(TrackNames);
export type TrackName = z.infer<typeof TrackName>;

export const StreamState = z.enum(['idle', 'starting', 'running', 'waiting']);
export type StreamState = z.infer<typeof StreamState>;

/** Why a stream cannot be had; the console words each with what to do (`stream.<code>`). */
export const StreamProblemCodes = [
  'unauthorised',
  'not-found',
  'unreachable',
  'refused',
  'timed-out',
  'no-video',
  'not-video',
  'codec-unsupported',
  'h265-only',
  'stalled',
  'ended',
  'disk-full',
  'no-ffmpeg',
  'bad-address',
  'unknown',
] as const;
export const StreamProblemCode = z.enum(StreamProblemCodes);
export type StreamProblemCode = z.infer<typeof StreamProblemCode>;

export const StreamProblem = z.object({ code: StreamProblemCode, detail: z.string(), at: UtcMs });
export type StreamProblem = z.infer<typeof StreamProblem>;

export const StreamFormat = z.object({
  /** RFC 6381, e.g. `avc1.64001f`. */
  codec: z.string(),
  width: z.int(),
  height: z.int(),
});

/** How one stream of a camera is doing. */
export const StreamFacts = z.object({
  state: StreamState,
  since: UtcMs,
  format: StreamFormat.nullable(),
  fps: z.number().nullable(),
  bitrateKbps: z.number().nullable(),
  gopS: z.number().nullable(),
  transport: z.enum(['tcp', 'udp', 'http', 'file']).nullable(),
  lastFrameAt: UtcMs.nullable(),
  recording: z.boolean(),
  restarts: z.int(),
  /** The last problem, kept after recovery until the stream has run for a minute. */
  problem: StreamProblem.nullable(),
  nextAttemptAt: UtcMs.nullable(),
});
export type StreamFacts = z.infer<typeof StreamFacts>;

/** `none`: the camera sends no sound. `silent`: the stream runs and its sound does not come. */
export const SoundState = z.enum(['idle', 'running', 'silent', 'none']);

export const SoundFacts = z.object({
  state: SoundState,
  codec: z.string().nullable(),
  bitrateKbps: z.number().nullable(),
  recording: z.boolean(),
});
export type SoundFacts = z.infer<typeof SoundFacts>;

/** A camera's streams: the main one, and beside it what else there is. */
export const StreamStatus = StreamFacts.extend({
  cameraId: DeviceId,
  /** What live view and archive play: the second stream where browsers cannot play the main one. */
  viewTrack: TrackName,
  /** Null where no second address is stored. */
  second: StreamFacts.nullable(),
  /** Null where sound is not to be kept. */
  sound: SoundFacts.nullable(),
});
export type StreamStatus = z.infer<typeof StreamStatus>;

export const TimelineGapReasons = ['stream-lost', 'hub-stopped', 'disk', 'expired', 'unknown'] as const;

/** What of a range is on disk. Times are true times of the footage, not media durations. */
export const Timeline = z.object({
  cameraId: DeviceId,
  from: UtcMs,
  to: UtcMs,
  spans: z.array(
    z.object({
      from: UtcMs,
      to: UtcMs,
      /** How much of it is recorded, ms: given where holes too short for the resolution asked for are in it. */
      recordedMs: z.int().optional(),
    }),
  ),
  gaps: z.array(z.object({ from: UtcMs, to: UtcMs, reason: z.enum(TimelineGapReasons) })),
  /** Oldest and newest footage there is at all; null when there is none. */
  oldest: UtcMs.nullable(),
  newest: UtcMs.nullable(),
});
export type Timeline = z.infer<typeof Timeline>;

/** Keyframes of a range: what playing backwards and faster than twofold shows, and thumbnails. */
export const KeyframeIndex = z.object({
  cameraId: DeviceId,
  from: UtcMs,
  to: UtcMs,
  /** Oldest first. Addresses are relative to the index's own. */
  keyframes: z.array(z.object({ utc: UtcMs, uri: z.string(), init: z.string() })),
});
export type KeyframeIndex = z.infer<typeof KeyframeIndex>;

export const StreamTestInput = z.strictObject({
  streamUrl: z.string().trim().min(1).max(2000),
  streamUser: z.string().max(200).nullable().default(null),
  streamPassword: z.string().max(200).nullable().default(null),
  /** As which stream it is to serve: other advice fits. */
  role: z.enum(['main', 'second']).default('main'),
});
export type StreamTestInput = z.infer<typeof StreamTestInput>;

export const StreamAdvice = z.enum([
  'gop-long',
  'gop-unknown',
  'use-h264',
  'needs-second',
  'second-large',
  'bitrate-high',
  'b-frames',
  'udp-only',
]);

/** What a trial of an address found. `advice` codes are worded by the console (`advice.<code>`). */
export const StreamTestResult = z.object({
  ok: z.boolean(),
  problem: z.object({ code: StreamProblemCode, detail: z.string() }).nullable(),
  codec: z.string().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  fps: z.number().nullable(),
  gopS: z.number().nullable(),
  bitrateKbps: z.number().nullable(),
  transport: z.enum(['tcp', 'udp', 'http', 'file']).nullable(),
  audioCodec: z.string().nullable(),
  /** What becomes of the sound; null where there is none. */
  sound: z.enum(['copied', 'made-aac']).nullable(),
  advice: z.array(StreamAdvice),
  /** A first picture, JPEG as base64; null where there was none. */
  pictureJpeg: z.string().nullable(),
});
export type StreamTestResult = z.infer<typeof StreamTestResult>;
