import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupState } from '../player/group-state.ts';
import { useFormat } from '../ui/useFormat.ts';
import classes from './archive.module.css';

const SHOWN_MS = 8_000;

/** What just happened to the time: a gap was passed over, the archive went over into live. */
export function ArchiveNotice({ state }: { state: GroupState }) {
  const { t } = useTranslation(['player', 'archive']);
  const format = useFormat();
  const { skipped, notice } = state;
  const [gone, setGone] = useState<unknown>(null);
  const shown = notice ?? skipped;
  useEffect(() => {
    if (shown === null) {
      // The same may happen once more, and is told once more.
      setGone(null);
      return;
    }
    const timer = setTimeout(() => setGone(shown), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  if (shown === null || shown === gone) return null;
  return (
    <Text className={classes.notice} role="status" data-testid={notice ?? 'skipped'}>
      {notice
        ? t(notice)
        : skipped &&
          t('skipped', {
            from: format.time(skipped.from),
            to: format.time(skipped.to),
            duration: format.duration(Math.round((skipped.to - skipped.from) / 1000) * 1000),
            reason: skipped.reason ? t(`archive:gap-why.${skipped.reason}`) : '',
            context: skipped.reason ? 'why' : '',
          })}
    </Text>
  );
}
