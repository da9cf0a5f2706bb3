import { hubFetch, queryString } from '../../hub/client.ts';
import { HubError } from '../../hub/errors.ts';

/** One segment of recorded footage as a playlist names it. */
export interface Segment {
  /** Absolute path of its bytes; its name for good. */
  readonly uri: string;
  /** Path of the init segment it needs. */
  readonly init: string;
  /** True time of its first frame, UTC ms. */
  readonly utc: number;
  /** Length in ms. */
  readonly ms: number;
}

export const segmentEnd = (segment: Segment): number => segment.utc + segment.ms;

/**
 * Reads a media playlist (RFC 8216 section 4.3) that tells the true time of its segments.
 * @param base path of the playlist, to which its addresses are relative
 * @throws Error for a segment of which the time or the init segment is not told
 */
export function parsePlaylist(text: string, base: string): Segment[] {
  const segments: Segment[] = [];
  const resolve = (uri: string) => {
    const url = new URL(uri, `http://hub${base}`);
    return `${url.pathname}${url.search}`;
  };
  let init = '';
  let utc = Number.NaN;
  let ms = Number.NaN;
  for (const line of text.split('\n')) {
    if (line.startsWith('#EXTINF:')) ms = Number.parseFloat(line.slice(8)) * 1000;
    else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) utc = Date.parse(line.slice(25).trim());
    else if (line.startsWith('#EXT-X-MAP:')) init = resolve(/URI="([^"]+)"/.exec(line)?.[1] ?? '');
    else if (line !== '' && !line.startsWith('#')) {
      const next = segments.at(-1);
      // Section 4.3.2.6: without a time of its own a segment goes on where the one before ended.
      if (Number.isNaN(utc) && next) utc = segmentEnd(next);
      if (!Number.isFinite(utc) || !Number.isFinite(ms) || init === '')
        throw new Error('a playlist of recorded footage without times');
      segments.push({ uri: resolve(line.trim()), init, utc, ms });
      utc = Number.NaN;
      ms = Number.NaN;
    }
  }
  return segments;
}

/** Asks the hub what is recorded of a range; nothing is an answer too. @throws HubError */
export async function loadPlaylist(
  path: string,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Segment[]> {
  try {
    const answer = await hubFetch(`${path}${queryString({ from, to })}`, {}, signal);
    return parsePlaylist(await answer.text(), path);
  } catch (error) {
    if (error instanceof HubError && error.code === 'no-footage') return [];
    throw error;
  }
}
