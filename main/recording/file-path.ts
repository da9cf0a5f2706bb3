import { TrackName } from '../contract/video.ts';

/**
 * Where a recording file stands inside the recordings folder: `17/2026-01-15/090000-1768467600.mp4` for the main
 * stream, `17/2026-01-15/090000-second-1768467600.mp4` for another track. The camera's number, the track and the
 * first segment's sequence number in it let a lost index be made anew.
 */
export function filePath(cameraNum: number, track: TrackName, startMs: number, firstMsn: number): string {
  const iso = new Date(startMs).toISOString();
  const name = track === 'main' ? firstMsn : `${track}-${firstMsn}`;
  return `${cameraNum}/${iso.slice(0, 10)}/${iso.slice(11, 19).replaceAll(':', '')}-${name}.mp4`;
}

export function parseFilePath(
  path: string,
): { cameraNum: number; track: TrackName; firstMsn: number } | undefined {
  const match = /^(\d{1,9})\/\d{4}-\d\d-\d\d\/\d{6}-(?:(second|sound)-)?(\d{1,15})\.mp4$/.exec(path);
  if (!match) return undefined;
  return {
    cameraNum: Number(match[1]),
    track: TrackName.parse(match[2] ?? 'main'),
    firstMsn: Number(match[3]),
  };
}
