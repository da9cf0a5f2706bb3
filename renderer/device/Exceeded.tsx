import { Alert } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { MetricId } from '../../main/contract/history.ts';
import { unitOf, useMetricText } from '../charts/useMetricText.ts';

/** Why it is degraded: measurements out of their bounds and when they will be sound again, or nobody can join it. */
export function Exceeded({ exceeded, ssids }: Pick<DeviceHealth, 'exceeded' | 'ssids'>) {
  const { t } = useTranslation(['wifi', 'charts']);
  const text = useMetricText();
  const allOff = ssids.length > 0 && ssids.every(({ enabled }) => !enabled);
  if (exceeded.length === 0 && !allOff) return null;
  return (
    <Alert color="yellow" icon={<IconGauge size={18} />} title={t('exceeded.title')} data-testid="exceeded">
      {allOff && <div>{t('exceeded.all-ssids-off')}</div>}
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
