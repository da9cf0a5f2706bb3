import { Alert } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { MetricId } from '../../main/contract/history.ts';
import { unitOf, useMetricText } from '../charts/useMetricText.ts';

/** Which measurements are out of their bounds, and when they will be sound again. */
export function ApExceeded({ exceeded }: Pick<DeviceHealth, 'exceeded'>) {
  const { t } = useTranslation(['wifi', 'charts']);
  const text = useMetricText();
  if (exceeded.length === 0) return null;
  return (
    <Alert
      color="yellow"
      icon={<IconGauge size={18} />}
      title={t('exceeded.title')}
      data-testid="ap-exceeded"
    >
      {exceeded.map(({ metric, value, side, clear }) => {
        const known = MetricId.safeParse(metric);
        return (
          <div key={`${metric} ${side}`}>
            {t(side === 'above' ? 'exceeded.above' : 'exceeded.below', {
              what: known.success ? t(`charts:full.${known.data}`) : metric,
              value: text(unitOf(metric), value),
              clear: text(unitOf(metric), clear),
            })}
          </div>
        );
      })}
    </Alert>
  );
}
