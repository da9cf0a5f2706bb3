import { Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { ExportCard } from './ExportCard.tsx';
import { useExports } from './exports.ts';

/** The person's own exports, newest first. */
export function ExportList() {
  const { t } = useTranslation('export');
  const exports = useExports();
  if (exports.isPending) return <Loading />;
  if (exports.isError)
    return <ErrorState error={exports.error} retry={() => void exports.refetch()} compact />;
  if (exports.data.length === 0)
    return (
      <EmptyState icon={<IconDownload size={26} />} title={t('list-empty')}>
        {t('list-empty-do')}
      </EmptyState>
    );
  return (
    <Stack gap="xs">
      {exports.data.map((item) => (
        <ExportCard key={item.id} item={item} />
      ))}
    </Stack>
  );
}
