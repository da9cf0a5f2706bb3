import { DateInput, type DateInputProps } from '@mantine/dates';
import { IconCalendar } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../hub/session.tsx';
import { useLanguage } from '../i18n/useLanguage.ts';
import { cityDay } from './city-moment.ts';
import { cityZone } from './city-zone.ts';
import { dayOfText, dayText } from './day-text.ts';

export interface DayFieldProps extends Omit<DateInputProps, 'value' | 'onChange' | 'onDrop'> {
  /** `YYYY-MM-DD`; empty is none. */
  value: string;
  /** Called with whole days only, or with nothing where the field may be cleared. */
  onChange: (day: string) => void;
  'data-testid'?: string;
}

/** A day, written as the console's language does and not as the browser's; the calendar marks the city's today. */
export function DayField({ value, onChange, ...field }: DayFieldProps) {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const { timeZone } = useSession().city;
  const [open, setOpen] = useState(false);
  const today = useMemo(() => cityDay(Date.now(), cityZone(timeZone)), [timeZone]);
  return (
    <DateInput
      value={value === '' ? null : value}
      onChange={(day) => onChange(day ?? '')}
      valueFormat={(day) => dayText(day, language)}
      dateParser={dayOfText}
      defaultDate={today}
      placeholder={t('day-field.shape')}
      leftSection={<IconCalendar size={16} aria-hidden />}
      leftSectionPointerEvents="none"
      getDayProps={(day) => (day === today ? { fw: 700, td: 'underline', 'aria-current': 'date' } : {})}
      ariaLabels={{
        previousMonth: t('day-field.previous-month'),
        nextMonth: t('day-field.next-month'),
        previousYear: t('day-field.previous-year'),
        nextYear: t('day-field.next-year'),
        previousDecade: t('day-field.previous-decade'),
        nextDecade: t('day-field.next-decade'),
        monthLevelControl: t('day-field.months'),
        yearLevelControl: t('day-field.years'),
      }}
      popoverProps={{ onOpen: () => setOpen(true), onClose: () => setOpen(false) }}
      // Escape closes the calendar first, and the dialog around it only then.
      data-mantine-stop-propagation={open}
      {...field}
    />
  );
}
