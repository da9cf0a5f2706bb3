import type { Language } from '../contract/common.ts';

/** What spreadsheets would take for a formula is text in our files: a name must not run anything. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * One line of CSV (RFC 4180), with a semicolon as Russian spreadsheets expect. They also expect a comma in numbers:
 * `12.05` becomes the twelfth of May there.
 */
export function csvLine(
  values: readonly (string | number | null)[],
  { separator, comma }: CsvForm = { separator: ';', comma: false },
): string {
  const cells = values.map((value) => {
    if (value === null) return '';
    if (typeof value === 'number') return comma ? String(value).replace('.', ',') : String(value);
    const text = FORMULA.test(value) ? `'${value}` : value;
    return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(separator)}\r\n`;
}

export interface CsvForm {
  separator: ';' | ',';
  /** Whether numbers have a decimal comma. */
  comma: boolean;
}

/** What spreadsheets split and read numbers by, in the two languages. */
export const CSV_FORMS: Readonly<Record<Language, CsvForm>> = {
  ru: { separator: ';', comma: true },
  en: { separator: ',', comma: false },
};

/** Tells spreadsheets that the file is UTF-8. */
export const CSV_START = '\uFEFF';
