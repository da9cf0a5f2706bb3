import { Group, SegmentedControl, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import screen from '../ui/screen.module.css';
import { DeviceAccessView } from './DeviceAccessView.tsx';
import { PeopleView } from './PeopleView.tsx';

/** Who may do what: by person (`/access?person=ID`) and by device (`/access?device=ID`). */
export default function AccessScreen() {
  const { t } = useTranslation('access');
  const [search, setSearch] = useSearchParams();
  const device = search.get('device');
  const person = search.get('person') ?? '';
  return (
    <div className={screen.screen}>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <SegmentedControl
          size="sm"
          value={device === null ? 'people' : 'device'}
          onChange={(value) => setSearch(value === 'device' ? { device: '' } : {})}
          data={[
            { value: 'people', label: t('people') },
            { value: 'device', label: t('device') },
          ]}
          aria-label={t('title')}
        />
      </Group>
      {device === null ? (
        <PeopleView personId={person} onPick={(id) => setSearch(id ? { person: id } : {})} />
      ) : (
        <DeviceAccessView
          deviceId={device}
          onPick={(id) => setSearch({ device: id })}
          onPerson={(id) => setSearch({ person: id })}
        />
      )}
    </div>
  );
}
