/** A client's MAC without the half that tells it from others of its maker. What is no MAC is hidden whole. */
export function maskedMac(mac: string): string {
  const digits = mac.replace(/[^0-9a-f]/gi, '').toLowerCase();
  if (digits.length !== 12) return 'xx:xx:xx:xx:xx:xx';
  return `${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}:xx:xx:xx`;
}

/** A number of 13 digits and more is a time or a counter: its first alternative keeps it from being taken for a MAC. */
const MACS = /(?<![0-9a-f])\d{13,}(?![0-9a-f])|([0-9a-f]{2}[:.-]?){5}[0-9a-f]{2}/gi;
/** Deeper than devices nest; what lies below is left out. */
const DEPTH_LIMIT = 32;

/** The same with every MAC masked in texts and keys, however deep. Keys that become equal become one. */
export function withMaskedMacs(record: Record<string, unknown>, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [maskedText(key), maskedValue(value, depth + 1)]),
  );
}

/** A text with every MAC in it masked. */
export const maskedText = (text: string): string =>
  text.replace(MACS, (found, mac: string | undefined) => (mac === undefined ? found : maskedMac(found)));

function maskedValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_LIMIT) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => maskedValue(item, depth + 1));
  return withMaskedMacs({ ...value }, depth);
}
