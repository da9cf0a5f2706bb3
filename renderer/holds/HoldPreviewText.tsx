import { Progress, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { HoldPreview } from '../../main/contract/holds.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';

/** What a hold would keep, and how much of the person's share is left after it. */
export function HoldPreviewText({ preview }: { preview: UseQueryResult<HoldPreview> }) {
  const { t } = useTranslation('holds');
  const format = useFormat();
  if (preview.isPending) return <Loading label={t('preview.loading')} />;
  if (preview.isError) return <ErrorState compact error={preview.error} />;
  const { bytes, futureBytes, askedMs, recordedMs, futureMs, quota } = preview.data;
  const missing = askedMs - recordedMs - futureMs;
  const { usedMs, limitMs } = quota.person;
  const after = usedMs + askedMs;
  return (
    <div data-testid="hold-preview">
      <Text size="sm">{t('preview.takes', { size: format.bytes(bytes + futureBytes) })}</Text>
      {futureMs > 0 && (
        <Text size="sm" c="dimmed">
          {t('preview.future', { duration: format.duration(futureMs), size: format.bytes(futureBytes) })}
        </Text>
      )}
      {missing > 2000 && (
        <Text size="sm" c="dimmed">
          {t('preview.missing', { duration: format.duration(missing) })}
        </Text>
      )}
      <Text size="sm" c="dimmed" mt={6}>
        {t('preview.person', {
          used: format.duration(usedMs),
          limit: format.number(limitMs / 3_600_000),
        })}
      </Text>
      <Progress
        mt={4}
        size="sm"
        value={Math.min(100, (after / limitMs) * 100)}
        color={after > limitMs ? 'red' : undefined}
        aria-label={t('preview.share')}
      />
    </div>
  );
}
