import { Group, Input } from '@mantine/core';
import { TimePicker } from '@mantine/dates';
import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DayField } from './DayField.tsx';

interface MomentFieldProps {
  label: string;
  /** `YYYY-MM-DDTHH:MM` of the city's clock, a part of it while it is being written; empty is none. */
  value: string;
  onChange: (value: string) => void;
  /** The time of day that a day alone means, `HH:MM`. */
  dayMeans: string;
  description?: ReactNode;
  error?: ReactNode;
  disabled?: boolean;
  style?: CSSProperties;
}

/** A day and a time of day of the city's clock, in the language shown. */
export function MomentField({ label, value, onChange, dayMeans, ...field }: MomentFieldProps) {
  const { t } = useTranslation();
  const { description, error, disabled = false, style } = field;
  const [day = '', time = ''] = value.split('T');
  const join = (nextDay: string, nextTime: string) =>
    onChange(nextDay === '' && nextTime === '' ? '' : `${nextDay}T${nextTime}`);
  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      description={description}
      error={error}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      role="group"
      aria-label={label}
      style={style}
    >
      <Group gap={6} wrap="nowrap" align="flex-start">
        <DayField
          aria-label={t('time-field.day', { label })}
          value={day}
          onChange={(next) => (next === '' ? onChange('') : join(next, time === '' ? dayMeans : time))}
          clearable
          disabled={disabled}
          error={Boolean(error)}
          style={{ flex: '1 1 150px', minWidth: 136 }}
        />
        <TimePicker
          hoursInputLabel={t('time-field.hours', { label })}
          minutesInputLabel={t('time-field.minutes', { label })}
          value={time}
          onChange={(next) => join(day, next)}
          disabled={disabled}
          error={Boolean(error)}
          style={{ flex: 'none', width: 76 }}
        />
      </Group>
    </Input.Wrapper>
  );
}
