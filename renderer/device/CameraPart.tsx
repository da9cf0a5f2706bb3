import { Stack, Text } from '@mantine/core';
import { IconLock, IconVideoOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../main/contract/device.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import type { StreamStatus } from '../../main/contract/video.ts';
import { useStreamStatus } from '../hub/devices.ts';
import { HubError } from '../hub/errors.ts';
import { useSession } from '../hub/session.tsx';
import { LivePlayer } from '../player/LivePlayer.tsx';
import { EmptyState, ErrorState } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import classes from './device.module.css';
import { StreamFacts } from './StreamFacts.tsx';

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
  const sound = stream?.sound;
  // Without a right to the video its state is none of the person's business: the rest of the card stands.
  const failed = error && !(error instanceof HubError && error.status === 403);
  return (
    <Stack gap="sm">
      {failed && <ErrorState error={error} compact />}
      <StreamFacts
        title={t('stream')}
        host={device.streamHost}
        stream={stream}
        more={[
          { name: t('sound'), value: sound && t(`sound-states.${sound.state}`) },
          {
            name: t('sound-recording'),
            value: sound?.state === 'running' && (sound.recording ? t('recording-on') : t('recording-off')),
          },
          {
            name: t('temperature'),
            value:
              health?.temperatureC != null && t('celsius', { degrees: format.number(health.temperatureC) }),
          },
          { name: t('tamper'), value: health?.tamper === true && t('tamper-yes') },
        ]}
      />
      {stream && playedBySecond(stream) && <Text size="sm">{t('second-shown')}</Text>}
      {stream?.second && <StreamFacts title={t('second')} host={device.secondHost} stream={stream.second} />}
    </Stack>
  );
}

const playedBySecond = (stream: StreamStatus): boolean => stream.viewTrack === 'second';
