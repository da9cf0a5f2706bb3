import { Badge, Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Scope } from '../../main/contract/access.ts';
import type { MaintenanceWindow } from '../../main/contract/incidents.ts';
import { useAreas, useGroups } from '../hub/devices.ts';
import { useSession } from '../hub/session.tsx';
import { useDeviceNames } from '../hub/useDeviceNames.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import screen from '../ui/screen.module.css';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import classes from './incidents.module.css';
import { useMaintenance, useMaintenanceChanges } from './useIncidents.ts';

const COLORS = { running: 'blue', planned: 'gray', over: 'gray' } as const;

/** Work that goes on, is planned, or ended within a week. */
export function MaintenanceView() {
  const { t } = useTranslation('incidents');
  const windows = useMaintenance();
  if (windows.isPending) return <Loading />;
  if (windows.isError) return <ErrorState error={windows.error} retry={() => void windows.refetch()} />;
  if (windows.data.length === 0)
    return (
      <EmptyState icon={<IconTool size={26} />} title={t('work.none')}>
        {t('work.none-do')}
      </EmptyState>
    );
  return (
    <div className={`${screen.list} ${classes.list}`} data-testid="maintenance">
      {windows.data.map((window) => (
        <WindowCard key={window.id} window={window} />
      ))}
    </div>
  );
}

/** Where, by its name in the language shown. */
function useScopeText(deviceIds: readonly string[]): (scope: Scope) => string {
  const { t } = useTranslation('incidents');
  const { language } = useLanguage();
  const areas = useAreas();
  const groups = useGroups();
  const nameOf = useDeviceNames(deviceIds);
  return (scope) => {
    if (scope.type === 'city') return t('work.where.city');
    if (scope.type === 'device') return t('work.where.device', { name: nameOf(scope.id) });
    const area = areas.data?.find((one) => one.id === scope.id);
    const group = groups.data?.find((one) => one.id === scope.id);
    const name = (language === 'ru' ? area?.nameRu : area?.nameEn) ?? group?.name ?? scope.id;
    return t(`work.where.${scope.type}`, { name });
  };
}

function WindowCard({ window }: { window: MaintenanceWindow }) {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const errorText = useErrorText();
  const scopeText = useScopeText(window.scope.type === 'device' ? [window.scope.id] : []);
  const { can } = useSession();
  const { end } = useMaintenanceChanges();
  // What was just ended must not be said to go on.
  const now = useNow(1_000);
  const state = now >= window.until ? 'over' : now >= window.from ? 'running' : 'planned';
  return (
    <article className={`${screen.row} ${classes.window}`} data-testid="maintenance-window">
      <Badge variant="dot" color={COLORS[state]} tt="none">
        {t(`work.state.${state}`)}
      </Badge>
      <div>
        <Text size="sm" fw={600} className={screen.wrap}>
          {scopeText(window.scope)}
        </Text>
        <Text size="sm" className="tabular">
          {format.minute(window.from)} – {format.minute(window.until)}
        </Text>
      </div>
      <div className={screen.wrap}>
        <Text size="sm">{window.reason}</Text>
        <Text size="xs" c="dimmed">
          {t('work.by', { name: window.madeBy.name, time: format.minute(window.madeAt) })}
        </Text>
      </div>
      {can('incident.handle') && state !== 'over' && (
        <Button
          size="compact-sm"
          variant="default"
          loading={end.isPending}
          onClick={() =>
            end.mutate(window.id, {
              onSuccess: () => notifications.show({ message: t('work.ended') }),
              onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
            })
          }
        >
          {t(state === 'running' ? 'work.end' : 'work.cancel')}
        </Button>
      )}
    </article>
  );
}
