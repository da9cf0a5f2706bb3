import { Alert, Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconEyeOff, IconMap2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { useDevice, useDeviceHealth } from '../hub/devices.ts';
import { useWatch } from '../hub/EventsProvider.tsx';
import { Ago } from '../ui/DateTime.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { StatusBadge } from '../ui/status.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { ApChanges, ApClients } from './ApClients.tsx';
import { ApFacts } from './ApFacts.tsx';
import { ApRadios, ApSsids } from './ApRadios.tsx';

/** One access point in full, kept up to date with every report. */
export function ApDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(['wifi', 'common']);
  return (
    <Drawer
      opened={id !== ''}
      onClose={onClose}
      position="right"
      size="min(100vw, 620px)"
      title={<ApTitle id={id} />}
      closeButtonProps={{ 'aria-label': t('card.close') }}
      overlayProps={{ backgroundOpacity: 0.25 }}
      data-testid="ap-drawer"
    >
      {id !== '' && <ApCard key={id} id={id} />}
    </Drawer>
  );
}

function ApTitle({ id }: { id: string }) {
  return id === '' ? null : <ApName id={id} />;
}

function ApName({ id }: { id: string }) {
  const device = useDevice(id);
  return (
    <Text fw={600} size="lg" component="span">
      {device.data?.name ?? id}
    </Text>
  );
}

function ApCard({ id }: { id: string }) {
  useWatch([id]);
  const device = useDevice(id);
  const health = useDeviceHealth(id);
  const failed = device.error ?? health.error;
  if (failed && (!device.data || !health.data))
    return (
      <ErrorState
        error={failed}
        retry={() => {
          void device.refetch();
          void health.refetch();
        }}
      />
    );
  if (!device.data || !health.data) return <Loading />;
  return <ApBody device={device.data} health={health.data} />;
}

function ApBody({ device, health }: { device: Device; health: DeviceHealth }) {
  const { t } = useTranslation(['wifi', 'common']);
  const format = useFormat();
  const { malformed } = health;
  return (
    <Stack gap="lg" pb="lg">
      <Group gap="sm" justify="space-between">
        <Group gap="sm">
          <StatusBadge status={health.status} />
          <Text size="sm" c="dimmed">
            {health.since !== null && <Ago at={health.since} />}
            {health.reason !== 'none' && `, ${t(`common:reason.${health.reason}`)}`}
          </Text>
        </Group>
        <Button
          component={Link}
          href={`/map?device=${encodeURIComponent(device.id)}`}
          size="xs"
          variant="default"
          leftSection={<IconMap2 size={15} aria-hidden />}
        >
          {t('card.on-map')}
        </Button>
      </Group>
      {health.unknownSince !== null && (
        <Alert color="yellow" icon={<IconEyeOff size={18} />}>
          {t('card.unknown-since', { time: format.dateTime(health.unknownSince) })}
        </Alert>
      )}
      {malformed.count > 0 && (
        <Alert color="grape" icon={<IconAlertTriangle size={18} />}>
          {t('card.malformed', {
            count: malformed.count,
            reason: malformed.lastReason ?? t('common:unknown'),
          })}
        </Alert>
      )}
      <ApFacts device={device} health={health} />
      <ApRadios radios={health.radios} />
      <ApSsids ssids={health.ssids} />
      <ApClients health={health} />
      <ApChanges changes={health.changes} />
    </Stack>
  );
}
