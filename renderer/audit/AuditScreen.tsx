import { Button, Group, Text, Title, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconListDetails, IconRefresh } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../main/contract/audit.ts';
import { useSession } from '../hub/session.tsx';
import { cityZone } from '../time/city-zone.ts';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { AuditFilters } from './AuditFilters.tsx';
import { AuditTable } from './AuditTable.tsx';
import classes from './audit.module.css';
import { askOf, noFilter } from './audit-filter.ts';
import { ChainState } from './ChainState.tsx';
import { EntryDrawer } from './EntryDrawer.tsx';
import { useAuditEntries, useAuditExport } from './useAudit.ts';

/** Who did what, when and on what basis; and whether the record is whole. */
export default function AuditScreen() {
  const { t } = useTranslation(['audit', 'common']);
  const { city } = useSession();
  const errorText = useErrorText();
  const zone = useMemo(() => cityZone(city.timeZone), [city.timeZone]);
  const [filter, setFilter] = useState(noFilter);
  const [settled] = useDebouncedValue(filter, 400);
  const { ask, unclear } = useMemo(() => askOf(settled, zone), [settled, zone]);
  const entries = useAuditEntries(ask);
  const exporting = useAuditExport();
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const items = useMemo(() => entries.data?.pages.flatMap((page) => page.items) ?? [], [entries.data]);
  const total = entries.data?.pages[0]?.total ?? 0;
  return (
    <div className={classes.screen}>
      <Group justify="space-between" gap="xs">
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <Group gap={8}>
          {entries.data && (
            <Text size="sm" c="dimmed" className="tabular">
              {t('total', { count: total })}
            </Text>
          )}
          <Button
            variant="default"
            size="xs"
            leftSection={<IconRefresh size={15} aria-hidden />}
            loading={entries.isRefetching && !entries.isFetchingNextPage}
            onClick={() => void entries.refetch()}
          >
            {t('refresh')}
          </Button>
          <Tooltip label={t('export-hint')} multiline maw={280}>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={15} aria-hidden />}
              loading={exporting.isPending}
              onClick={() =>
                exporting.mutate(ask, {
                  onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
                })
              }
            >
              {t('export')}
            </Button>
          </Tooltip>
        </Group>
      </Group>
      <ChainState />
      <AuditFilters filter={filter} onChange={setFilter} unclear={unclear} seen={items} />
      {entries.isPending ? (
        <Loading />
      ) : entries.isError && items.length === 0 ? (
        <ErrorState error={entries.error} retry={() => void entries.refetch()} />
      ) : items.length === 0 ? (
        <EmptyState icon={<IconListDetails size={26} />} title={t('none')}>
          {t('none-do')}
        </EmptyState>
      ) : (
        <AuditTable
          items={items}
          more={
            entries.hasNextPage
              ? { loading: entries.isFetchingNextPage, load: () => void entries.fetchNextPage() }
              : null
          }
          onOpen={setOpen}
        />
      )}
      <EntryDrawer
        entry={open}
        onClose={() => setOpen(null)}
        onPerson={(personId) => setFilter({ ...noFilter, personId })}
        onSubject={(subject) => setFilter({ ...noFilter, subject })}
      />
    </div>
  );
}
