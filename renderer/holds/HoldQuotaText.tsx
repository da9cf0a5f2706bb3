import { Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../ui/useFormat.ts';
import classes from './holds.module.css';
import { useHoldQuota } from './useHolds.ts';

/** How much of the room for kept footage is taken. */
export function HoldQuotaText() {
  const { t } = useTranslation('holds');
  const format = useFormat();
  const quota = useHoldQuota();
  if (!quota.data) return null;
  const { usedBytes, limitBytes } = quota.data.hub;
  return (
    <div className={classes.quota}>
      <Text size="xs" c="dimmed">
        {t('quota', { used: format.bytes(usedBytes), limit: format.bytes(limitBytes) })}
      </Text>
      <Progress
        size="sm"
        value={limitBytes > 0 ? Math.min(100, (usedBytes / limitBytes) * 100) : 100}
        color={usedBytes > limitBytes * 0.9 ? 'red' : undefined}
        aria-label={t('quota', { used: format.bytes(usedBytes), limit: format.bytes(limitBytes) })}
      />
    </div>
  );
}
