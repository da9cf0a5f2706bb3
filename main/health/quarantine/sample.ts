import type { QuarantineSample } from '../../contract/quarantine.ts';
import { maskedText } from '../macs.ts';
import { withoutSecrets } from './secrets.ts';

/** So much of a message is looked at, because hiding makes it shorter. */
export const LOOKED_AT_BYTES = 1_536;
/** So many characters of it are kept and shown. */
export const SHOWN_CHARS = 512;

/** Unseen characters, such as those that turn the direction of writing (Unicode categories Cc, Cf): shown by number. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}]/gu;

/** The part of a message that `sampleOf` needs: a copy of its own, so that it holds nothing else in memory. */
export const headOf = (payload: Uint8Array): Buffer => Buffer.from(payload.subarray(0, LOOKED_AT_BYTES));

/**
 * What may be shown of a message: its beginning, every MAC without the half that tells a client from others, no
 * secrets. Both are hidden before it is cut, and before it becomes hexadecimal: half a MAC or a password whose name
 * was cut off would not be known as such.
 * @param bytes length of the whole message, of which `head` is the beginning
 */
export function sampleOf(head: Uint8Array, bytes: number): QuarantineSample {
  const whole = head.length >= bytes;
  const text = textOf(head, whole);
  if (text !== undefined) {
    const shown = hidden(text, whole).replace(UNSEEN, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
    return {
      form: 'text',
      text: shown.slice(0, SHOWN_CHARS).toWellFormed(),
      bytes,
      cut: !whole || shown.length > SHOWN_CHARS,
    };
  }
  const latin = hidden(Buffer.from(head).toString('latin1'), whole);
  const hex = Buffer.from(latin, 'latin1').toString('hex');
  return { form: 'hex', text: hex.slice(0, SHOWN_CHARS), bytes, cut: !whole || hex.length > SHOWN_CHARS };
}

/** What was cut off in its middle goes. */
const hidden = (text: string, whole: boolean): string =>
  withoutSecrets(maskedText(whole ? text : text.replace(/[\w:.-]*$/, '')));

/** Undefined: no UTF-8. A character that was cut off at the end does not count against it. */
function textOf(head: Uint8Array, whole: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !whole });
  } catch {
    return undefined;
  }
}
