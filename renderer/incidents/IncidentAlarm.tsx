import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '../ui/native.tsx';
import { useStored } from '../ui/useStored.ts';
import { createAlarms } from './alarm.ts';
import { chime } from './chime.ts';
import { useOpenIncidents } from './useIncidents.ts';
import { useIncidentText } from './useIncidentText.ts';

/** Where the choice is kept: sound is on unless switched off on this machine. */
export const SOUND_KEY = 'kalancha.incident-sound';

/** Tells of new incidents by sound and notification, wherever in the console the person is. Shows nothing. */
export function IncidentAlarm() {
  const { t } = useTranslation('incidents');
  const bridge = useBridge();
  const open = useOpenIncidents();
  const text = useIncidentText();
  const [sound] = useStored(SOUND_KEY);
  const [alarms] = useState(() => createAlarms(Date.now));
  const [, again] = useState(0);
  const list = open.data?.items;
  const say = useRef({ t, text, sound });
  say.current = { t, text, sound };

  // Runs at each answer, and when what had to wait is due.
  useEffect(() => {
    if (!list) return;
    const alarm = alarms.take(list);
    const [worst] = alarm?.incidents ?? [];
    if (alarm && worst) {
      const { t: words, text: wording, sound: choice } = say.current;
      if (choice !== 'off') chime(worst.severity === 'critical');
      const title = words('notify-title', {
        cause: words(`cause.${worst.cause}`),
        subject: wording.subject(worst),
      });
      const many = alarm.incidents.length > 1;
      void bridge.notify({
        title: title.slice(0, 200),
        body: many ? words('notify-many', { count: alarm.incidents.length }) : wording.reason(worst),
        tag: 'incidents',
        silent: true,
      });
    }
    const due = alarms.dueIn();
    if (due === null) return;
    const timer = setTimeout(() => again((turn) => turn + 1), due + 50);
    return () => clearTimeout(timer);
  });

  return null;
}
