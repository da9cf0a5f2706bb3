import { Alert, Stack } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconVideoOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { useStreamStatus } from '../hub/devices.ts';
import { HubError } from '../hub/errors.ts';
import { useSession } from '../hub/session.tsx';
import { LivePlayer } from '../player/LivePlayer.tsx';
import { Ago } from '../ui/DateTime.tsx';
import { EmptyState, ErrorState } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './device.module.css';
import { Facts } from './Facts.tsx';

/** The live picture, as far as the person may see it. */
export function CameraPicture({ device }: { device: Device }) {
  const { t } = useTranslation('devices');
  const { can } = useSession();
  if (!device.hasStream)
    return (
      <EmptyState icon={<IconVideoOff size={26} />} title={t('no-stream')}>
        {can('device.edit') ? t('no-stream-do') : t('no-stream-ask')}
      </EmptyState>
    );
  if (!can('video.live'))
    return (
      <EmptyState icon={<IconLock size={26} />} title={t('no-live')}>
        {t('no-live-do')}
      </EmptyState>
    );
  return (
    <div className={classes.video}>
      <LivePlayer key={device.id} cameraId={device.id} name={device.name} />
    </div>
  );
}

/** What the hub sees of the stream, and what is wrong with it. */
export function CameraStream({ device, health }: { device: Device; health: DeviceHealth | undefined }) {
  const { t } = useTranslation(['devices', 'common']);
  const format = useFormat();
  const { data: stream, error } = useStreamStatus(device.id, device.hasStream);
  // Without a right to the video its state is none of the person's business: the rest of the card stands.
  const failed = error && !(error instanceof HubError && error.status === 403);
  return (
    <Stack gap="sm">
      {failed && <ErrorState error={error} compact />}
      {stream?.problem && (
        <Alert
          color={stream.state === 'running' ? 'yellow' : 'red'}
          icon={<IconAlertTriangle size={18} />}
          p="xs"
        >
          {t(`common:stream.${stream.problem.code}`)}
          {stream.state === 'running' && ` ${t('recovered')}`}
        </Alert>
      )}
      <Facts
        title={t('stream')}
        facts={[
          { name: t('stream-state'), value: stream && t(`stream-states.${stream.state}`) },
          {
            name: t('picture'),
            value: stream?.format && `${stream.format.width}×${stream.format.height}, ${stream.format.codec}`,
          },
          { name: t('fps'), value: stream?.fps != null && format.number(stream.fps, 1) },
          {
            name: t('bitrate'),
            value: stream?.bitrateKbps != null && format.bitrate(stream.bitrateKbps),
          },
          {
            name: t('gop'),
            value: stream?.gopS != null && t('seconds', { s: format.number(stream.gopS, 1) }),
          },
          { name: t('transport'), value: stream?.transport?.toUpperCase() },
          {
            name: t('recording'),
            value: stream && (stream.recording ? t('recording-on') : t('recording-off')),
          },
          {
            name: t('next-attempt'),
            value: stream?.nextAttemptAt != null && <Ago at={stream.nextAttemptAt} />,
          },
          { name: t('stream-host'), value: device.streamHost },
          {
            name: t('temperature'),
            value:
              health?.temperatureC != null && t('celsius', { degrees: format.number(health.temperatureC) }),
          },
          { name: t('tamper'), value: health?.tamper === true && t('tamper-yes') },
        ]}
      />
    </Stack>
  );
}
