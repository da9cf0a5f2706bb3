import { Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeviceSummary } from '../../main/contract/device.ts';
import { useLiveStatus } from '../hub/EventsProvider.tsx';
import { kindIcons } from '../ui/kind.tsx';
import { StatusIcon } from '../ui/status.tsx';
import classes from './Map.module.css';

interface DeviceRowProps {
  device: DeviceSummary;
  onOpen: (id: string) => void;
}

/** One device as a button: sign of its kind, name, place, live status. */
export function DeviceRow({ device, onOpen }: DeviceRowProps) {
  const { t } = useTranslation();
  const { status } = useLiveStatus(device.num, { status: device.status, since: null });
  const Icon = kindIcons[device.kind];
  return (
    <UnstyledButton className={classes.row} onClick={() => onOpen(device.id)}>
      <Icon
        size={20}
        stroke={1.6}
        role="img"
        aria-label={t(`kind.${device.kind}`)}
        style={{ flex: 'none' }}
      />
      <span style={{ flex: 1, minWidth: 0 }}>
        <Text span display="block" size="sm" truncate>
          {device.name}
        </Text>
        <Text span display="block" size="xs" c="dimmed" truncate>
          {device.address || device.id}
        </Text>
      </span>
      <StatusIcon status={status} />
    </UnstyledButton>
  );
}
