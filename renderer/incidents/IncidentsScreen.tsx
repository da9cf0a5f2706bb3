import { Button, Group, SegmentedControl, Select, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconTool } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { DeviceKind } from '../../main/contract/device.ts';
import type { Incident } from '../../main/contract/incidents.ts';
import { useSession } from '../hub/session.tsx';
import screen from '../ui/screen.module.css';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { useNow } from '../ui/useNow.ts';
import { IncidentDrawer } from './IncidentDrawer.tsx';
import { IncidentRow } from './IncidentRow.tsx';
import classes from './incidents.module.css';
import { MaintenanceDialog } from './MaintenanceDialog.tsx';
import { MaintenanceView } from './MaintenanceView.tsx';
import { SoundSwitch } from './SoundSwitch.tsx';
import { isUntaken } from './untaken.ts';
import { useIncidentKind } from './useIncidentKind.ts';
import { useOpenIncidents, useResolvedIncidents } from './useIncidents.ts';

const VIEWS = ['open', 'resolved', 'maintenance'] as const;
type View = (typeof VIEWS)[number];
const viewOf = (text: string | null): View => VIEWS.find((one) => one === text) ?? 'open';

const SHOWS = ['all', 'untaken', 'mine'] as const;
type Show = (typeof SHOWS)[number];

/** What is wrong, since when, who has it: `/incidents?incident=ID` opens one. */
export default function IncidentsScreen() {
  const { t } = useTranslation(['incidents', 'common']);
  const { can } = useSession();
  const [search, setSearch] = useSearchParams();
  const [announcing, setAnnouncing] = useState(false);
  const [kind, setKind] = useIncidentKind();
  const view = viewOf(search.get('view'));
  const opened = search.get('incident');
  const go = (nextView: View, incident: string | null) =>
    setSearch({
      ...(nextView === 'open' ? {} : { view: nextView }),
      ...(incident === null ? {} : { incident }),
    });
  return (
    <div className={screen.screen}>
      <div className={screen.bar}>
        <Title order={1} size="h3">
          {t('title')}
        </Title>
        <SegmentedControl
          aria-label={t('title')}
          size="xs"
          data={VIEWS.map((value) => ({ value, label: t(value) }))}
          value={view}
          onChange={(value) => go(viewOf(value), null)}
        />
        {view !== 'maintenance' && (
          <Select
            size="xs"
            aria-label={t('kind')}
            placeholder={t('all-kinds')}
            data={DeviceKind.options.map((value) => ({ value, label: t(`common:kinds.${value}`) }))}
            value={kind}
            onChange={(text) => setKind(DeviceKind.safeParse(text).data ?? null)}
            clearable
            className={classes.kind}
            data-testid="incidents-kind"
          />
        )}
        <span className={classes.spring} />
        <SoundSwitch />
        {can('incident.handle') && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTool size={15} aria-hidden />}
            onClick={() => setAnnouncing(true)}
            data-testid="maintenance-add"
          >
            {t('work.add')}
          </Button>
        )}
      </div>
      {view === 'open' && <OpenList kind={kind} current={opened} onOpen={(id) => go('open', id)} />}
      {view === 'resolved' && (
        <ResolvedList kind={kind} current={opened} onOpen={(id) => go('resolved', id)} />
      )}
      {view === 'maintenance' && <MaintenanceView />}
      <IncidentDrawer incidentId={opened} onClose={() => go(view, null)} />
      {announcing && <MaintenanceDialog onClose={() => setAnnouncing(false)} />}
    </div>
  );
}

interface ListProps {
  current: string | null;
  onOpen: (incidentId: string) => void;
}

interface KindProps {
  /** Only those that concern such devices; null for all. */
  kind: DeviceKind | null;
}

function OpenList({ kind, ...props }: ListProps & KindProps) {
  const { t } = useTranslation(['incidents', 'common']);
  const { person } = useSession();
  const open = useOpenIncidents(kind);
  const [show, setShow] = useState<Show>('all');
  const now = useNow(30_000);
  const filters: Record<Show, (incident: Incident) => boolean> = {
    all: () => true,
    untaken: (incident) => isUntaken(incident, now),
    mine: ({ taken }) => taken?.personId === person.id,
  };
  if (open.isPending) return <Loading />;
  if (open.isError && !open.data) return <ErrorState error={open.error} retry={() => void open.refetch()} />;
  const { items, more } = open.data;
  if (items.length === 0)
    return (
      <EmptyState icon={<IconCircleCheck size={26} />} title={kind ? t('none-kind') : t('none')}>
        {kind ? t('none-kind-do', { kind: t(`common:kinds.${kind}`) }) : t('none-do')}
      </EmptyState>
    );
  const shown = items.filter(filters[show]);
  return (
    <>
      <Group gap={6} role="group" aria-label={t('show.label')}>
        {SHOWS.map((one) => (
          <Button
            key={one}
            size="compact-sm"
            radius="xl"
            variant={one === show ? 'filled' : 'default'}
            aria-pressed={one === show}
            onClick={() => setShow(one)}
            data-testid={`incidents-${one}`}
          >
            {t(`show.${one}`, { count: items.filter(filters[one]).length })}
          </Button>
        ))}
      </Group>
      {shown.length === 0 && <EmptyState icon={<IconCircleCheck size={26} />} title={t(`none-${show}`)} />}
      <Rows {...props} items={shown} />
      {more && (
        <Text size="xs" c="dimmed">
          {t('more', { count: items.length })}
        </Text>
      )}
    </>
  );
}

function ResolvedList({ kind, ...props }: ListProps & KindProps) {
  const { t } = useTranslation('incidents');
  const found = useResolvedIncidents(kind);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isPending) return <Loading />;
  if (found.isError && items.length === 0)
    return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  if (items.length === 0 && !found.hasNextPage)
    return (
      <EmptyState
        icon={<IconCircleCheck size={26} />}
        title={t(kind ? 'none-resolved-kind' : 'none-resolved')}
      />
    );
  return (
    <>
      <Rows {...props} items={items} />
      {found.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t('older')}
        </Button>
      )}
    </>
  );
}

const Rows = ({ items, current, onOpen }: ListProps & { items: readonly Incident[] }) => (
  <div className={`${screen.list} ${classes.list}`} data-testid="incidents">
    {items.map((incident) => (
      <IncidentRow
        key={incident.id}
        incident={incident}
        current={incident.id === current}
        onOpen={() => onOpen(incident.id)}
      />
    ))}
  </div>
);
