import { Button, Group, Stack, Text } from '@mantine/core';
import {
  IconCurrentLocation,
  IconHistory,
  IconLayoutGrid,
  IconPencil,
  IconTrash,
  IconWifi,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Device } from '../../main/contract/device.ts';
import { ChartsSection } from '../charts/ChartsSection.tsx';
import { CommandButtons } from '../commands/CommandButtons.tsx';
import { useDevice, useDeviceHealth } from '../hub/devices.ts';
import { useWatch } from '../hub/EventsProvider.tsx';
import { useSession } from '../hub/session.tsx';
import { Panel } from '../map/Panel.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { addToWallPath } from '../wall/wall-address.ts';
import { AccessPointPart } from './AccessPointPart.tsx';
import { CameraPicture, CameraStream } from './CameraPart.tsx';
import { ChangesSection } from './ChangesSection.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { DeviceFacts } from './DeviceFacts.tsx';
import { PictureCheckPart } from './PictureCheckPart.tsx';
import { StatusSection } from './StatusSection.tsx';
import { SwitchPart } from './SwitchPart.tsx';

interface DeviceCardProps {
  id: string;
  onClose: () => void;
  onEdit: () => void;
  /** Another device, named in this one's card. */
  onOpen: (id: string) => void;
  onShow: (place: { lat: number; lon: number }) => void;
}

/** All that is known of one device, kept fresh while it is looked at, with what this person may do. */
export function DeviceCard({ id, onClose, onEdit, onOpen, onShow }: DeviceCardProps) {
  const { t } = useTranslation(['devices', 'common']);
  useWatch([id]);
  const device = useDevice(id);
  const health = useDeviceHealth(id);
  const known = device.data?.id === id ? device.data : undefined;
  return (
    <Panel
      subject={id}
      title={known?.name ?? id}
      subtitle={
        known && (
          <Text size="xs" c="dimmed">
            {t(`common:kind.${known.kind}`)} · {known.id}
          </Text>
        )
      }
      onClose={onClose}
    >
      {device.isError && !known && <ErrorState error={device.error} retry={() => void device.refetch()} />}
      {device.isPending && <Loading />}
      {known && (
        <Stack gap="md">
          {known.kind === 'camera' && <CameraPicture device={known} />}
          <StatusSection device={known} health={health.data} />
          {known.kind === 'camera' && <PictureCheckPart device={known} />}
          <Actions device={known} onEdit={onEdit} onGone={onClose} onShow={onShow} />
          <CommandButtons device={known} health={health.data} layout="card" />
          {known.kind === 'camera' && <CameraStream device={known} health={health.data} />}
          {known.kind === 'ap' && health.data && <AccessPointPart health={health.data} />}
          {known.kind === 'switch' && <SwitchPart device={known} health={health.data} onOpen={onOpen} />}
          {health.isError && <ErrorState error={health.error} retry={() => void health.refetch()} compact />}
          <ChartsSection deviceId={known.id} kind={known.kind} />
          <DeviceFacts device={known} health={health.data} onOpen={onOpen} />
          {health.data && <ChangesSection changes={health.data.changes} />}
        </Stack>
      )}
    </Panel>
  );
}

interface ActionsProps {
  device: Device;
  onEdit: () => void;
  onGone: () => void;
  onShow: (place: { lat: number; lon: number }) => void;
}

/** Only what the person may do somewhere; whether here, the hub decides. */
function Actions({ device, onEdit, onGone, onShow }: ActionsProps) {
  const { t } = useTranslation(['devices', 'common']);
  const { can } = useSession();
  const [deleting, setDeleting] = useState(false);
  const id = encodeURIComponent(device.id);
  return (
    <Group gap={6}>
      {device.kind === 'camera' && can('video.archive') && (
        <Button
          component={Link}
          href={`/archive?camera=${id}`}
          size="xs"
          variant="light"
          leftSection={<IconHistory size={15} aria-hidden />}
        >
          {t('open-archive')}
        </Button>
      )}
      {device.kind === 'camera' && can('video.live') && (
        <Button
          component={Link}
          href={addToWallPath(device.id)}
          size="xs"
          variant="light"
          leftSection={<IconLayoutGrid size={15} aria-hidden />}
        >
          {t('to-wall')}
        </Button>
      )}
      {device.kind === 'ap' && can('wifi.view') && (
        <Button
          component={Link}
          href={`/wifi/${id}`}
          size="xs"
          variant="light"
          leftSection={<IconWifi size={15} aria-hidden />}
        >
          {t('open-wifi')}
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconCurrentLocation size={15} aria-hidden />}
        onClick={() => onShow(device)}
      >
        {t('show')}
      </Button>
      {can('device.edit') && (
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencil size={15} aria-hidden />}
            onClick={onEdit}
          >
            {t('common:edit')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTrash size={15} aria-hidden />}
            onClick={() => setDeleting(true)}
          >
            {t('common:delete')}
          </Button>
        </>
      )}
      {deleting && <DeleteDialog device={device} onClose={() => setDeleting(false)} onDeleted={onGone} />}
    </Group>
  );
}
