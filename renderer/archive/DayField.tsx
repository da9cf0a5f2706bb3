import { TextInput } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CityZone } from './city-zone.ts';

interface DayFieldProps {
  zone: CityZone;
  /** UTC ms. */
  position: number;
  now: () => number;
  onGo: (utc: number) => void;
}

/** The browser's own calendar: another day, the same time of day. */
export function DayField({ zone, position, now, onGo }: DayFieldProps) {
  const { t } = useTranslation('archive');
  const iso = (utc: number) => {
    const { year, month, day } = zone.toLocal(utc);
    return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  };
  return (
    <TextInput
      type="date"
      label={t('date')}
      value={iso(position)}
      max={iso(now())}
      leftSection={<IconCalendar size={16} aria-hidden />}
      style={{ flex: '0 1 170px' }}
      onChange={(event) => {
        const [year, month, day] = event.currentTarget.value.split('-').map(Number);
        if (!year || !month || !day || year < 1970) return;
        const resolved = zone.fromLocal({ ...zone.toLocal(position), year, month, day });
        // Here the day was asked for, not the time: of two equal times the first will do.
        onGo(Math.min(now(), resolved.kind === 'one' ? resolved.utc : resolved.choices[0]));
      }}
    />
  );
}
