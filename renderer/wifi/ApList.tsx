import { Button, Pill, Select, Text, TextInput, useComputedColorScheme } from '@mantine/core';
import { useDebouncedCallback, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconDownload, IconSearch, IconWifi } from '@tabler/icons-react';
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useLanguage } from '../i18n/useLanguage.ts';
import { EmptyState } from '../ui/states.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import { ApTable } from './ApTable.tsx';
import { areaOptions } from './area-options.ts';
import { ColumnMenu } from './ColumnMenu.tsx';
import { type ColumnId, isColumnId, shownColumns } from './columns.tsx';
import { type ApRow, filterRows, noFilter, summarise } from './rows.ts';
import { SelectionBar } from './SelectionBar.tsx';
import { StatusChips } from './StatusChips.tsx';
import { withSelected } from './selection.ts';
import { createRowSorter, type Sorting } from './sort-rows.ts';
import { ToolButton } from './ToolButton.tsx';
import type { useAccessPoints } from './useAccessPoints.ts';
import { useApCsv } from './useApCsv.ts';
import { searchOf, useApFilter } from './useApFilter.ts';
import { useRoom } from './useRoom.ts';
import classes from './wifi.module.css';
import { apPath } from './wifi-address.ts';

/** The worst first, and of those the newest: what a technician should see when the screen opens. */
const FIRST_SORTING: Sorting = [
  { id: 'status', desc: false },
  { id: 'since', desc: true },
];

/** How often rows say anew how long ago things were. */
const SAID_AGAIN_MS = 10_000;
const nothing: ReadonlySet<string> = new Set();

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
  const [sorting, setSorting] = useState<Sorting>(FIRST_SORTING);
  const [sort] = useState(createRowSorter);
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const [stored, setStored] = useLocalStorage<string[] | null>({
    key: 'kalancha.wifi.columns',
    defaultValue: null,
  });
  const chosen = useMemo<ColumnId[] | null>(() => stored?.filter(isColumnId) ?? null, [stored]);
  const [tools, room] = useRoom();
  const columns = useMemo(() => shownColumns(chosen, narrow, room), [chosen, narrow, room]);
  const { statuses } = useMemo(() => summarise(rows), [rows]);
  // Typing comes first, the table follows.
  const wanted = useDeferredValue(filter);
  const fitting = useMemo(() => filterRows(rows, wanted), [rows, wanted]);
  const now = useNow(SAID_AGAIN_MS);
  const scheme = useComputedColorScheme('dark');
  const words = useMemo(() => ({ t, format, now, scheme }), [t, format, now, scheme]);
  const sorted = useRef<readonly ApRow[]>([]);
  const keepSorted = useCallback((next: readonly ApRow[]) => {
    sorted.current = next;
  }, []);

  const { clients } = useMemo(() => summarise(fitting), [fitting]);
  const saveCsv = useApCsv(columns, words);
  const [selected, setSelected] = useState<ReadonlySet<string>>(nothing);
  const select = useCallback(
    (ids: readonly string[], on: boolean) => setSelected((before) => withSelected(before, ids, on)),
    [],
  );
  const chosenRows = useMemo(
    () => (selected.size === 0 ? [] : rows.filter(({ id }) => selected.has(id))),
    [rows, selected],
  );
  const hidden = useMemo(() => {
    if (selected.size === 0) return 0;
    const shown = new Set(fitting.map(({ id }) => id));
    return chosenRows.filter(({ id }) => !shown.has(id)).length;
  }, [selected, chosenRows, fitting]);
  const list = searchOf(filter).toString();
  const open = useCallback((id: string) => go(apPath(id), { state: { list } }), [go, list]);

  if (rows.length === 0)
    return (
      <EmptyState icon={<IconWifi size={26} />} title={t('none')}>
        {t('none-do')}
      </EmptyState>
    );
  const { firmware, configId } = filter;
  const filtered = list !== '';
  return (
    <>
      <StatusChips
        statuses={statuses}
        chosen={filter.statuses}
        onChange={(statuses) => setFilter({ ...filter, statuses })}
      />
      <div ref={tools} className={classes.tools}>
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
        <ToolButton
          name={t('csv')}
          icon={<IconDownload size={16} aria-hidden />}
          bare={narrow}
          variant="default"
          onClick={() => void saveCsv(sorted.current)}
        />
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
          {t('shown', { count: fitting.length })} · {t('clients-total', { count: clients })}
        </Text>
      </div>
      {chosenRows.length > 0 && (
        <SelectionBar
          rows={chosenRows}
          hidden={hidden}
          narrow={narrow}
          onCsv={() => void saveCsv(sort(chosenRows, sorting))}
          onClear={() => setSelected(nothing)}
        />
      )}
      {fitting.length === 0 ? (
        <EmptyState icon={<IconSearch size={26} />} title={t('nothing')}>
          {t('nothing-do')}
        </EmptyState>
      ) : (
        <ApTable
          key={String(narrow)}
          narrow={narrow}
          rows={fitting}
          columns={columns}
          sorting={sorting}
          onSorting={setSorting}
          words={words}
          selected={selected}
          onSelect={select}
          onOpen={open}
          onSorted={keepSorted}
        />
      )}
    </>
  );
}
