import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { useDevices } from '../hub/devices.ts';
import { DeviceRow } from '../map/DeviceRows.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './device.module.css';

const SHOWN = 50;

interface SwitchPartProps {
  device: Device;
  health: DeviceHealth | undefined;
  onOpen: (id: string) => void;
}

/** Ports of a switch, and the devices that hang on it. */
export function SwitchPart({ device, health, onOpen }: SwitchPartProps) {
  const { t } = useTranslation('devices');
  const format = useFormat();
  const children = useDevices({ parent: device.id, limit: SHOWN });
  const total = children.data?.total ?? 0;
  return (
    <Stack gap="md">
      {health && health.speaksFor > 0 && (
        <Text size="sm" data-testid="speaks-for">
          {t('speaks-for', { count: health.speaksFor, shown: format.number(health.speaksFor) })}
        </Text>
      )}
      {health && health.ports.length > 0 && (
        <section>
          <Title order={3} size="h4" mb={6}>
            {t('ports')}
          </Title>
          <div className={classes.ports}>
            {health.ports.map((port) => (
              <div key={port.port} className={`tabular ${classes.port}`} data-up={port.up || undefined}>
                <Text inherit fw={600} truncate title={port.peerId ?? port.port}>
                  {port.port}
                </Text>
                <div>
                  {port.up
                    ? port.mbps === null
                      ? t('port-up')
                      : t('mbps', { mbps: format.number(port.mbps) })
                    : t('port-down')}
                </div>
                <div>
                  {port.poeOn && port.poeWatts !== null
                    ? t('watts', { watts: format.number(port.poeWatts, 1) })
                    : '\u00a0'}
                </div>
              </div>
            ))}
          </div>
        </section>
      )}
      <section>
        <Title order={3} size="h4" mb={2}>
          {t('children', { count: total, shown: format.number(total) })}
        </Title>
        {children.isPending && <Loading />}
        {children.isError && (
          <ErrorState error={children.error} retry={() => void children.refetch()} compact />
        )}
        {total > SHOWN && (
          <Text size="xs" c="dimmed">
            {t('children-some', { shown: SHOWN })}
          </Text>
        )}
        {children.data?.items.map((child) => (
          <DeviceRow key={child.id} device={child} onOpen={onOpen} />
        ))}
      </section>
    </Stack>
  );
}
