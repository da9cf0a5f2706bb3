import { Text, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEvent } from '../hub/EventsProvider.tsx';
import { useSession } from '../hub/session.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import classes from './Frame.module.css';

/** The hub's clock in the city's zone: footage and statuses are dated by it, not by this machine's. */
export function Clock() {
  const { t } = useTranslation();
  const format = useFormat();
  const { timeZone } = useSession().city;
  const now = useNow(500);
  const [ahead, setAhead] = useState(0);
  useEvent('pong', ({ at }) => setAhead(at - Date.now()));
  const at = now + ahead;
  return (
    <Tooltip label={t('frame.clock', { zone: timeZone, day: format.day(at) })}>
      <Text className={`tabular ${classes.clock}`} size="md" fw={600} component="time">
        {format.time(at)}
      </Text>
    </Tooltip>
  );
}
