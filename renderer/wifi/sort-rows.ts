import { type ColumnId, columns } from './columns.tsx';
import { type ApRow, naturalKey } from './rows.ts';

/** By what rows are sorted, the first first. */
export type Sorting = readonly { id: ColumnId; desc: boolean }[];
type Key = string | number | undefined;

const columnOf = new Map(columns.map((column) => [column.id, column]));

/**
 * Sorts rows; equals keep their order, those without a value stand last either way. What a row is compared by is made
 * once and kept with the row: several times a second a few of thousands change.
 */
export function createRowSorter(): (rows: readonly ApRow[], sorting: Sorting) => readonly ApRow[] {
  const made = new WeakMap<ApRow, Map<ColumnId, Key>>();
  const keyOf = (row: ApRow, id: ColumnId): Key => {
    let own = made.get(row);
    if (!own) {
      own = new Map();
      made.set(row, own);
    }
    if (own.has(id)) return own.get(id);
    const value = columnOf.get(id)?.key(row);
    const key = typeof value === 'string' ? naturalKey(value) : value;
    own.set(id, key);
    return key;
  };
  return (rows, sorting) =>
    rows
      .map((row) => ({ row, keys: sorting.map(({ id }) => keyOf(row, id)) }))
      .sort((a, b) => {
        // A plain loop: this runs tens of thousands of times within one frame.
        for (let i = 0; i < sorting.length; i++) {
          const first = a.keys[i];
          const second = b.keys[i];
          if (first === second) continue;
          if (first === undefined) return 1;
          if (second === undefined) return -1;
          return first < second === sorting[i]?.desc ? 1 : -1;
        }
        return 0;
      })
      .map(({ row }) => row);
}

/** What a click on a column's heading sorts by: the other way round, or what is looked for first in such a column. */
export function nextSorting(sorting: Sorting, id: ColumnId, rows: readonly ApRow[]): Sorting {
  const [now] = sorting;
  if (now?.id === id) return [{ id, desc: !now.desc }];
  const column = columnOf.get(id);
  const numbers = rows.some((row) => typeof column?.key(row) === 'number');
  return [{ id, desc: numbers && column?.worst !== 'least' }];
}
