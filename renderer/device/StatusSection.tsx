import { Alert, Group, Stack, Text } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { ExpectedSilence } from '../commands/ExpectedSilence.tsx';
import { useLiveStatus } from '../hub/EventsProvider.tsx';
import { Ago } from '../ui/DateTime.tsx';
import { StatusBadge } from '../ui/status.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { isHubBlind } from './blindness.ts';
import { Exceeded } from './Exceeded.tsx';
import { OlderSession } from './OlderSession.tsx';
import { Refused } from './Refused.tsx';
import { ThroughGateway } from './ThroughGateway.tsx';

/** Status, since when and why; loud when the hub itself cannot know. */
export function StatusSection({ device, health }: { device: Device; health: DeviceHealth | undefined }) {
  const { t } = useTranslation(['devices', 'common']);
  const format = useFormat();
  const live = useLiveStatus(device.num, { status: device.status, since: device.statusSince });
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <StatusBadge status={live.status} />
        {live.since !== null && live.since > 0 && (
          <Text size="sm" c="dimmed">
            <Ago at={live.since} />
          </Text>
        )}
      </Group>
      {health &&
        live.status !== 'online' &&
        health.reason !== 'none' &&
        health.olderSession === null &&
        health.status === live.status && (
          <Text size="sm" c="dimmed">
            {t('why', { reason: t(`common:reason.${health.reason}`) })}
          </Text>
        )}
      {health && live.status !== 'online' && <OlderSession health={health} />}
      {health && live.status !== 'online' && <ExpectedSilence commanded={health.commanded} />}
      {health && <Exceeded exceeded={health.exceeded} ssids={health.ssids} />}
      {health && <ThroughGateway gateway={health.gateway} />}
      {health && isHubBlind(health) && health.unknownSince !== null && (
        <Alert color="yellow" icon={<IconEyeOff size={18} />} p="xs">
          {t('unknown-since', { time: format.dateTime(health.unknownSince) })}
        </Alert>
      )}
      {health && <Refused deviceId={device.id} malformed={health.malformed} />}
    </Stack>
  );
}
