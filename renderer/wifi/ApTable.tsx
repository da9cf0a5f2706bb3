import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import type { ApColumn, Words } from './columns.tsx';
import { type ApRow, isStale } from './rows.ts';
import classes from './wifi.module.css';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});
const helper = createColumnHelper<typeof features, ApRow>();
const ROW_PX = 34;

interface ApTableProps {
  rows: readonly ApRow[];
  columns: readonly ApColumn[];
  sorting: SortingState;
  onSorting: (sorting: SortingState) => void;
  words: Words;
  onOpen: (id: string) => void;
  /** The rows in the order shown, for the CSV file. */
  onSorted: (rows: readonly ApRow[]) => void;
}

/** Thousands of rows of which only the visible ones exist; the header stays in sight. */
export function ApTable(props: ApTableProps) {
  const { rows, columns, words, onOpen, onSorted } = props;
  const { t } = words;
  const scroll = useRef<HTMLDivElement>(null);
  const data = useMemo(() => [...rows], [rows]);
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map(({ id, key, numeric }) =>
          helper.accessor(key, {
            id,
            sortFn:
              numeric || id === 'status' || id === 'since' || id === 'uptime' ? 'basic' : 'alphanumeric',
            sortUndefined: 'last',
          }),
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
    estimateSize: () => ROW_PX,
    getItemKey: (index) => sorted[index]?.id ?? index,
    overscan: 12,
  });
  useEffect(() => {
    onSorted(sorted.map(({ original }) => original));
  }, [sorted, onSorted]);

  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  return (
    <div ref={scroll} className={classes.scroll} data-testid="ap-table">
      <table className={classes.table} style={{ minWidth: width }} aria-rowcount={sorted.length + 1}>
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ id, numeric }) => {
              const column = table.getColumn(id);
              const order = column?.getIsSorted() ?? false;
              const Arrow = order === 'desc' ? IconArrowDown : IconArrowUp;
              return (
                <th
                  key={id}
                  scope="col"
                  data-numeric={numeric}
                  aria-sort={order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : 'none'}
                >
                  <UnstyledButton
                    className={classes.sort}
                    onClick={() => column?.toggleSorting()}
                    aria-label={t('sort', { column: t(`column.${id}`) })}
                  >
                    <span>{t(`column.${id}`)}</span>
                    {order && <Arrow size={13} aria-hidden />}
                  </UnstyledButton>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {above > 0 && (
            <tr aria-hidden style={{ height: above }}>
              <td className={classes.spacer} colSpan={columns.length} />
            </tr>
          )}
          {items.map((item) => {
            const row = sorted[item.index]?.original;
            if (!row) return null;
            return (
              <tr
                key={row.id}
                aria-rowindex={item.index + 2}
                className={classes.row}
                data-testid="ap-row"
                data-id={row.id}
                data-status={row.status}
                data-stale={isStale(row) || undefined}
                onClick={() => onOpen(row.id)}
              >
                {columns.map((column) => (
                  <td
                    key={column.id}
                    data-numeric={column.numeric}
                    data-reading={column.reading}
                    title={titleOf(column, row)}
                  >
                    {column.id === 'name' ? (
                      <UnstyledButton
                        className={classes.name}
                        aria-label={t('open', { name: row.name })}
                        onClick={(event) => {
                          event.stopPropagation();
                          onOpen(row.id);
                        }}
                      >
                        {row.name}
                      </UnstyledButton>
                    ) : (
                      column.cell(row, words)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
          {below > 0 && (
            <tr aria-hidden style={{ height: below }}>
              <td className={classes.spacer} colSpan={columns.length} />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** Long texts are cut to their column; the pointer shows them whole. */
function titleOf(column: ApColumn, row: ApRow): string | undefined {
  const key = column.key(row);
  return typeof key === 'string' ? key : undefined;
}
