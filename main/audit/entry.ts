import { withoutSecrets } from '../base/logging.ts';
import { canonicalJson } from './canonical.ts';
import type { AuditEvent } from './types.ts';

const SECRET_FIELD = /password|secret|token|authorization|cookie|credential/i;
const MOST_DATA_CHARS = 16_384;
const MOST_TEXT_CHARS = 200;
const MOST_VALUE_CHARS = 1000;

/** An event made ready to be stored: short, plain JSON, nothing secret in it. */
export interface PreparedEvent {
  kind: string;
  person_id: string | null;
  person_name: string;
  origin: string;
  subject: string;
  data: string;
}

/**
 * Makes an event storable. Values under secret-looking names are replaced, user information is cut from
 * addresses, and what is too long is cut and says so. Throws where `data` is no JSON at all.
 */
export function prepareEvent(event: AuditEvent): PreparedEvent {
  const data = canonicalJson(JSON.parse(JSON.stringify(cleaned(event.data))));
  return {
    kind: event.kind,
    person_id: event.person?.id ?? null,
    person_name: clip(event.person?.name ?? ''),
    origin: clip(event.from),
    subject: clip(event.subject),
    data:
      data.length <= MOST_DATA_CHARS
        ? data
        : canonicalJson({ cut: true, start: data.slice(0, MOST_DATA_CHARS / 4) }),
  };
}

const clip = (text: string) => text.slice(0, MOST_TEXT_CHARS);

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') {
    const text = value.slice(0, MOST_VALUE_CHARS);
    return text.includes('://') ? withoutSecrets(text) : text;
  }
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      SECRET_FIELD.test(key) && typeof member === 'string' ? '[secret]' : cleaned(member),
    ]),
  );
}
