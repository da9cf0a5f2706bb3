import { useTranslation } from 'react-i18next';
import { cityDay } from '../time/city-moment.ts';
import type { CityZone } from '../time/city-zone.ts';
import { DayField } from '../time/DayField.tsx';

interface ArchiveDayProps {
  zone: CityZone;
  /** UTC ms. */
  position: number;
  now: () => number;
  onGo: (utc: number) => void;
}

/** Another day, the same time of day. */
export function ArchiveDay({ zone, position, now, onGo }: ArchiveDayProps) {
  const { t } = useTranslation('archive');
  return (
    <DayField
      label={t('date')}
      value={cityDay(position, zone)}
      maxDate={cityDay(now(), zone)}
      style={{ flex: '0 1 150px' }}
      onChange={(chosen) => {
        const [year, month, day] = chosen.split('-').map(Number);
        if (!year || !month || !day || year < 1970) return;
        const resolved = zone.fromLocal({ ...zone.toLocal(position), year, month, day });
        // Here the day was asked for, not the time: of two equal times the first will do.
        onGo(Math.min(now(), resolved.kind === 'one' ? resolved.utc : resolved.choices[0]));
      }}
    />
  );
}
