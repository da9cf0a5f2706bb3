import { memo } from 'react';
import type { ApColumn } from './columns.tsx';
import { type ApRow, isStale } from './rows.ts';
import classes from './wifi.module.css';
import type { Words } from './words.ts';

interface ApTableRowProps {
  row: ApRow;
  /** Its place in the table, from 0. */
  index: number;
  columns: readonly ApColumn[];
  words: Words;
  selected: boolean;
  onOpen: (id: string) => void;
  /** `range`: all from the one before, too. */
  onSelect: (id: string, on: boolean, range: boolean) => void;
}

/** One point. Drawn anew only when something of it changed: a table that is scrolled draws just the rows that come in. */
export const ApTableRow = memo(function ApTableRow(props: ApTableRowProps) {
  const { row, columns, words, selected, onOpen, onSelect } = props;
  const { t } = words;
  return (
    <tr
      aria-rowindex={props.index + 2}
      aria-selected={selected}
      className={classes.row}
      data-testid="ap-row"
      data-id={row.id}
      data-status={row.status}
      data-stale={isStale(row) || undefined}
      onClick={() => onOpen(row.id)}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: only keeps a click beside the box from opening the page */}
      <td className={classes.tick} onClick={(event) => event.stopPropagation()}>
        <label>
          <input
            type="checkbox"
            checked={selected}
            aria-label={t('select.one', { name: row.name })}
            data-testid="ap-select"
            onChange={({ currentTarget, nativeEvent }) =>
              onSelect(
                row.id,
                currentTarget.checked,
                nativeEvent instanceof MouseEvent && nativeEvent.shiftKey,
              )
            }
          />
        </label>
      </td>
      {columns.map((column) => (
        <td
          key={column.id}
          data-numeric={column.numeric}
          data-reading={column.reading}
          data-pinned={column.id === 'name'}
          title={titleOf(column, row)}
        >
          {column.id === 'name' ? (
            <button
              type="button"
              className={classes.name}
              aria-label={t('open', { name: row.name })}
              onClick={(event) => {
                event.stopPropagation();
                onOpen(row.id);
              }}
            >
              {row.name}
            </button>
          ) : (
            column.cell(row, words)
          )}
        </td>
      ))}
    </tr>
  );
});

/** Long texts are cut to their column; the pointer shows them whole. */
function titleOf(column: ApColumn, row: ApRow): string | undefined {
  const key = column.key(row);
  return typeof key === 'string' ? key : undefined;
}
