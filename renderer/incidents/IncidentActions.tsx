import { Button, Group, Text, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBell, IconCheck, IconHandStop, IconUserOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../main/contract/incidents.ts';
import { useSession } from '../hub/session.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useNow } from '../ui/useNow.ts';
import { MuteMenu, type MuteMenuProps } from './MuteMenu.tsx';
import { type Handled, useHandleIncident } from './useIncidents.ts';

interface IncidentActionsProps extends Pick<MuteMenuProps, 'choosing' | 'setChoosing'> {
  incident: Incident;
}

/** What one may do about an incident now. The hub decides again. */
export function IncidentActions({ incident, ...dialog }: IncidentActionsProps) {
  const { t } = useTranslation('incidents');
  const errorText = useErrorText();
  const { can, person } = useSession();
  const now = useNow(30_000);
  const handle = useHandleIncident();
  if (incident.resolvedAt !== null) return null;
  if (!can('incident.handle') || incident.subject.kind === 'upstream')
    return (
      <Text size="sm" c="dimmed" data-testid="incident-not-yours">
        {t('look-only')}
      </Text>
    );
  const mine = incident.taken?.personId === person.id;
  const muted = incident.mutedUntil !== null && incident.mutedUntil > now;
  const act = (action: Handled['action'], body?: Handled['body']) =>
    handle.mutate(
      { incidentId: incident.id, action, ...(body ? { body } : {}) },
      { onError: (error) => notifications.show({ color: 'red', message: errorText(error) }) },
    );
  return (
    <Group gap={8}>
      {!incident.taken && (
        <Button
          size="xs"
          leftSection={<IconHandStop size={15} aria-hidden />}
          onClick={() => act('take')}
          data-testid="incident-take"
        >
          {t('take')}
        </Button>
      )}
      {mine && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconUserOff size={15} aria-hidden />}
          onClick={() => act('release')}
        >
          {t('release')}
        </Button>
      )}
      {muted ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBell size={15} aria-hidden />}
          onClick={() => act('unmute')}
        >
          {t('unmute')}
        </Button>
      ) : (
        <MuteMenu {...dialog} onMute={(until) => act('mute', { until })} />
      )}
      <Tooltip label={t('resolve-active')} disabled={incident.clearedAt !== null}>
        <Button
          size="xs"
          variant={incident.clearedAt === null ? 'default' : 'light'}
          color="teal"
          data-disabled={incident.clearedAt === null || undefined}
          aria-disabled={incident.clearedAt === null}
          leftSection={<IconCheck size={15} aria-hidden />}
          onClick={() => incident.clearedAt !== null && act('resolve')}
          data-testid="incident-resolve"
        >
          {t('resolve')}
        </Button>
      </Tooltip>
    </Group>
  );
}
