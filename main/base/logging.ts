import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Field names whose values never reach a log, at any of the first levels of an entry. */
const SECRET_FIELDS = ['password', 'secret', 'token', 'authorization', 'cookie', 'credentials'];

/** Structured JSON lines on stderr, so that stdout keeps the one `hub ready` line scripts wait for. */
export function createLogger(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino({ level, redact: { paths, censor: '[secret]' }, base: {} }, destination);
}

/** More than any scheme or any user information is long; bounds keep the search linear on hostile text. */
const USER_INFORMATION = /([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/'"]{1,600}@/gi;

/** Takes user information out of any address inside a text: `rtsp://admin:12345@host` becomes `rtsp://host`. */
export function withoutSecrets(text: string): string {
  if (!text.includes('://')) return text;
  return text
    .replace(/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@'"]{0,200}:[^\s'"]{0,400}@/gi, '$1')
    .replace(USER_INFORMATION, '$1');
}
