import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { memo } from 'react';
import type { ApColumn, ColumnId } from './columns.tsx';
import type { Sorting } from './sort-rows.ts';
import classes from './wifi.module.css';
import type { Words } from './words.ts';

interface ApTableHeadProps {
  columns: readonly ApColumn[];
  sorting: Sorting;
  onSort: (id: ColumnId) => void;
  t: Words['t'];
  ticked: 'none' | 'some' | 'all';
  onTickAll: (on: boolean) => void;
}

/** The headings, in sight however far is scrolled; drawn anew only when one of them changes. */
export const ApTableHead = memo(function ApTableHead(props: ApTableHeadProps) {
  const { columns, sorting, onSort, t, ticked, onTickAll } = props;
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" className={classes.tick}>
          <label>
            <input
              type="checkbox"
              ref={(box) => {
                if (box) box.indeterminate = ticked === 'some';
              }}
              checked={ticked === 'all'}
              aria-label={t('select.all')}
              title={t('select.all')}
              data-testid="select-all"
              onChange={({ currentTarget }) => onTickAll(currentTarget.checked)}
            />
          </label>
        </th>
        {columns.map(({ id, numeric, bare }) => {
          const order = sorting.find((one) => one.id === id);
          const Arrow = order?.desc ? IconArrowDown : IconArrowUp;
          return (
            <th
              key={id}
              scope="col"
              data-numeric={numeric}
              data-pinned={id === 'name'}
              aria-sort={order ? (order.desc ? 'descending' : 'ascending') : 'none'}
            >
              <UnstyledButton
                className={classes.sort}
                onClick={() => onSort(id)}
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
  );
});
