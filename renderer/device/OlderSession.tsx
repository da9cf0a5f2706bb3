import { Alert } from '@mantine/core';
import { IconHistoryToggle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth } from '../../main/contract/health.ts';

/** Says that the device is heard, but in a session that is over: nothing of it counts. */
export function OlderSession({ health }: { health: Pick<DeviceHealth, 'session' | 'olderSession'> }) {
  const { t } = useTranslation();
  if (health.olderSession === null) return null;
  return (
    <Alert color="yellow" icon={<IconHistoryToggle size={18} />} p="xs" data-testid="older-session">
      {t('older-session', { session: health.olderSession, live: health.session })}
    </Alert>
  );
}
