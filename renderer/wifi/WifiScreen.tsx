import { Group, SegmentedControl, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Redirect, useRoute, useSearchParams } from 'wouter';
import { RunScreen } from '../commands/RunScreen.tsx';
import { ErrorState, Loading } from '../ui/states.tsx';
import { ApList } from './ApList.tsx';
import { ApPage } from './ApPage.tsx';
import { ChannelPlan } from './ChannelPlan.tsx';
import { FleetView } from './FleetView.tsx';
import { useAccessPoints } from './useAccessPoints.ts';
import classes from './wifi.module.css';
import { apPath } from './wifi-address.ts';

/** The Wi-Fi desk: `/wifi` is the table of points, `/wifi/ID` the page of one, `/wifi/runs/ID` a run of commands. */
export default function WifiScreen() {
  const [onPage, params] = useRoute('/wifi/:id');
  const [onRun, run] = useRoute('/wifi/runs/:id');
  const [search] = useSearchParams();
  const linked = search.get('ap');
  if (onRun) return <RunScreen id={decodeURIComponent(run.id)} />;
  if (onPage) return <ApPage key={params.id} id={decodeURIComponent(params.id)} />;
  // Links that were saved before each point had a page.
  if (linked) return <Redirect to={apPath(linked)} replace />;
  return <Desk />;
}

const VIEWS = ['points', 'channels', 'fleet'] as const;
type View = (typeof VIEWS)[number];
const viewOf = (text: string | null): View => VIEWS.find((one) => one === text) ?? 'points';

function Desk() {
  const { t } = useTranslation('wifi');
  const [search, setSearch] = useSearchParams();
  const view = viewOf(search.get('view'));
  const points = useAccessPoints();
  const { query } = points;
  if (query.isPending) return <Loading />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return (
    <div className={classes.screen}>
      <Group gap="sm">
        <Title order={1} size="h3">
          {t('title')}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t('title')}
          data={VIEWS.map((value) => ({ value, label: t(`view.${value}`) }))}
          value={view}
          onChange={(value) => setSearch(value === 'points' ? {} : { view: value })}
        />
      </Group>
      {view === 'points' && <ApList points={points} />}
      {view === 'channels' && <ChannelPlan rows={points.rows} areas={points.areas ?? []} />}
      {view === 'fleet' && <FleetView rows={points.rows} />}
    </div>
  );
}
