import { AppError } from '../base/errors.ts';
import type { StreamSource } from './types.ts';

const SCHEMES = new Set(['rtsp:', 'rtsps:', 'http:', 'https:']);
/** Looped files of the demonstration; refused unless the hub was started for one. */
const FIXTURE_SCHEME = 'fixture-file:';

export interface StreamAddress extends StreamSource {
  /** Scheme and host without user, password and path: all that is ever shown. */
  host: string;
}

/**
 * Takes a stream address apart. User and password may stand inside the address or beside it; beside wins.
 * The rest of the address stays letter for letter as it was given: cameras are particular about it.
 * @throws AppError `bad-stream-address`
 */
export function parseStreamAddress(
  given: { url: string; user: string | null; password: string | null },
  { allowFiles = false }: { allowFiles?: boolean } = {},
): StreamAddress {
  const text = given.url.trim();
  // Neither belongs in an address, and both could break out of a line of ffmpeg's input.
  if (hasControlOrSpace(text)) throw bad('it holds a space or a control character', 'characters');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw bad(
      'it is no address; a password with special characters goes into its own field, not into the address',
      'syntax',
    );
  }
  if (url.protocol === FIXTURE_SCHEME) {
    if (!allowFiles) throw bad('looped files are for the demonstration only', 'scheme');
    return { url: text, user: null, password: null, host: FIXTURE_SCHEME };
  }
  if (!SCHEMES.has(url.protocol))
    throw bad('it must begin with rtsp://, rtsps://, http:// or https://', 'scheme');
  if (url.hostname === '') throw bad('it names no host', 'host');
  return {
    url: text.replace(/^([a-z]+:\/\/)[^/?#\\]*@/i, '$1'),
    user: given.user || decoded(url.username) || null,
    password: given.password || decoded(url.password) || null,
    host: `${url.protocol}//${url.host}`,
  };
}

function hasControlOrSpace(text: string): boolean {
  for (const character of text) if (character <= ' ' || character === '\u007f') return true;
  return /\s/.test(text);
}

/** Percent escapes undone; a stray `%` in a password stays what it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function bad(why: string, reason: string): AppError {
  return new AppError('bad-stream-address', 400, `The stream address cannot be used: ${why}.`, { reason });
}
