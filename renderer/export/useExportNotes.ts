import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isGoingOn, useExports } from './exports.ts';

/** Tells, on whatever screen one is, that an export that was going on has ended. */
export function useExportNotes(enabled: boolean): void {
  const { t } = useTranslation('export');
  const { data } = useExports(enabled);
  const going = useRef(new Set<string>());
  useEffect(() => {
    for (const item of data ?? []) {
      if (isGoingOn(item)) {
        going.current.add(item.id);
        continue;
      }
      if (!going.current.delete(item.id)) continue;
      if (item.state === 'done')
        notifications.show({ message: t('done-note'), title: item.cameras[0]?.name ?? '' });
      if (item.state === 'failed')
        notifications.show({ color: 'red', message: t('failed-note'), title: item.cameras[0]?.name ?? '' });
    }
  }, [data, t]);
}
