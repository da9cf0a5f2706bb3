import { withoutSecrets } from '../base/logging.ts';
import type { StreamProblemCode } from '../contract/video.ts';

/** What ffmpeg says (versions 4.3 to 7) and what it means. The first that fits decides; order matters. */
const MEANINGS: readonly [RegExp, StreamProblemCode][] = [
  [/setpriv: failed to execute/i, 'no-ffmpeg'],
  [/\b401 Unauthorized|authorization failed|\b403 Forbidden|access denied/i, 'unauthorised'],
  [/\b461 Unsupported transport|nonmatching transport|Protocol not supported/i, 'refused'],
  [/\b404 Not Found|\b454 Session Not Found|\b410 Gone/i, 'not-found'],
  [/Failed to resolve hostname|Name or service not known|nodename nor servname/i, 'unreachable'],
  [/Network is unreachable|No route to host|Host is down/i, 'unreachable'],
  [/Connection refused/i, 'refused'],
  [/Connection timed out|Operation timed out|ETIMEDOUT/i, 'timed-out'],
  [/Stream map '(0:v:0|)' matches no streams|does not contain any stream/i, 'no-video'],
  [/Could not find tag for codec|codec not currently supported in container/i, 'codec-unsupported'],
  [/Invalid data found when processing input|moov atom not found|Unknown input format/i, 'not-video'],
  [/Protocol not found|Unsafe file name|not on whitelist|No such file or directory/i, 'bad-address'],
  [/Server returned 4\d\d|Server returned 4XX|method \w+ failed: 4\d\d/i, 'refused'],
  [/Server returned 5|5XX Server Error|method \w+ failed: 5\d\d/i, 'refused'],
  [/Connection reset by peer|Broken pipe|End of file|Stream ends prematurely/i, 'ended'],
  [/Input\/output error/i, 'unreachable'],
];

export interface FoundProblem {
  code: StreamProblemCode;
  /** ffmpeg's own words, without addresses' secrets, for a technician. */
  detail: string;
}

/**
 * Takes every secret out of a line of ffmpeg's, and the memory addresses that say nothing to anybody. Where the
 * camera stands in the network goes too: who may view a device may not know that yet.
 */
export function scrub(line: string, secrets: readonly string[]): string {
  let text = line;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length))
    text = text.replaceAll(secret, '[secret]');
  return withoutSecrets(text)
    .replace(/\b[a-z][a-z0-9+]{1,9}:\/\/[^\s'"]+/gi, '[address]')
    .replace(/(hostname )[^\s:]+/gi, '$1[address]')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, '[address]')
    .replace(/ @ 0x[0-9a-f]+/g, '')
    .replace(/\?[^\s'"]*/g, '')
    .slice(0, 500);
}

/** What ffmpeg's last words mean. Without any, it ended as if all were well: the server closed the stream. */
export function problemOf(stderr: readonly string[], secrets: readonly string[]): FoundProblem {
  const lines = stderr.filter((line) => line.trim() !== '');
  for (const [pattern, code] of MEANINGS) {
    const line = lines.find((candidate) => pattern.test(candidate));
    if (line) return { code, detail: scrub(line, secrets) };
  }
  const last = lines.at(-1);
  return last === undefined
    ? { code: 'ended', detail: 'the server closed the stream' }
    : { code: 'unknown', detail: scrub(last, secrets) };
}

/** The name people know a codec by, from an MP4 sample entry's type. */
export function codecName(sampleEntry: string): string {
  const names: Record<string, string> = {
    hvc1: 'H.265',
    hev1: 'H.265',
    mp4v: 'MPEG-4 or MJPEG',
    av01: 'AV1',
    vp09: 'VP9',
  };
  return names[sampleEntry] ?? sampleEntry;
}
