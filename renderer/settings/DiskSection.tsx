import { Loader, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../ui/states.tsx';
import { DiskCard } from './DiskCard.tsx';
import { Section } from './Section.tsx';
import { useDisks } from './useDisks.ts';

/** The disks for footage: how each does, and what to do about it. */
export function DiskSection() {
  const { t } = useTranslation('disks');
  const { data, error, refetch } = useDisks();
  return (
    <Section title={t('title')} what={t('what')}>
      {data ? (
        <Stack gap="md">
          {data.disks.map((disk) => (
            <DiskCard key={disk.place} disk={disk} />
          ))}
        </Stack>
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <Loader size="sm" />
      )}
    </Section>
  );
}
