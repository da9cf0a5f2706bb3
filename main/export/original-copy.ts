import type { TrackName } from '../contract/video.ts';
import { type Ffmpeg, runFfmpeg } from './ffmpeg-run.ts';
import type { Run } from './plan.ts';
import type { Source } from './source.ts';

/**
 * An unbroken stretch as it was recorded: every packet is copied bit by bit into an ordinary MP4, nothing is
 * decoded. It begins with the keyframe at or before what was asked for, because no decoder could begin later.
 */
export async function makeOriginalCopy(
  ffmpeg: Ffmpeg,
  source: Source,
  track: TrackName,
  run: Run,
  file: string,
  onRead: (bytes: number) => void,
): Promise<void> {
  const { coding } = await source.init(track, run.initHash);
  const startMs = run.segments[0]?.startMs ?? 0;
  const stream = await source.stream(track, run, onRead);
  await runFfmpeg(ffmpeg, stream, (command) =>
    command
      .inputOptions(['-nostdin', '-hide_banner', '-loglevel', 'error', '-f', 'mp4'])
      .outputOptions([
        ...['-map', '0:0', '-c', 'copy', ...(coding === 'h265' ? ['-tag:v', 'hvc1'] : [])],
        ...['-metadata', `creation_time=${new Date(startMs).toISOString()}`],
        ...['-movflags', '+faststart', '-f', 'mp4'],
      ])
      .output(file),
  );
}
