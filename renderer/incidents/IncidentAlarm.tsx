import { Button, Tooltip } from '@mantine/core';
import { IconVolumeOff } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useBridge } from '../ui/native.tsx';
import { useStored } from '../ui/useStored.ts';
import { createAlarms } from './alarm.ts';
import { chime } from './chime.ts';
import classes from './incidents.module.css';
import { createOneVoice } from './one-voice.ts';
import { useSound } from './SoundProvider.tsx';
import { useOpenIncidents } from './useIncidents.ts';
import { useIncidentText } from './useIncidentText.ts';

/** Where the choice is kept: sound is on unless switched off on this machine. */
export const SOUND_KEY = 'kalancha.incident-sound';

interface IncidentAlarmProps {
  /** In a window that is nothing but a wall: a notification's click would take its pictures away. */
  soundOnly?: boolean;
}

/**
 * Tells of new incidents by sound and notification, wherever in the console the person is. Shows nothing, unless
 * nobody would hear it.
 */
export function IncidentAlarm({ soundOnly = false }: IncidentAlarmProps) {
  const { t } = useTranslation('incidents');
  const bridge = useBridge();
  const open = useOpenIncidents();
  const text = useIncidentText();
  const [sound] = useStored(SOUND_KEY);
  const { allowed, ask } = useSound();
  const [, navigate] = useLocation();
  const [alarms] = useState(() => createAlarms(Date.now));
  const [voice] = useState(() =>
    createOneVoice({
      locks: navigator.locks,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    }),
  );
  const [, again] = useState(0);
  const list = open.data?.items;
  const heard = sound !== 'off' && allowed !== 'forbidden';
  const say = useRef({ t, text, heard });
  say.current = { t, text, heard };

  useEffect(
    () => (soundOnly ? undefined : bridge.onNoticeClicked(({ opens }) => navigate(opens))),
    [soundOnly, bridge, navigate],
  );

  // Runs at each answer, and when what had to wait is due.
  useEffect(() => {
    if (!list) return;
    const alarm = alarms.take(list);
    const [worst] = alarm?.incidents ?? [];
    if (alarm && worst) {
      const { t: words, text: wording } = say.current;
      if (say.current.heard) void voice.speak(() => chime(worst.severity === 'critical'));
      const title = words('notify-title', {
        cause: words(`cause.${worst.cause}`),
        subject: wording.subject(worst),
      });
      const many = alarm.incidents.length > 1;
      if (!soundOnly)
        void bridge.notify({
          title: title.slice(0, 200),
          body: many ? words('notify-many', { count: alarm.incidents.length }) : wording.reason(worst),
          tag: 'incidents',
          silent: true,
          opens: `/incidents?incident=${worst.id}`,
        });
    }
    const due = alarms.dueIn();
    if (due === null) return;
    const timer = setTimeout(() => again((turn) => turn + 1), due + 50);
    return () => clearTimeout(timer);
  });

  if (list === undefined || sound === 'off' || allowed !== 'forbidden') return null;
  return (
    <Tooltip label={t('sound-forbidden-why')} multiline maw={320}>
      <Button
        size="compact-sm"
        color="orange"
        variant="light"
        className={classes.forbidden}
        leftSection={<IconVolumeOff size={16} aria-hidden />}
        onClick={ask}
        aria-label={t('sound-forbidden')}
        data-testid="sound-forbidden"
      >
        {/* Short: the header's search gives way to whatever stands beside it. */}
        <span className={classes.forbiddenText}>{t('sound-allow')}</span>
      </Button>
    </Tooltip>
  );
}
