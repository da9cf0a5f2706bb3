import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { ApTableRow } from './ApTableRow.tsx';
import type { ApColumn, Words } from './columns.tsx';
import { type ApRow, naturalKey } from './rows.ts';
import { rangeOf } from './selection.ts';
import classes from './wifi.module.css';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic },
});
const helper = createColumnHelper<typeof features, ApRow>();
const ROW_PX = 34;
/** Two lines of a name, on a telephone. */
const TALL_ROW_PX = 46;
const TICK_PX = 38;
/** Room for a thumb. */
const TALL_TICK_PX = 44;

interface ApTableProps {
  rows: readonly ApRow[];
  /** On a telephone, where names take two lines. Not to change while the table lives. */
  narrow: boolean;
  columns: readonly ApColumn[];
  sorting: SortingState;
  onSorting: (sorting: SortingState) => void;
  words: Words;
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[], on: boolean) => void;
  onOpen: (id: string) => void;
  /** The rows in the order shown, for the CSV file. */
  onSorted: (rows: readonly ApRow[]) => void;
}

/** Thousands of rows of which only the visible ones exist; the header stays in sight. */
export function ApTable(props: ApTableProps) {
  const { rows, narrow, columns, words, selected, onSelect, onOpen, onSorted } = props;
  const { t } = words;
  const scroll = useRef<HTMLDivElement>(null);
  const data = useMemo(() => [...rows], [rows]);
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map(({ id, key }) =>
          helper.accessor(
            (row) => {
              const value = key(row);
              return typeof value === 'string' ? naturalKey(value) : value;
            },
            { id, sortFn: 'basic', sortUndefined: 'last' },
          ),
        ),
      ),
    [columns],
  );
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: (row) => row.id,
    enableSortingRemoval: false,
    state: { sorting: props.sorting },
    onSortingChange: (update) =>
      props.onSorting(typeof update === 'function' ? update(props.sorting) : update),
  });
  const sorted = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => (narrow ? TALL_ROW_PX : ROW_PX),
    getItemKey: (index) => sorted[index]?.id ?? index,
    overscan: 10,
    useFlushSync: false,
  });
  const order = useRef<readonly string[]>([]);
  useEffect(() => {
    order.current = sorted.map(({ id }) => id);
    onSorted(sorted.map(({ original }) => original));
  }, [sorted, onSorted]);
  const ticked = useRef<string | null>(null);
  const select = useCallback(
    (id: string, on: boolean, range: boolean) => {
      onSelect(range ? rangeOf(order.current, ticked.current, id) : [id], on);
      ticked.current = id;
    },
    [onSelect],
  );

  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const tick = narrow ? TALL_TICK_PX : TICK_PX;
  const width = columns.reduce((sum, column) => sum + column.width, tick);
  const count = rows.reduce((sum, { id }) => sum + (selected.has(id) ? 1 : 0), 0);
  return (
    <div ref={scroll} className={classes.scroll} data-tall={narrow || undefined} data-testid="ap-table">
      <table className={classes.table} style={{ minWidth: width }} aria-rowcount={sorted.length + 1}>
        <colgroup>
          <col style={{ width: tick }} />
          {columns.map(({ id, width }) => (
            <col key={id} style={{ width: id === 'name' && !narrow ? undefined : width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className={classes.tick}>
              <label>
                <input
                  type="checkbox"
                  ref={(box) => {
                    if (box) box.indeterminate = count > 0 && count < rows.length;
                  }}
                  checked={count > 0 && count === rows.length}
                  aria-label={t('select.all')}
                  title={t('select.all')}
                  data-testid="select-all"
                  onChange={({ currentTarget }) =>
                    onSelect(
                      rows.map(({ id }) => id),
                      currentTarget.checked,
                    )
                  }
                />
              </label>
            </th>
            {columns.map(({ id, numeric, bare }) => {
              const column = table.getColumn(id);
              const order = column?.getIsSorted() ?? false;
              const Arrow = order === 'desc' ? IconArrowDown : IconArrowUp;
              return (
                <th
                  key={id}
                  scope="col"
                  data-numeric={numeric}
                  data-pinned={id === 'name'}
                  aria-sort={order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : 'none'}
                >
                  <UnstyledButton
                    className={classes.sort}
                    onClick={() => column?.toggleSorting()}
                    aria-label={t('sort', { column: t(`column.${id}`) })}
                  >
                    {!bare && <span>{t(`column.${id}`)}</span>}
                    {order && <Arrow size={13} aria-hidden />}
                  </UnstyledButton>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Spacer height={above} columns={columns.length + 1} />}
          {items.map((item) => {
            const row = sorted[item.index]?.original;
            return row ? (
              <ApTableRow
                key={row.id}
                row={row}
                index={item.index}
                columns={columns}
                words={words}
                selected={selected.has(row.id)}
                onOpen={onOpen}
                onSelect={select}
              />
            ) : null;
          })}
          {below > 0 && <Spacer height={below} columns={columns.length + 1} />}
        </tbody>
      </table>
    </div>
  );
}

/** Stands for the rows that are out of sight. */
function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td className={classes.spacer} colSpan={columns} />
    </tr>
  );
}
