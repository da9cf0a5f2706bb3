import type { Language } from '../i18n/i18n.ts';
import { dateExists } from './city-zone.ts';

const SEPARATOR = { ru: '.', en: '/' } as const satisfies Record<Language, string>;

/** `2026-12-22` as people of the language write it: `22.12.2026`, `22/12/2026`. */
export function dayText(day: string, language: Language): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return [date, month, year].join(SEPARATOR[language]);
}

/**
 * The day that was typed, as `YYYY-MM-DD`; null while it is not whole. Day first in both languages, whatever
 * stands between; the year in full, or `22.11.20` would jump to 2020 on the way to 2026.
 */
export function dayOfText(text: string): string | null {
  const typed = text.trim();
  const [, year, month, date] =
    /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed) ??
    swapped(/^(\d{1,2})[./, -]+(\d{1,2})[./, -]+(\d{4})$/.exec(typed)) ??
    swapped(/^(\d{2})(\d{2})(\d{4})$/.exec(typed)) ??
    [];
  if (!year || !month || !date || !dateExists(Number(year), Number(month), Number(date))) return null;
  return `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
}

const swapped = (match: RegExpExecArray | null) => (match ? [match[0], match[3], match[2], match[1]] : null);
