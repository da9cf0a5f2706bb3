import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { useFormat } from '../ui/useFormat.ts';

/** That the device may be silent now, because a person ordered it, and until when it is waited for. */
export function ExpectedSilence({ commanded }: Pick<DeviceHealth, 'commanded'>) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  if (!commanded) return null;
  const { kind, until, above } = commanded;
  return (
    <Text size="sm" role="status" data-testid="expected-silence">
      {t(above ? 'expected.above' : `expected.${kind}`, { time: format.time(until) })}
    </Text>
  );
}
