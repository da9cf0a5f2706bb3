import { z } from 'zod';

/** What may be wrong with a part of the hub or with whom it speaks to; the console words each (`troubles:<code>`). */
export const TroubleCodes = [
  // Where something is stored.
  'disk-full',
  'disk-read-only',
  'disk-failing',
  'disk-denied',
  'disk-hung',
  'data-damaged',
  'data-missing',
  'thread-ended',
  /** `what`: the system's own name of it. */
  'storage-other',
  'recorder-disk',
  'recorder-files',
  'recorder-index',
  // The broker, as its client: `host`.
  'broker-not-started',
  'broker-connecting',
  'broker-password',
  'broker-version',
  'broker-refused',
  'broker-nobody',
  'broker-name',
  'broker-network',
  'broker-reset',
  'broker-our-certificate',
  'broker-its-certificate',
  'broker-silent',
  'broker-topic',
  'broker-other',
  // Certificates of the embedded broker.
  'certificate-unreadable',
  'certificate-other',
  'crl-empty',
  'crl-unsigned',
  'crl-unreadable',
  /** `at`: when it was to be replaced. */
  'crl-overdue',
  // Who receives notices: `host`.
  'receiver-answered',
  'receiver-password',
  'receiver-refused',
  'receiver-nobody',
  'receiver-name',
  'receiver-network',
  'receiver-reset',
  'receiver-certificate',
  'receiver-silent',
  'receiver-other',
] as const;
export const TroubleCode = z.enum(TroubleCodes);
export type TroubleCode = z.infer<typeof TroubleCode>;

const Params = z.record(z.string(), z.union([z.string(), z.number()]));
export type TroubleParams = z.infer<typeof Params>;

/** What is wrong, in a form that every face can word. `params` named `at` are UTC ms; none holds a secret. */
export const Trouble = z.object({
  code: TroubleCode,
  params: Params,
  /** The English sentence, for logs and scripts. */
  text: z.string(),
});
export type Trouble = z.infer<typeof Trouble>;

export const troubleOf = (code: TroubleCode, text: string, params: TroubleParams = {}): Trouble => ({
  code,
  params,
  text,
});

/** The name that a program gave an error, the same in every language: `ECONNRESET`, `SQLITE_BUSY`. */
export function nameOfError(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  if (typeof code === 'string') return code;
  const name = error instanceof Error ? error.name : 'Error';
  // What `fetch` and aborts throw has a number of old beside its name.
  return typeof code === 'number' && name === 'Error' ? String(code) : name;
}
