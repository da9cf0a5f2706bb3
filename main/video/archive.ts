import { AppError, notFound } from '../base/errors.ts';
import type { KeyframeIndex, TrackName } from '../contract/video.ts';
import type { Recording } from '../recording/types.ts';
import { writeArchivePlaylist } from './archive-playlist.ts';
import { keyframesOf, readKeyframe } from './keyframes.ts';
import { initName } from './media-names.ts';
import { type Variant, writeMultivariant } from './multivariant.ts';
import type { MediaBytes } from './types.ts';

/** One archive playlist names no more than this: longer ranges are asked for in pieces. */
export const MAX_ARCHIVE_RANGE_MS = 24 * 3_600_000;
/** An index of keyframes may reach further: its step thins it out. */
const MAX_KEYFRAME_RANGE_MS = 31 * 24 * 3_600_000;

/** What was recorded, as players ask for it. */
export interface Archive {
  /** The track that a screen can play: the main one when it is H.264, else the second. */
  viewTrack(cameraId: string): Promise<'main' | 'second'>;
  /**
   * The tracks of a range that browsers play, and the sound `withSound`: for who may hear it.
   * @throws AppError as `playlist`
   */
  multivariant(cameraId: string, from: number, to: number, withSound: boolean): Promise<string>;
  /** @throws AppError `bad-range`, `range-too-long`, `no-footage` */
  playlist(cameraId: string, track: TrackName, from: number, to: number): Promise<string>;
  /** @throws AppError `bad-range`, `range-too-long` */
  keyframes(cameraId: string, from: number, to: number, stepMs: number): Promise<KeyframeIndex>;
  /** @param name `<track>-<msn>.m4s` @throws AppError 404 */
  keyframe(cameraId: string, name: string): Promise<MediaBytes>;
}

export function createArchive(recording: Recording): Archive {
  const checkRange = (from: number, to: number, mostMs: number): void => {
    if (to <= from) throw new AppError('bad-range', 400, 'The range ends before it begins.');
    if (to - from > mostMs)
      throw new AppError('range-too-long', 400, `Ask for at most ${mostMs / 3_600_000} hours at a time.`, {
        hours: mostMs / 3_600_000,
      });
  };

  async function viewTrack(cameraId: string): Promise<'main' | 'second'> {
    const main = await recording.lastInit(cameraId, 'main');
    if (main?.coding === 'h264') return 'main';
    const second = await recording.lastInit(cameraId, 'second');
    return second?.coding === 'h264' ? 'second' : 'main';
  }

  /** What a track's footage of a range is, by its first file; undefined where there is none. */
  async function formatIn(cameraId: string, track: TrackName, from: number, to: number) {
    const [span] = await recording.spans(cameraId, track, from, to);
    return span && (await recording.init(cameraId, track, span.initHash))?.init;
  }

  return {
    viewTrack,
    async multivariant(cameraId, from, to, withSound) {
      checkRange(from, to, MAX_ARCHIVE_RANGE_MS);
      const address = (track: TrackName) => `archive-${track}.m3u8?from=${from}&to=${to}`;
      const variants: Variant[] = [];
      for (const track of ['main', 'second'] as const) {
        const init = await formatIn(cameraId, track, from, to);
        if (init?.coding !== 'h264') continue;
        const { codec, width, height } = init;
        variants.push({ uri: address(track), codec, width, height, fps: null, bitrateKbps: null });
      }
      if (variants.length === 0)
        throw new AppError('no-footage', 404, 'Nothing that can be played was recorded in this range.');
      const sound = withSound ? await formatIn(cameraId, 'sound', from, to) : undefined;
      return writeMultivariant(
        variants,
        sound && { uri: address('sound'), codec: sound.codec, bitrateKbps: null },
      );
    },
    async playlist(cameraId, track, from, to) {
      checkRange(from, to, MAX_ARCHIVE_RANGE_MS);
      const spans = await recording.spans(cameraId, track, from, to);
      const first = spans.find((span) => span.segments.length > 0)?.segments[0];
      if (!first) throw new AppError('no-footage', 404, 'Nothing was recorded in this range.');
      if (!first.independent) {
        // A group of pictures longer than a segment: players need the keyframe before the range.
        const key = await recording.segmentAt(cameraId, track, first.startMs);
        if (key) {
          const longer = await recording.spans(cameraId, track, key.startMs, to);
          return writeArchivePlaylist(track, longer, from);
        }
      }
      return writeArchivePlaylist(track, spans, from);
    },
    async keyframes(cameraId, from, to, stepMs) {
      checkRange(from, to, MAX_KEYFRAME_RANGE_MS);
      const track = await viewTrack(cameraId);
      const found = await keyframesOf(recording, cameraId, track, { from, to, stepMs });
      return {
        cameraId,
        from,
        to,
        keyframes: found.map(({ utc, msn, initHash }) => ({
          utc,
          uri: `keyframe/${track}-${msn}.m4s`,
          init: `init/${initName(track, initHash)}`,
        })),
      };
    },
    async keyframe(cameraId, name) {
      const match = /^(main|second)-(\d{1,15})\.m4s$/.exec(name);
      if (!match) throw notFound('keyframe', name);
      const track = match[1] === 'second' ? 'second' : 'main';
      const { segment, bytes } = await readKeyframe(recording, cameraId, track, Number(match[2]));
      return { contentType: 'video/mp4', footageTime: segment.startMs, bytes };
    },
  };
}
