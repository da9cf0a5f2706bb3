const WORD_LIMIT_BYTES = 64;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A payload that is one word. Undefined: longer than any word, or no text. */
export function wordOf(payload: Uint8Array): string | undefined {
  if (payload.length > WORD_LIMIT_BYTES) return undefined;
  try {
    return utf8.decode(payload).trim();
  } catch {
    return undefined;
  }
}
