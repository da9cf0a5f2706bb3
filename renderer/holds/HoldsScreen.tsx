import { Button, SegmentedControl, Select, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconClockShield } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { type Hold, type HoldFilter, HoldFilters } from '../../main/contract/holds.ts';
import { useSession } from '../hub/session.tsx';
import { useDeviceNames } from '../hub/useDeviceNames.ts';
import screen from '../ui/screen.module.css';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { EndHoldDialog } from './EndHoldDialog.tsx';
import { HoldCard } from './HoldCard.tsx';
import { HoldQuotaText } from './HoldQuotaText.tsx';
import classes from './holds.module.css';
import { ProlongDialog } from './ProlongDialog.tsx';
import { useHolds } from './useHolds.ts';

/** Footage kept from deletion: `/holds?camera=ID` shows that of one camera. */
export default function HoldsScreen() {
  const { t } = useTranslation('holds');
  const { can } = useSession();
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const [search, setSearch] = useSearchParams();
  const camera = search.get('camera') ?? '';
  const [filter, setFilter] = useState<HoldFilter>('open');
  const [ending, setEnding] = useState<Hold | null>(null);
  const [prolonging, setProlonging] = useState<Hold | null>(null);
  const found = useHolds(filter, camera);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const waiting = useHolds('to-approve', camera).data?.pages[0]?.items.length ?? 0;
  const nameOf = useDeviceNames(
    [...new Set([camera, ...items.flatMap((hold) => hold.cameraIds)])].filter(Boolean),
  );
  const choices = HoldFilters.map((value) => ({
    value,
    label:
      value === 'to-approve' && waiting > 0
        ? t('filter.to-approve-count', { count: waiting })
        : t(`filter.${value}`),
  }));
  return (
    <div className={screen.screen}>
      <div className={screen.bar}>
        <Title order={1} size="h3">
          {t('title')}
        </Title>
        {narrow ? (
          <Select
            aria-label={t('filter.label')}
            data={choices}
            value={filter}
            onChange={(value) => setFilter(HoldFilters.find((one) => one === value) ?? 'open')}
            allowDeselect={false}
          />
        ) : (
          <SegmentedControl
            aria-label={t('filter.label')}
            data={choices}
            value={filter}
            onChange={setFilter}
          />
        )}
        {camera !== '' && (
          <Button size="compact-sm" variant="default" onClick={() => setSearch({})}>
            {t('filter.camera', { name: nameOf(camera) })}
          </Button>
        )}
        {(can('video.archive') || can('system.configure')) && <HoldQuotaText />}
      </div>
      {found.isPending ? (
        <Loading />
      ) : found.isError && items.length === 0 ? (
        <ErrorState error={found.error} retry={() => void found.refetch()} />
      ) : items.length === 0 ? (
        <EmptyState icon={<IconClockShield size={26} />} title={t(`none.${filter}`)}>
          {t(filter === 'open' || filter === 'mine' ? 'none-do' : 'none-other')}
        </EmptyState>
      ) : (
        <div className={`${screen.list} ${classes.list}`} data-testid="holds">
          {items.map((hold) => (
            <HoldCard
              key={hold.id}
              hold={hold}
              nameOf={nameOf}
              onEnd={() => setEnding(hold)}
              onProlong={() => setProlonging(hold)}
            />
          ))}
          {found.hasNextPage && (
            <Button
              size="xs"
              variant="default"
              loading={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              {t('more')}
            </Button>
          )}
        </div>
      )}
      {ending && <EndHoldDialog hold={ending} nameOf={nameOf} onClose={() => setEnding(null)} />}
      {prolonging && <ProlongDialog hold={prolonging} nameOf={nameOf} onClose={() => setProlonging(null)} />}
    </div>
  );
}
