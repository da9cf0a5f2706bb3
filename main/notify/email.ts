import { createTransport } from 'nodemailer';
import type { Severity } from '../contract/incidents.ts';
import { letterOf, testLetter } from './letter.ts';
import type { Channel } from './types.ts';

export interface EmailSettings {
  host: string;
  port: number;
  /** TLS from the first byte; else STARTTLS, which is demanded beyond this machine. */
  secure: boolean;
  requireTls: boolean;
  user: string | null;
  password: string | null;
  from: string;
  to: readonly string[];
  language: 'ru' | 'en';
  timeZone: string;
  minSeverity: Severity;
}

const TIMEOUT_MS = 15_000;

/** One letter a digest, by SMTP. */
export function createEmail(settings: EmailSettings): Channel {
  const { host, port, secure, requireTls, user, password, from, to, language, timeZone } = settings;
  const transport = createTransport({
    ...{ host, port, secure, requireTLS: requireTls && !secure },
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  async function mail(
    { subject, text }: { subject: string; text: string },
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    // The library cannot be told to stop: its own time-outs end it behind us.
    const given = Promise.withResolvers<never>();
    const giveUp = () => given.reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await Promise.race([transport.sendMail({ from, to: [...to], subject, text }), given.promise]);
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  return {
    ...{ name: `email ${host}`, kind: 'email', host, minSeverity: settings.minSeverity },
    send: (notices, signal) => mail(letterOf(notices, language, timeZone), signal),
    test: (signal) => mail(testLetter(language), signal),
    stop: () => transport.close(),
  };
}
