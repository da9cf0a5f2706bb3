/** What spreadsheets would take for a formula is text in our files: a name must not run anything. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line of CSV (RFC 4180), with a semicolon as Russian spreadsheets expect. */
export function csvLine(values: readonly (string | number | null)[]): string {
  const cells = values.map((value) => {
    if (value === null) return '';
    if (typeof value === 'number') return String(value);
    const text = FORMULA.test(value) ? `'${value}` : value;
    return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(';')}\r\n`;
}

/** Tells spreadsheets that the file is UTF-8. */
export const CSV_START = '\uFEFF';
