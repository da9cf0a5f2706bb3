import { Group, Text } from '@mantine/core';
import { IconDownload, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CommandMenu } from '../commands/CommandMenu.tsx';
import { useFormat } from '../ui/useFormat.ts';
import type { ApRow } from './rows.ts';
import { ToolButton } from './ToolButton.tsx';
import classes from './wifi.module.css';

interface SelectionBarProps {
  /** Those selected, shown by the filter or not. */
  rows: readonly ApRow[];
  /** How many of them the filter hides. */
  hidden: number;
  /** On a telephone, where signs must do. */
  narrow: boolean;
  onCsv: () => void;
  onClear: () => void;
}

/** What is ticked, and what may be done with it at once. */
export function SelectionBar({ rows, hidden, narrow, onCsv, onClear }: SelectionBarProps) {
  const { t } = useTranslation('wifi');
  const format = useFormat();
  return (
    <Group gap="xs" className={classes.selection} role="toolbar" aria-label={t('select.bar')}>
      <Text size="sm" fw={600} className="tabular" data-testid="ap-selected" role="status">
        {t('select.count', { count: rows.length })}
        {hidden > 0 && (
          <Text span inherit fw={400} c="dimmed">
            {' '}
            {t('select.hidden', { shown: format.number(hidden) })}
          </Text>
        )}
      </Text>
      <CommandMenu kind="ap" devices={rows} />
      <ToolButton
        name={t('csv')}
        icon={<IconDownload size={15} aria-hidden />}
        bare={narrow}
        size="xs"
        variant="default"
        onClick={onCsv}
      />
      <ToolButton
        name={t('select.clear')}
        icon={<IconX size={15} aria-hidden />}
        bare={narrow}
        size="xs"
        variant="subtle"
        onClick={onClear}
      />
    </Group>
  );
}
