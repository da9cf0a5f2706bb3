import { Text, Tooltip } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEvent } from '../hub/EventsProvider.tsx';
import { useSession } from '../hub/session.tsx';
import { offsetLabel } from '../time/city-time.ts';
import { cityZone } from '../time/city-zone.ts';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import classes from './Frame.module.css';

const ownZone = cityZone(new Intl.DateTimeFormat().resolvedOptions().timeZone);

/** The hub's clock in the city's zone: footage and statuses are dated by it, not by this machine's. */
export function Clock() {
  const { t } = useTranslation();
  const format = useFormat();
  const { timeZone } = useSession().city;
  const zone = useMemo(() => cityZone(timeZone), [timeZone]);
  const now = useNow(500);
  const [ahead, setAhead] = useState(0);
  useEvent('pong', ({ at }) => setAhead(at - Date.now()));
  const at = now + ahead;
  // Whoever sits in another zone must see that this is not the time on his wrist.
  const offset = zone.offsetAt(at);
  const elsewhere = offset !== ownZone.offsetAt(at);
  return (
    <Tooltip label={t('frame.clock', { zone: timeZone, day: format.day(at) })}>
      <Text className={`tabular ${classes.clock}`} size="md" fw={600} component="time">
        {format.time(at)}
        {elsewhere && <span className={classes.offset}>{offsetLabel(offset)}</span>}
      </Text>
    </Tooltip>
  );
}
