import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Field names whose values never reach a log, at any of the first levels of an entry. */
const SECRET_FIELDS = ['password', 'secret', 'token', 'authorization', 'cookie', 'credentials'];

/** Structured JSON lines on stderr, so that stdout keeps the one `hub ready` line scripts wait for. */
export function createLogger(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino({ level, redact: { paths, censor: '[secret]' }, base: {} }, destination);
}

/** Takes user information out of any address inside a text: `rtsp://admin:12345@host` becomes `rtsp://host`. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]*:[^\s'"]*@/gi, '$1')
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/gi, '$1');
}
