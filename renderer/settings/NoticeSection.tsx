import { Loader, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../ui/states.tsx';
import { ReceiverCard } from './ReceiverCard.tsx';
import { Section } from './Section.tsx';
import { useNoticeReceivers } from './useNoticeReceivers.ts';

/** Who outside the console is told of incidents, and whether that gets through. */
export function NoticeSection() {
  const { t } = useTranslation('notices');
  const { data, error, refetch } = useNoticeReceivers();
  return (
    <Section title={t('title')} what={t('what')}>
      {data ? (
        <Stack gap="md">
          {data.receivers.length === 0 && <Text size="sm">{t('none')}</Text>}
          {data.receivers.map((receiver) => (
            <ReceiverCard key={receiver.name} receiver={receiver} />
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
