import type { TrackName } from '../contract/video.ts';
import { TARGET_DURATION_S } from '../recording/segment-rule.ts';
import type { FileSpan } from '../recording/types.ts';
import { isoTime } from './live-playlist.ts';
import { initName, segmentName } from './media-names.ts';

/** A step in true time between two segments that players must be told of. */
const HOLE_MS = 1_000;

/**
 * A VOD playlist (RFC 8216bis) of recorded files. Where footage does not continue there is a discontinuity, and
 * every segment names its true time; media time alone is never taken for the clock.
 */
export function writeArchivePlaylist(track: TrackName, spans: readonly FileSpan[], from: number): string {
  const all = spans.flatMap((span) => span.segments);
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${TARGET_DURATION_S}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXT-X-MEDIA-SEQUENCE:0`,
    ...(all.every((segment) => segment.independent) ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
  ];
  const offsetS = ((all[0] ? Math.max(from, all[0].startMs) - all[0].startMs : 0) / 1000).toFixed(3);
  if (Number(offsetS) > 0) lines.push(`#EXT-X-START:TIME-OFFSET=${offsetS},PRECISE=YES`);
  let initHash: string | undefined;
  let expectedMs: number | undefined;
  for (const span of spans) {
    span.segments.forEach((segment, position) => {
      const opensFile = position === 0;
      const hole = expectedMs !== undefined && Math.abs(segment.startMs - expectedMs) > HOLE_MS;
      const broken = opensFile && span.breakBefore !== null;
      if (expectedMs !== undefined && (hole || broken || segment.initHash !== initHash))
        lines.push('#EXT-X-DISCONTINUITY');
      if (segment.initHash !== initHash) {
        lines.push(`#EXT-X-MAP:URI="init/${initName(track, segment.initHash)}"`);
        initHash = segment.initHash;
      }
      lines.push(
        `#EXT-X-PROGRAM-DATE-TIME:${isoTime(segment.startMs)}`,
        `#EXTINF:${(segment.durationUs / 1e6).toFixed(5)},`,
        `segment/${segmentName(track, segment.msn)}`,
      );
      expectedMs = segment.startMs + segment.durationUs / 1000;
    });
  }
  lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}
