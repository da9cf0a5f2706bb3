import { AppError } from '../base/errors.ts';
import type { StreamSource } from '../devices/types.ts';
import type { ReachTarget } from './reach.ts';

export type Transport = 'tcp' | 'udp' | 'http' | 'file';

/** An address that ffmpeg may be given, taken apart. */
export interface StreamAddress {
  kind: 'rtsp' | 'http' | 'file';
  /** With user and password inside: only ever written to ffmpeg's standard input. */
  secretUrl: string;
  /** Scheme, host and path, safe to show. */
  shown: string;
  /** Texts that must not appear in anything that is said of this stream. */
  secrets: readonly string[];
  /** Where its server can be asked whether it is there; null for a file. */
  server: ReachTarget | null;
}

const badAddress = (why: string) =>
  new AppError(
    'bad-stream-address',
    400,
    `This is no stream address: ${why}. Give rtsp://, rtsps://, http:// or https:// with a host.`,
    { why },
  );

/**
 * Takes a source apart. `file:` is for the demonstration's own footage only and must be allowed by the caller.
 * @throws AppError `bad-stream-address` for other schemes (`file:`, `concat:`, devices, bare paths) and for no host
 */
export function parseStreamAddress(source: StreamSource, allowFiles: boolean): StreamAddress {
  let url: URL;
  try {
    url = new URL(source.url);
  } catch {
    throw badAddress('it cannot be read');
  }
  if (url.protocol === 'file:' && allowFiles)
    return { kind: 'file', secretUrl: source.url, shown: source.url, secrets: [], server: null };
  const kind = { 'rtsp:': 'rtsp', 'rtsps:': 'rtsp', 'http:': 'http', 'https:': 'http' }[url.protocol];
  if (kind !== 'rtsp' && kind !== 'http') throw badAddress(`${url.protocol} is not allowed`);
  if (url.hostname === '') throw badAddress('the host is missing');
  const user = source.user ?? decode(url.username);
  const password = source.password ?? decode(url.password);
  url.username = '';
  url.password = '';
  const shown = url.href.split(/[?#]/)[0] ?? '';
  const credentials = user === '' ? '' : `${encode(user)}:${encode(password)}@`;
  const plain = url.href.replaceAll("'", '%27');
  const schemeEnd = plain.indexOf('://') + 3;
  const secretUrl = plain.slice(0, schemeEnd) + credentials + plain.slice(schemeEnd);
  const secrets = [secretUrl, plain, credentials, password, encode(password), url.search.slice(1)];
  const server = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 554) : Number(url.port),
    rtsp: url.protocol === 'rtsp:',
  };
  return { kind, secretUrl, shown, secrets: secrets.filter((secret) => secret.length >= 3), server };
}

const DEFAULT_PORTS: Record<string, number> = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 };

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Every character that ffmpeg's parser or an ffconcat quote could take for its own. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** What ffmpeg reads from its standard input instead of from arguments that `ps` shows. */
export function ffconcat(address: StreamAddress, transport: Transport): string {
  const options =
    address.kind === 'rtsp'
      ? [`rtsp_transport ${transport}`, `timeout ${NETWORK_TIMEOUT_US}`]
      : [`rw_timeout ${NETWORK_TIMEOUT_US}`];
  options.push(`analyzeduration ${ANALYSE_US}`, `probesize ${PROBE_BYTES}`);
  return [
    'ffconcat version 1.0',
    `file '${address.secretUrl}'`,
    ...options.map((o) => `option ${o}`),
    '',
  ].join('\n');
}

/** Of each step of a connection; ffmpeg may take it twice. */
export const NETWORK_TIMEOUT_MS = 5_000;
const NETWORK_TIMEOUT_US = NETWORK_TIMEOUT_MS * 1_000;
/** Found by time, not by size: a 4K keyframe alone is larger than ffmpeg would look at otherwise. */
export const ANALYSE_US = 300_000;
export const PROBE_BYTES = 2_000_000;
