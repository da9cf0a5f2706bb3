import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { IconBracketsContainEnd, IconBracketsContainStart, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../ui/useFormat.ts';
import type { Marks } from './useMarks.ts';

interface MarkControlsProps {
  marks: Marks;
  /** Nothing is shown that could be marked. */
  disabled: boolean;
  /** As large as the player's own buttons, for a thumb. */
  size: 30 | 34;
  onMark: (end: 'in' | 'out') => void;
  onClear: () => void;
}

/** Marks the start and the end of a range. */
export function MarkControls({ marks, disabled, size, onMark, onClear }: MarkControlsProps) {
  const { t } = useTranslation('archive');
  const format = useFormat();
  const marked = marks.from !== null || marks.to !== null;
  const length = marks.from !== null && marks.to !== null ? marks.to - marks.from : null;
  const icon = (label: string, Icon: typeof IconX, onClick: () => void, testId: string) => (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size={size}
        aria-label={label}
        onClick={onClick}
        disabled={disabled}
        data-testid={testId}
      >
        <Icon size={17} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <Group gap={6} role="group" aria-label={t('range')}>
      {icon(t('mark-in'), IconBracketsContainStart, () => onMark('in'), 'mark-in')}
      {icon(t('mark-out'), IconBracketsContainEnd, () => onMark('out'), 'mark-out')}
      {marked && (
        <>
          <Text size="xs" className="tabular" data-testid="marked">
            {marks.from === null ? '…' : format.time(marks.from)} –{' '}
            {marks.to === null ? '…' : format.time(marks.to)}
            {length !== null && ` · ${format.duration(length)}`}
          </Text>
          {icon(t('mark-clear'), IconX, onClear, 'mark-clear')}
        </>
      )}
    </Group>
  );
}
