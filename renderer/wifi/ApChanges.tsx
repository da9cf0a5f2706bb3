import { Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StatusChange } from '../../main/contract/health.ts';
import { StatusText } from '../ui/status.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { MoreButton } from './MoreButton.tsx';
import classes from './wifi.module.css';

const SHOWN = 8;

/** When the status changed, newest first. */
export function ApChanges({ changes }: { changes: readonly StatusChange[] }) {
  const { t } = useTranslation(['wifi', 'common']);
  const format = useFormat();
  const [all, setAll] = useState(false);
  return (
    <section>
      <Title order={2} size="h4" mb={6}>
        {t('card.changes')}
      </Title>
      {changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('card.no-changes')}
        </Text>
      ) : (
        changes.slice(0, all ? undefined : SHOWN).map(({ at, status, reason }) => (
          <div key={`${at} ${status}`} className={classes.change}>
            <time className="tabular" dateTime={new Date(at).toISOString()}>
              {format.dateTime(at)}
            </time>
            <div>
              <StatusText status={status} size={15} />
              {reason !== 'none' && (
                <Text size="xs" c="dimmed">
                  {t(`common:reason.${reason}`)}
                </Text>
              )}
            </div>
          </div>
        ))
      )}
      {!all && <MoreButton count={changes.length - SHOWN} onMore={() => setAll(true)} />}
    </section>
  );
}
