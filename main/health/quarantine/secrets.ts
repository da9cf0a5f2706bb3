/** What stands in the place of what is not shown. */
export const HIDDEN = '***';

/** Names of fields whose values open something, as devices of several makers write them. */
const SECRET_NAME = String.raw`(?:pass(?:word|wd|phrase|code)|pwd|psk|secret|credential|authorization|cookie|(?:api|private|wpa|wep|sae|shared)[_-]?key)[\w.-]{0,40}`;
/** Of these only the whole name does: a "VideoSourceToken" opens nothing. */
const SECRET_WORD = String.raw`(?<![\w-])(?:pass|pin|key\d?|(?:access|auth|refresh|session|bearer|id)?[_-]?token)(?![\w-])`;
/** JSON, also inside a JSON string; assignments; XML; UCI's `option key 'value'`. */
const BETWEEN = String.raw`(?:\\*["'])?(?:\s*(?:=>|[:=])\s*|[^<>"']{0,60}>|\s+(?=["']))`;
/** To the closing quote or, where it is missing, to the end. */
const QUOTED = String.raw`"(?:\\[\s\S]|[^"\\])*(?:"|\\?$)|'(?:\\[\s\S]|[^'\\])*(?:'|\\?$)`;
/** A string within a string: what closes it cannot be told for sure. */
const INNER = String.raw`\\+["'][^,}\n]*`;
const BARE = String.raw`[^\s"'\\,;&}\]<{[][^\s,;&}\]<]*`;

const NAMED = new RegExp(
  // What nests below such a name is hidden to the end.
  `(${SECRET_NAME}${BETWEEN})(?:${QUOTED}|${INNER}|[{[][\\s\\S]*|${BARE})|(${SECRET_WORD}${BETWEEN})(?:${QUOTED}|${INNER}|${BARE})`,
  'gi',
);
/** `scheme://user:password@host` (RFC 3986 section 3.2.1). */
const USER_INFO = /(:\/\/)[^\s/"'@]{1,200}@/g;
/** Credentials of HTTP (RFC 9110 section 11.4). */
const HTTP_CREDENTIALS = /\b(basic|bearer|digest)(\s+)[A-Za-z0-9+/=._~-]{4,}/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END[^-]*-----|$)/g;
/** Keys, tokens and packed contents, of which nobody can say what is in them. A city's longest words are shorter. */
const LONG_RUN = /[A-Za-z0-9+/_=-]{40,}/g;

/**
 * A text without passwords, keys and tokens: by the name before them, by their form, or by being a run of letters as
 * long as random secrets are. It rather hides too much. Work is in proportion to the text's length.
 */
export const withoutSecrets = (text: string): string =>
  text
    .replace(PRIVATE_KEY, HIDDEN)
    .replace(HTTP_CREDENTIALS, `$1$2${HIDDEN}`)
    .replace(NAMED, (_all, named?: string, worded?: string) => `${named ?? worded ?? ''}${HIDDEN}`)
    .replace(USER_INFO, `$1${HIDDEN}@`)
    .replace(LONG_RUN, (run) => `${HIDDEN}(${run.length})`);
