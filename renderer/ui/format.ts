import type { Language } from '../i18n/i18n.ts';

const LOCALE = { ru: 'ru-RU', en: 'en-GB' } as const satisfies Record<Language, string>;

/** Making an Intl formatter costs more than a hundred uses of it. */
function remembered<T>(make: (key: string, language: Language) => T) {
  const made = new Map<string, T>();
  return (key: string, language: Language): T => {
    const name = `${language} ${key}`;
    const known = made.get(name);
    if (known) return known;
    const fresh = make(key, language);
    made.set(name, fresh);
    return fresh;
  };
}

/** Formatters of moments, by zone and language. */
const moments = (parts: Intl.DateTimeFormatOptions) =>
  remembered(
    (timeZone, language) =>
      new Intl.DateTimeFormat(LOCALE[language], { timeZone, hourCycle: 'h23', ...parts }),
  );

const date = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;
const minutes = { hour: '2-digit', minute: '2-digit' } as const;
const seconds = { ...minutes, second: '2-digit' } as const;
const dateTime = moments({ ...date, ...seconds });
const minuteOnly = moments({ ...date, ...minutes });
const timeOnly = moments(seconds);
const dayOnly = moments({ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
const relative = remembered(
  (_key, language) => new Intl.RelativeTimeFormat(LOCALE[language], { numeric: 'auto', style: 'short' }),
);
const number = remembered(
  (digits, language) =>
    new Intl.NumberFormat(LOCALE[language], {
      maximumFractionDigits: Number(digits),
      useGrouping: true,
    }),
);

/** `22.11.2026, 14:03:07` in the given zone. @param at UTC ms */
export const formatDateTime = (at: number, timeZone: string, language: Language): string =>
  dateTime(timeZone, language).format(at);

/** `22.11.2026, 14:03`: where seconds say nothing, as in terms and plans. @param at UTC ms */
export const formatMinute = (at: number, timeZone: string, language: Language): string =>
  minuteOnly(timeZone, language).format(at);

/** `14:03:07` in the given zone. @param at UTC ms */
export const formatTime = (at: number, timeZone: string, language: Language): string =>
  timeOnly(timeZone, language).format(at);

/** `вс, 22 ноября 2026 г.` in the given zone. @param at UTC ms */
export const formatDay = (at: number, timeZone: string, language: Language): string =>
  dayOnly(timeZone, language).format(at);

/** `1 234,5`: grouped, with at most `digits` decimals. */
export const formatNumber = (value: number, language: Language, digits = 0): string =>
  number(String(digits), language).format(value);

const STEPS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1000 },
] as const;

/** `5 мин назад`; a time less than a second away reads "now". @param ageMs how long ago; negative is ahead */
export function formatAgo(ageMs: number, language: Language): string {
  const step = STEPS.find(({ ms }) => Math.abs(ageMs) >= ms) ?? STEPS[3];
  return relative('', language).format(-Math.trunc(ageMs / step.ms) || 0, step.unit);
}

/** The two largest units: `3 д 4 ч`, `12 мин 5 с`. @param units words for d, h, min, s in the language */
export function formatDuration(ms: number, units: { d: string; h: string; min: string; s: string }): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(total / 86_400), units.d],
    [Math.floor((total % 86_400) / 3600), units.h],
    [Math.floor((total % 3600) / 60), units.min],
    [total % 60, units.s],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return `0 ${units.s}`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

const BYTE_UNITS = {
  ru: ['Б', 'КБ', 'МБ', 'ГБ', 'ТБ', 'ПБ'],
  en: ['B', 'KB', 'MB', 'GB', 'TB', 'PB'],
} as const;

/** `1,5 ГБ`, by thousands as disks are sold. */
export function formatBytes(bytes: number, language: Language): string {
  const units = BYTE_UNITS[language];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${formatNumber(value, language, value < 10 && unit > 0 ? 1 : 0)} ${units[unit] ?? ''}`;
}

/** `2,4 Мбит/с`. @param kbps thousand bits a second */
export function formatBitrate(kbps: number, language: Language): string {
  const units = language === 'ru' ? ['кбит/с', 'Мбит/с'] : ['kbit/s', 'Mbit/s'];
  return kbps < 1000
    ? `${formatNumber(kbps, language)} ${units[0]}`
    : `${formatNumber(kbps / 1000, language, 1)} ${units[1]}`;
}

/** `37 %`. @param share 0 to 1 */
export const formatPercent = (share: number, language: Language): string =>
  `${formatNumber(share * 100, language)}${language === 'ru' ? '\u00a0' : ''}%`;
