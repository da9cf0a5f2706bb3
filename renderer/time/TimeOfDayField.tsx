import { TimePicker, type TimePickerProps } from '@mantine/dates';
import { useTranslation } from 'react-i18next';

/** A time of day, `HH:MM` of 24 hours in every language; empty while a part of it is missing. */
export function TimeOfDayField({ label, ...field }: TimePickerProps & { label: string }) {
  const { t } = useTranslation();
  return (
    <TimePicker
      label={label}
      hoursInputLabel={t('time-field.hours', { label })}
      minutesInputLabel={t('time-field.minutes', { label })}
      {...field}
    />
  );
}
