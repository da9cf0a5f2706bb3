import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type ColumnId, columns } from './columns.tsx';
import classes from './wifi.module.css';

interface ColumnMenuProps {
  shown: readonly ColumnId[];
  onChange: (shown: ColumnId[]) => void;
}

/** Which columns the table has. Name stays: a row without it opens nothing. */
export function ColumnMenu({ shown, onChange }: ColumnMenuProps) {
  const { t } = useTranslation('wifi');
  return (
    <Popover position="bottom-end" withArrow shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          {t('columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        <Stack className={classes.choice}>
          {columns.map(({ id }) => (
            <Checkbox
              key={id}
              size="xs"
              classNames={{ body: classes.option }}
              label={t(`column.${id}`)}
              checked={shown.includes(id)}
              disabled={id === 'name'}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked ? [...shown, id] : shown.filter((column) => column !== id),
                )
              }
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
