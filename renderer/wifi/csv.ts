/** What a spreadsheet takes for a date, a time or a number and shows as another: a firmware `24.11.3`, a number `007`. */
const MISREAD = /^(\d{1,4}([.:/-]\d{1,4}){1,2}|0\d+|\d{12,}|\d+e\d+)$/i;

/**
 * A table as CSV for a spreadsheet: byte order mark, CRLF (RFC 4180). Russian Excel splits at semicolons and reads
 * commas as decimal points, so both follow the language.
 */
export function toCsv(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
  language: 'ru' | 'en',
): string {
  const separator = language === 'ru' ? ';' : ',';
  const cell = (value: string | number | null): string => {
    if (value === null) return '';
    if (typeof value === 'number') return language === 'ru' ? String(value).replace('.', ',') : String(value);
    // A name that begins like a formula must not become one when the file is opened.
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : MISREAD.test(value) ? `="${value}"` : value;
    return /["\r\n;,]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const line = (values: readonly (string | number | null)[]) => values.map(cell).join(separator);
  return `\ufeff${[line(header), ...rows.map(line)].join('\r\n')}\r\n`;
}
