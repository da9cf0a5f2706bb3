import { ActionIcon, Slider, Tooltip } from '@mantine/core';
import { IconVolume, IconVolume3, IconVolumeOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StreamStatus } from '../../main/contract/video.ts';
import { hubGet } from '../hub/client.ts';
import { useSession } from '../hub/session.tsx';
import { useTiles } from '../hub/TilesProvider.tsx';
import classes from './player.module.css';
import { createSoundSession, type SoundSession, type SoundState } from './sound-session.ts';
import { keepVolume, keptVolume } from './volume.ts';

/** Turns a camera's sound on: silent until somebody wants it, and only for who may hear it. */
export function SoundButton({ cameraId }: { cameraId: string }) {
  const session = useSession();
  const may = session.can('video.audio');
  const status = useQuery({
    queryKey: ['device', cameraId, 'sound'],
    queryFn: ({ signal }) =>
      hubGet(`/api/video/${encodeURIComponent(cameraId)}/status`, StreamStatus, signal),
    enabled: may,
  });
  const sound = status.data?.sound ?? null;
  return may && sound && sound.state !== 'none' ? <Sound key={cameraId} cameraId={cameraId} /> : null;
}

function Sound({ cameraId }: { cameraId: string }) {
  const { t } = useTranslation('player');
  const connection = useTiles();
  const running = useRef<SoundSession | null>(null);
  const [on, setOn] = useState(false);
  const [state, setState] = useState<SoundState>('starting');
  const [volume, setVolume] = useState(keptVolume);
  const first = useRef(volume);
  first.current = volume;

  useEffect(() => {
    if (!on) return;
    const session = createSoundSession({ cameraId, volume: first.current, connection, onChange: setState });
    running.current = session;
    return () => {
      session.stop();
      running.current = null;
    };
  }, [on, cameraId, connection]);

  const change = (value: number) => {
    setVolume(value);
    keepVolume(value);
    running.current?.setVolume(value);
  };
  const label = t(on ? 'sound-off' : 'sound-on');
  const Icon = on ? (state === 'none' ? IconVolumeOff : IconVolume) : IconVolume3;
  return (
    <>
      {on && state === 'none' && <span className={classes.wide}>{t('sound-none')}</span>}
      {on && (
        <Slider
          className={classes.volume}
          size="xs"
          min={0}
          max={1}
          step={0.05}
          label={null}
          value={volume}
          onChange={change}
          thumbLabel={t('volume')}
        />
      )}
      <Tooltip label={label} withinPortal={false}>
        <ActionIcon
          variant="subtle"
          size="md"
          aria-label={label}
          aria-pressed={on}
          data-testid="sound"
          data-sound-state={on ? state : 'off'}
          onClick={() => setOn(!on)}
        >
          <Icon size={18} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
