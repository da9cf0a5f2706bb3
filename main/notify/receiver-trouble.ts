import { messageOf } from '../base/errors.ts';
import { nameOfError, Trouble, type TroubleCode, troubleOf } from '../contract/trouble.ts';

/** It is there and answered, but did not take what was sent. */
export class NotTaken extends Error {
  /** Of HTTP. */
  readonly status: number;
  constructor(host: string, status: number) {
    super(`${host} answered ${status}`);
    this.name = 'NotTaken';
    this.status = status;
  }
}

/** Names that the system, TLS, `fetch` and the mail library give to what went wrong. */
const CODES: readonly (readonly [RegExp, TroubleCode])[] = [
  [/^ECONNREFUSED$/, 'receiver-nobody'],
  [/^(?:ENOTFOUND|EAI_AGAIN|EDNS)$/, 'receiver-name'],
  [/^(?:EHOSTUNREACH|ENETUNREACH)$/, 'receiver-network'],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'receiver-reset'],
  [/^(?:ETIMEDOUT|TimeoutError|UND_ERR_\w+_TIMEOUT)$/, 'receiver-silent'],
  [/^(?:EAUTH|ENOAUTH|EOAUTH2)$/, 'receiver-password'],
  [/^(?:EENVELOPE|EMESSAGE)$/, 'receiver-refused'],
  [/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|SSL|TLS/, 'receiver-certificate'],
];

/** All names of an error and of what lies behind it, the nearest first; the mail library has some in its text alone. */
function namesOf(error: unknown): string[] {
  const cause = error instanceof Error ? error.cause : undefined;
  return [
    nameOfError(error),
    ...(messageOf(error).match(/\bE[A-Z]{4,}\b/g) ?? []),
    ...(cause === undefined ? [] : namesOf(cause)),
  ];
}

/** Why a receiver could not be told. Names no secret: of its address only the host. */
export function receiverTrouble(host: string, error: unknown): Trouble {
  const text = messageOf(error);
  if (error instanceof NotTaken) return troubleOf('receiver-answered', text, { host, status: error.status });
  for (const what of namesOf(error)) {
    const code = CODES.find(([name]) => name.test(what))?.[1];
    if (code) return troubleOf(code, text, { host, what });
  }
  return troubleOf('receiver-other', text, { host, what: wordsOf(error) });
}

const WORDS_LIMIT = 120;

/** Of an error that has no name, what lies deepest in it says most: `fetch` itself only that it failed. */
function wordsOf(error: unknown): string {
  if (error instanceof Error && error.cause !== undefined) return wordsOf(error.cause);
  const name = nameOfError(error);
  return /Error$/.test(name) ? messageOf(error).slice(0, WORDS_LIMIT) : name;
}

export const storedTrouble = (trouble: Trouble): string => JSON.stringify(trouble);

/** What was stored, or a bare sentence of an earlier version. */
export function troubleStored(host: string, stored: string): Trouble {
  try {
    return Trouble.parse(JSON.parse(stored));
  } catch {
    return troubleOf('receiver-other', stored, { host, what: stored });
  }
}
