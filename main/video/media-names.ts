import { TrackName } from '../contract/video.ts';

/** Names of media in playlists, one after the other in time: `main-1768467600.m4s`, `second-1768467600.3.m4s`. */
export const segmentName = (track: TrackName, msn: number) => `${track}-${msn}.m4s`;
export const partName = (track: TrackName, msn: number, part: number) => `${track}-${msn}.${part}.m4s`;
/** The header of media, by its hash: a name that never changes its meaning. */
export const initName = (track: TrackName, hash: string) => `${track}-${hash}.mp4`;

export type MediaName =
  | { kind: 'init'; track: TrackName; hash: string }
  | { kind: 'segment'; track: TrackName; msn: number }
  | { kind: 'part'; track: TrackName; msn: number; part: number };

/** Undefined for a name that is none of ours. */
export function readMediaName(name: string): MediaName | undefined {
  const match = /^(main|second|sound)-(?:([0-9a-f]{16})\.mp4|(\d{1,15})(?:\.(\d{1,4}))?\.m4s)$/.exec(name);
  if (!match) return undefined;
  const track = TrackName.parse(match[1]);
  const [, , hash, msn, part] = match;
  if (hash !== undefined) return { kind: 'init', track, hash };
  if (part !== undefined) return { kind: 'part', track, msn: Number(msn), part: Number(part) };
  return { kind: 'segment', track, msn: Number(msn) };
}

/** The track that a media's name begins with; undefined for a name that is none of ours. */
export const trackOfName = (name: string): TrackName | undefined => readMediaName(name)?.track;
