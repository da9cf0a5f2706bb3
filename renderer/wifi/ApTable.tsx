import { type Range, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ApTableHead } from './ApTableHead.tsx';
import { ApTableRow } from './ApTableRow.tsx';
import type { ApColumn, ColumnId } from './columns.tsx';
import type { ApRow } from './rows.ts';
import { rangeOf } from './selection.ts';
import { createRowSorter, nextSorting, type Sorting } from './sort-rows.ts';
import classes from './wifi.module.css';
import type { Words } from './words.ts';

const ROW_PX = 34;
/** Two lines of a name, on a telephone. */
const TALL_ROW_PX = 46;
const TICK_PX = 38;
/** Room for a thumb. */
const TALL_TICK_PX = 44;
/** Rows kept ready where the table is scrolled to, and on the other side. */
const AHEAD = 10;
const BEHIND = 3;

interface ApTableProps {
  rows: readonly ApRow[];
  /** On a telephone, where names take two lines. Not to change while the table lives. */
  narrow: boolean;
  columns: readonly ApColumn[];
  sorting: Sorting;
  onSorting: (sorting: Sorting) => void;
  words: Words;
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[], on: boolean) => void;
  onOpen: (id: string) => void;
  /** The rows in the order shown, for the CSV file. */
  onSorted: (rows: readonly ApRow[]) => void;
}

/** Thousands of rows of which only the visible ones exist; the header stays in sight. */
export function ApTable(props: ApTableProps) {
  const { rows, narrow, columns, sorting, onSorting, words, selected, onSelect, onOpen, onSorted } = props;
  const { t } = words;
  const scroll = useRef<HTMLDivElement>(null);
  const [sort] = useState(createRowSorter);
  const sorted = useMemo(() => sort(rows, sorting), [sort, rows, sorting]);
  // The same function while the rows are the same: a new one would have all of them measured anew at each scroll.
  const keyOf = useCallback((index: number) => sorted[index]?.id ?? index, [sorted]);
  const upwards = useRef(false);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => (narrow ? TALL_ROW_PX : ROW_PX),
    getItemKey: keyOf,
    overscan: AHEAD,
    rangeExtractor: (range) => rowsAround(range, upwards.current),
    useFlushSync: false,
  });
  if (virtual.scrollDirection) upwards.current = virtual.scrollDirection === 'backward';
  const order = useRef<readonly string[]>([]);
  useEffect(() => {
    order.current = sorted.map(({ id }) => id);
    onSorted(sorted);
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
  const count = useMemo(() => rows.filter(({ id }) => selected.has(id)).length, [rows, selected]);
  const shown = useRef(rows);
  useEffect(() => {
    shown.current = rows;
  }, [rows]);
  const tickAll = useCallback(
    (on: boolean) =>
      onSelect(
        shown.current.map(({ id }) => id),
        on,
      ),
    [onSelect],
  );
  const sortBy = useCallback(
    (id: ColumnId) => onSorting(nextSorting(sorting, id, shown.current)),
    [onSorting, sorting],
  );
  return (
    <div ref={scroll} className={classes.scroll} data-tall={narrow || undefined} data-testid="ap-table">
      <table className={classes.table} style={{ minWidth: width }} aria-rowcount={sorted.length + 1}>
        <colgroup>
          <col style={{ width: tick }} />
          {columns.map(({ id, width }) => (
            <col key={id} style={{ width: id === 'name' && !narrow ? undefined : width }} />
          ))}
        </colgroup>
        <ApTableHead
          columns={columns}
          sorting={sorting}
          onSort={sortBy}
          t={t}
          ticked={count === 0 ? 'none' : count === rows.length ? 'all' : 'some'}
          onTickAll={tickAll}
        />
        <tbody>
          {above > 0 && <Spacer height={above} columns={columns.length + 1} />}
          {items.map((item) => {
            const row = sorted[item.index];
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

/** The rows in sight, more on the side to which is scrolled: all of them are made anew when a bar is dragged. */
function rowsAround({ startIndex, endIndex, count }: Range, upwards: boolean): number[] {
  const from = Math.max(0, startIndex - (upwards ? AHEAD : BEHIND));
  const to = Math.min(count - 1, endIndex + (upwards ? BEHIND : AHEAD));
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Stands for the rows that are out of sight. */
function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td className={classes.spacer} colSpan={columns} />
    </tr>
  );
}
