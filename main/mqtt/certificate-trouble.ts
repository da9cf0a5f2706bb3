import { AppError, messageOf } from '../base/errors.ts';
import { nameOfError, type Trouble, type TroubleCode, troubleOf } from '../contract/trouble.ts';
import type { RevocationLists } from './revocation.ts';

/** What is said of it by whoever reads the files. */
const CODES: Readonly<Record<string, TroubleCode>> = {
  'mqtt-crl-empty': 'crl-empty',
  'mqtt-crl-unsigned': 'crl-unsigned',
  'mqtt-crl-unreadable': 'crl-unreadable',
  'file-unreadable': 'certificate-unreadable',
};

/** Why certificates that changed cannot be used. */
export function certificateTrouble(error: unknown): Trouble {
  const text = `Changed certificates of the broker cannot be used, the old ones stay: ${messageOf(error)}`;
  const code = error instanceof AppError ? CODES[error.code] : undefined;
  // Where files lie is for the log alone: everybody reads this.
  const { setting = '' } = error instanceof AppError ? error.params : {};
  if (code === 'certificate-unreadable')
    return troubleOf(code, `Changed certificates of the broker cannot be read (${setting}).`, { setting });
  return code ? troubleOf(code, text) : troubleOf('certificate-other', text, { what: nameOfError(error) });
}

/** TLS lets nobody in by a list that is overdue (RFC 5280 section 6.3.3): who was taken back meanwhile stands in a newer one. */
export function overdueTrouble(lists: RevocationLists | undefined, now: number): Trouble | null {
  const at = lists?.nextUpdate ?? null;
  if (at === null || now < at) return null;
  return troubleOf(
    'crl-overdue',
    `The list of revoked certificates (mqtt.tls.clientCrlFile) was to be replaced by ${new Date(at).toISOString()}. No device can connect by its certificate until a newer list is there.`,
    { at },
  );
}
