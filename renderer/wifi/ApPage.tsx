import { Alert, Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconChevronLeft, IconEyeOff, IconMap2, IconTool } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { z } from 'zod';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { DeviceCharts } from '../charts/DeviceCharts.tsx';
import { CommandButtons } from '../commands/CommandButtons.tsx';
import { CommandHistory } from '../commands/CommandHistory.tsx';
import { ExpectedSilence } from '../commands/ExpectedSilence.tsx';
import { isHubBlind } from '../device/blindness.ts';
import { Exceeded } from '../device/Exceeded.tsx';
import { OlderSession } from '../device/OlderSession.tsx';
import { Refused } from '../device/Refused.tsx';
import { ThroughGateway } from '../device/ThroughGateway.tsx';
import { useDevice, useDeviceHealth } from '../hub/devices.ts';
import { useLiveStatus, useWatch } from '../hub/EventsProvider.tsx';
import { useSession } from '../hub/session.tsx';
import { MaintenanceDialog } from '../incidents/MaintenanceDialog.tsx';
import { Ago } from '../ui/DateTime.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { StatusBadge } from '../ui/status.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { ApChanges } from './ApChanges.tsx';
import { ApClients } from './ApClients.tsx';
import { ApEvents } from './ApEvents.tsx';
import { ApFacts } from './ApFacts.tsx';
import { ApIncidents } from './ApIncidents.tsx';
import { ApRadios } from './ApRadios.tsx';
import { ApSsids } from './ApSsids.tsx';
import classes from './wifi.module.css';

/** One access point in full, kept up to date with every report; made for a telephone on a ladder too. */
export function ApPage({ id }: { id: string }) {
  const { t } = useTranslation('wifi');
  useWatch([id]);
  const device = useDevice(id);
  const health = useDeviceHealth(id);
  const failed = device.error ?? health.error;
  const listPath = useListPath();
  return (
    <div className={classes.page} data-testid="ap-page">
      <Anchor component={Link} size="sm" href={listPath} className={classes.back}>
        <IconChevronLeft size={15} aria-hidden />
        {t('page.back')}
      </Anchor>
      {device.data && health.data ? (
        <Whole device={device.data} health={health.data} />
      ) : failed ? (
        <ErrorState
          error={failed}
          retry={() => {
            void device.refetch();
            void health.refetch();
          }}
        />
      ) : (
        <Loading />
      )}
    </div>
  );
}

/** The table as it was left, where the page was opened from it. */
function useListPath(): string {
  const from = FromList.safeParse(useHistoryState());
  return from.success && from.data.list !== '' ? `/wifi?${from.data.list}` : '/wifi';
}
const FromList = z.object({ list: z.string() });

function Whole({ device, health }: { device: Device; health: DeviceHealth }) {
  const { t } = useTranslation('wifi');
  const { can } = useSession();
  return (
    <>
      <Heading device={device} health={health} />
      <div className={classes.columns}>
        <Stack gap="lg" miw={0}>
          <ApRadios radios={health.radios} />
          <ApSsids ssids={health.ssids} />
          <ApClients health={health} />
        </Stack>
        <Stack gap="lg" miw={0}>
          {can('incident.view') && <ApIncidents deviceId={device.id} />}
          <CommandHistory deviceId={device.id} />
          <ApFacts device={device} health={health} />
          <ApEvents deviceId={device.id} />
          <ApChanges changes={health.changes} />
        </Stack>
      </div>
      <section>
        <Title order={2} size="h4" mb={8}>
          {t('page.charts')}
        </Title>
        <DeviceCharts deviceId={device.id} kind="ap" />
      </section>
    </>
  );
}

/** What it is, how it is, why, and what may be done about it. */
function Heading({ device, health }: { device: Device; health: DeviceHealth }) {
  const { t } = useTranslation(['wifi', 'common']);
  const format = useFormat();
  const { can } = useSession();
  const [working, setWorking] = useState(false);
  const live = useLiveStatus(device.num, { status: health.status, since: health.since });
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm" align="flex-start">
        <div>
          <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
            {device.name}
          </Title>
          <Text size="sm" c="dimmed">
            {[device.address, device.id].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <Group gap="xs">
          <Button
            component={Link}
            href={`/map?device=${encodeURIComponent(device.id)}`}
            variant="default"
            leftSection={<IconMap2 size={16} aria-hidden />}
          >
            {t('card.on-map')}
          </Button>
          {can('incident.handle') && (
            <Button
              variant="default"
              leftSection={<IconTool size={16} aria-hidden />}
              onClick={() => setWorking(true)}
            >
              {t('page.maintenance')}
            </Button>
          )}
        </Group>
      </Group>
      <Group gap="sm">
        <StatusBadge status={live.status} />
        <Text size="sm" c="dimmed">
          {live.since !== null && live.since > 0 && <Ago at={live.since} />}
          {health.status === live.status &&
            health.reason !== 'none' &&
            health.olderSession === null &&
            `, ${t(`common:reason.${health.reason}`)}`}
        </Text>
      </Group>
      {live.status !== 'online' && <OlderSession health={health} />}
      {live.status !== 'online' && <ExpectedSilence commanded={health.commanded} />}
      <CommandButtons device={device} health={health} layout="page" />
      <ThroughGateway gateway={health.gateway} />
      {isHubBlind(health) && health.unknownSince !== null && (
        <Alert color="yellow" icon={<IconEyeOff size={18} />}>
          {t('card.unknown-since', { time: format.dateTime(health.unknownSince) })}
        </Alert>
      )}
      {live.status === 'offline' && health.lastSeenAt !== null && (
        <Text size="sm" data-testid="ap-last-known">
          {t('card.last-known', { time: format.dateTime(health.lastSeenAt) })}
        </Text>
      )}
      <Exceeded exceeded={health.exceeded} ssids={health.ssids} />
      <Refused deviceId={device.id} malformed={health.malformed} />
      {working && (
        <MaintenanceDialog scope={{ type: 'device', id: device.id }} onClose={() => setWorking(false)} />
      )}
    </Stack>
  );
}
