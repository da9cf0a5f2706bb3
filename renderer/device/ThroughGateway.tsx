import { Alert, Anchor, Text } from '@mantine/core';
import { IconRouterOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { useFormat } from '../ui/useFormat.ts';

/** Who speaks for the device; loud when that one is gone, for then nobody knows how the device is. */
export function ThroughGateway({ gateway }: Pick<DeviceHealth, 'gateway'>) {
  const { t } = useTranslation('devices');
  const format = useFormat();
  if (!gateway) return null;
  const { id, name, goneSince } = gateway;
  const through = (
    <Text size="sm" data-testid="through-gateway">
      {t('gateway')}{' '}
      <Anchor
        component={Link}
        inherit
        underline="always"
        title={id}
        href={`/map?device=${encodeURIComponent(id)}`}
      >
        {name ?? id}
      </Anchor>
    </Text>
  );
  if (goneSince === null) return through;
  return (
    <Alert color="yellow" icon={<IconRouterOff size={18} />} p="xs">
      {through}
      {t('gateway-gone', { time: format.dateTime(goneSince) })}
    </Alert>
  );
}
