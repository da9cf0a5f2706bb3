import { Button, Tooltip } from '@mantine/core';
import { IconBell, IconBellOff, IconVolumeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStored } from '../ui/useStored.ts';
import { SOUND_KEY } from './IncidentAlarm.tsx';
import { useSound } from './SoundProvider.tsx';

/** Whether new incidents sound here. Where the browser keeps the page silent it says so, and a click unblocks it. */
export function SoundSwitch() {
  const { t } = useTranslation('incidents');
  const [choice, choose] = useStored(SOUND_KEY);
  const { allowed, ask } = useSound();
  const off = choice === 'off';
  if (!off && allowed === 'forbidden')
    return (
      <Tooltip label={t('sound-forbidden-why')} multiline maw={320}>
        <Button
          size="xs"
          color="orange"
          variant="light"
          leftSection={<IconVolumeOff size={15} aria-hidden />}
          onClick={ask}
          data-testid="incident-sound"
          data-sound="forbidden"
        >
          {t('sound-forbidden')}
        </Button>
      </Tooltip>
    );
  return (
    <Tooltip label={t('sound')}>
      <Button
        size="xs"
        variant="default"
        aria-pressed={!off}
        leftSection={off ? <IconBellOff size={15} aria-hidden /> : <IconBell size={15} aria-hidden />}
        onClick={() => choose(off ? null : 'off')}
        data-testid="incident-sound"
        data-sound={off ? 'off' : 'on'}
      >
        {t(off ? 'sound-off' : 'sound-on')}
      </Button>
    </Tooltip>
  );
}
