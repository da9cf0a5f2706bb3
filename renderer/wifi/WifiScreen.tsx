import { Button, Group, Select, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { useDebouncedValue, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconDownload, IconSearch, IconWifi } from '@tabler/icons-react';
import type { SortingState } from '@tanstack/react-table';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import type { HealthStatus } from '../../main/contract/health.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { useSaveFile } from '../ui/native.tsx';
import { EmptyState, ErrorState, Loading } from '../ui/states.tsx';
import { statusIcons, useStatusColor } from '../ui/status.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { ApDrawer } from './ApDrawer.tsx';
import { ApTable } from './ApTable.tsx';
import { areaOptions } from './area-options.ts';
import { ColumnMenu } from './ColumnMenu.tsx';
import { type ColumnId, isColumnId, shownColumns } from './columns.tsx';
import { toCsv } from './csv.ts';
import { type ApRow, filterRows, noFilter, summarise } from './rows.ts';
import { useAccessPoints } from './useAccessPoints.ts';
import classes from './wifi.module.css';

/** The worst first, and of those the newest: what a technician should see when the screen opens. */
const FIRST_SORTING: SortingState = [
  { id: 'status', desc: false },
  { id: 'since', desc: true },
];

/** All access points: the technician's working day. */
export default function WifiScreen() {
  const { t } = useTranslation(['wifi', 'common']);
  const { language } = useLanguage();
  const format = useFormat();
  const [search, setSearch] = useSearchParams();
  const openId = search.get('ap') ?? '';
  const { query, rows, areas } = useAccessPoints();
  const [filter, setFilter] = useState(noFilter);
  const [text] = useDebouncedValue(filter.text, 120);
  const [sorting, setSorting] = useState<SortingState>(FIRST_SORTING);
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const [stored, setStored] = useLocalStorage<string[] | null>({
    key: 'kalancha.wifi.columns',
    defaultValue: null,
  });
  const chosen = useMemo<ColumnId[] | null>(() => stored?.filter(isColumnId) ?? null, [stored]);
  const columns = useMemo(() => shownColumns(chosen, narrow), [chosen, narrow]);
  const summary = useMemo(() => summarise(rows), [rows]);
  const fitting = useMemo(() => filterRows(rows, { ...filter, text }), [rows, filter, text]);
  const words = useMemo(() => ({ t, format }), [t, format]);
  const sorted = useRef<readonly ApRow[]>([]);
  const keepSorted = useCallback((next: readonly ApRow[]) => {
    sorted.current = next;
  }, []);

  const open = (id: string | null) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (id) next.set('ap', id);
      else next.delete('ap');
      return next;
    });
  const toggleStatus = (status: HealthStatus) =>
    setFilter((before) => ({
      ...before,
      statuses: before.statuses.includes(status)
        ? before.statuses.filter((one) => one !== status)
        : [...before.statuses, status],
    }));
  const saveFile = useSaveFile();
  const exportCsv = () => {
    const csv = toCsv(
      columns.map(({ id }) => t(`column.${id}`)),
      sorted.current.map((row) =>
        columns.map(({ csv, key }) => (csv ? csv(row, words) : (key(row) ?? null))),
      ),
      language,
    );
    void saveFile(new Blob([csv], { type: 'text/csv;charset=utf-8' }), 'access-points.csv');
  };

  if (query.isPending) return <Loading />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const filtered = filter.text !== '' || filter.statuses.length > 0 || filter.areaId !== '';
  return (
    <div className={classes.screen}>
      <Group justify="space-between" gap="xs">
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <Text size="sm" c="dimmed" className="tabular" data-testid="ap-count">
          {t('shown', { count: fitting.length })} · {t('clients-total', { count: summary.clients })}
        </Text>
      </Group>
      {rows.length === 0 ? (
        <EmptyState icon={<IconWifi size={26} />} title={t('none')}>
          {t('none-do')}
        </EmptyState>
      ) : (
        <>
          <fieldset className={classes.tools} style={{ border: 0, margin: 0, padding: 0 }}>
            <legend style={{ position: 'absolute', clipPath: 'inset(50%)' }}>{t('by-status')}</legend>
            {summary.statuses.map(({ status, count }) => (
              <StatusChip
                key={status}
                status={status}
                count={format.number(count)}
                on={filter.statuses.includes(status)}
                onToggle={() => toggleStatus(status)}
              />
            ))}
          </fieldset>
          <div className={classes.tools}>
            <TextInput
              aria-label={t('common:search')}
              placeholder={t('search')}
              leftSection={<IconSearch size={16} aria-hidden />}
              value={filter.text}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setFilter((before) => ({ ...before, text: value }));
              }}
              style={{ flex: '2 1 220px' }}
              data-testid="ap-search"
            />
            <Select
              aria-label={t('district')}
              placeholder={t('all-districts')}
              data={areaOptions(areas ?? [], language)}
              value={filter.areaId || null}
              onChange={(areaId) => setFilter((before) => ({ ...before, areaId: areaId ?? '' }))}
              searchable
              clearable
              style={{ flex: '1 1 180px', maxWidth: 260 }}
            />
            <ColumnMenu shown={columns.map(({ id }) => id)} onChange={setStored} />
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={exportCsv}
            >
              {t('csv')}
            </Button>
            {filtered && (
              <Button variant="subtle" onClick={() => setFilter(noFilter)}>
                {t('reset')}
              </Button>
            )}
          </div>
          {fitting.length === 0 ? (
            <EmptyState icon={<IconSearch size={26} />} title={t('nothing')}>
              {t('nothing-do')}
            </EmptyState>
          ) : (
            <ApTable
              rows={fitting}
              columns={columns}
              sorting={sorting}
              onSorting={setSorting}
              words={words}
              openId={openId}
              onOpen={open}
              onSorted={keepSorted}
            />
          )}
        </>
      )}
      <ApDrawer id={openId} onClose={() => open(null)} />
    </div>
  );
}

interface StatusChipProps {
  status: HealthStatus;
  count: string;
  on: boolean;
  onToggle: () => void;
}

function StatusChip({ status, count, on, onToggle }: StatusChipProps) {
  const { t } = useTranslation();
  const color = useStatusColor();
  const Icon = statusIcons[status];
  return (
    <UnstyledButton
      className={classes.chip}
      aria-pressed={on}
      onClick={onToggle}
      data-testid={`ap-status-${status}`}
    >
      <Icon size={15} color={color(status)} aria-hidden />
      <span>{t(`status.${status}`)}</span>
      <b className="tabular">{count}</b>
    </UnstyledButton>
  );
}
