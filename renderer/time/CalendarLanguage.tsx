import 'dayjs/locale/ru';
import 'dayjs/locale/en-gb';
import { DatesProvider } from '@mantine/dates';
import type { ReactNode } from 'react';
import type { Language } from '../i18n/i18n.ts';
import { useLanguage } from '../i18n/useLanguage.ts';

const LOCALE = { ru: 'ru', en: 'en-gb' } as const satisfies Record<Language, string>;

/** Calendars speak the language shown; a week begins on Monday in both, and no day of it is red as an alarm is. */
export function CalendarLanguage({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  return (
    <DatesProvider settings={{ locale: LOCALE[language], firstDayOfWeek: 1, weekendDays: [] }}>
      {children}
    </DatesProvider>
  );
}
