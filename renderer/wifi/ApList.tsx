import { Button, Pill, Select, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedCallback, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconDownload, IconSearch, IconWifi } from '@tabler/icons-react';
import type { SortingState } from '@tanstack/react-table';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { HealthStatus } from '../../main/contract/health.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { useSaveFile } from '../ui/native.tsx';
import { EmptyState } from '../ui/states.tsx';
import { statusIcons, useStatusColor } from '../ui/status.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { ApTable } from './ApTable.tsx';
import { areaOptions } from './area-options.ts';
import { ColumnMenu } from './ColumnMenu.tsx';
import { type ColumnId, isColumnId, shownColumns } from './columns.tsx';
import { toCsv } from './csv.ts';
import { type ApRow, filterRows, noFilter, summarise } from './rows.ts';
import type { useAccessPoints } from './useAccessPoints.ts';
import { searchOf, useApFilter } from './useApFilter.ts';
import classes from './wifi.module.css';
import { apPath } from './wifi-address.ts';

/** The worst first, and of those the newest: what a technician should see when the screen opens. */
const FIRST_SORTING: SortingState = [
  { id: 'status', desc: false },
  { id: 'since', desc: true },
];

/** The table of all access points: the technician's working day. */
export function ApList({ points }: { points: ReturnType<typeof useAccessPoints> }) {
  const { t } = useTranslation(['wifi', 'common']);
  const { language } = useLanguage();
  const format = useFormat();
  const [, go] = useLocation();
  const { rows, areas } = points;
  const [filter, setFilter] = useApFilter();
  const [typed, setTyped] = useState(filter.text);
  const search = useDebouncedCallback((text: string) => setFilter({ ...filter, text }), 150);
  const [sorting, setSorting] = useState<SortingState>(FIRST_SORTING);
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const [stored, setStored] = useLocalStorage<string[] | null>({
    key: 'kalancha.wifi.columns',
    defaultValue: null,
  });
  const chosen = useMemo<ColumnId[] | null>(() => stored?.filter(isColumnId) ?? null, [stored]);
  const columns = useMemo(() => shownColumns(chosen, narrow), [chosen, narrow]);
  const summary = useMemo(() => summarise(rows), [rows]);
  const fitting = useMemo(() => filterRows(rows, filter), [rows, filter]);
  const words = useMemo(() => ({ t, format }), [t, format]);
  const sorted = useRef<readonly ApRow[]>([]);
  const keepSorted = useCallback((next: readonly ApRow[]) => {
    sorted.current = next;
  }, []);

  const toggleStatus = (status: HealthStatus) =>
    setFilter({
      ...filter,
      statuses: filter.statuses.includes(status)
        ? filter.statuses.filter((one) => one !== status)
        : [...filter.statuses, status],
    });
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

  if (rows.length === 0)
    return (
      <EmptyState icon={<IconWifi size={26} />} title={t('none')}>
        {t('none-do')}
      </EmptyState>
    );
  const { firmware, configId } = filter;
  const filtered = searchOf(filter).size > 0;
  return (
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
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            search(event.currentTarget.value);
          }}
          style={{ flex: '2 1 220px' }}
          data-testid="ap-search"
        />
        <Select
          aria-label={t('district')}
          placeholder={t('all-districts')}
          data={areaOptions(areas ?? [], language)}
          value={filter.areaId || null}
          onChange={(areaId) => setFilter({ ...filter, areaId: areaId ?? '' })}
          searchable
          clearable
          style={{ flex: '1 1 180px', maxWidth: 260 }}
        />
        <ColumnMenu shown={columns.map(({ id }) => id)} onChange={setStored} />
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={exportCsv}>
          {t('csv')}
        </Button>
        {filtered && (
          <Button
            variant="subtle"
            onClick={() => {
              setTyped('');
              setFilter(noFilter);
            }}
          >
            {t('reset')}
          </Button>
        )}
        {firmware !== null && (
          <Pill withRemoveButton onRemove={() => setFilter({ ...filter, firmware: null })}>
            {t('of-firmware', { version: firmware || t('untold') })}
          </Pill>
        )}
        {configId !== null && (
          <Pill withRemoveButton onRemove={() => setFilter({ ...filter, configId: null })}>
            {t('of-config', { version: configId || t('untold') })}
          </Pill>
        )}
        <Text size="sm" c="dimmed" className="tabular" data-testid="ap-count">
          {t('shown', { count: fitting.length })} · {t('clients-total', { count: summary.clients })}
        </Text>
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
          onOpen={(id) => go(apPath(id), { state: { list: searchOf(filter).toString() } })}
          onSorted={keepSorted}
        />
      )}
    </>
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
