import { ActionIcon, Group, SegmentedControl, Tooltip } from '@mantine/core';
import { IconFocusCentered, IconKeyboard } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useOpenKeys } from '../keys/KeysProvider.tsx';
import classes from './archive.module.css';

const MINUTE = 60_000;
export const SPANS = [
  ['minute', MINUTE],
  ['ten-minutes', 10 * MINUTE],
  ['hour', 60 * MINUTE],
  ['six-hours', 360 * MINUTE],
  ['day', 1440 * MINUTE],
  ['week', 7 * 1440 * MINUTE],
  ['month', 31 * 1440 * MINUTE],
] as const;

interface ScaleControlsProps {
  /** How much time is shown, ms. */
  span: number;
  onSpan: (ms: number) => void;
  onToPosition: () => void;
}

/** How much of time the timeline shows. */
export function ScaleControls({ span, onSpan, onToPosition }: ScaleControlsProps) {
  const { t } = useTranslation(['archive', 'keys']);
  const openKeys = useOpenKeys();
  const scale = SPANS.find(([, ms]) => Math.abs(ms / span - 1) < 0.02)?.[0] ?? '';
  return (
    <Group gap={6} wrap="nowrap" className={classes.scale}>
      <SegmentedControl
        size="xs"
        aria-label={t('span')}
        value={scale}
        onChange={(value) => onSpan(SPANS.find(([name]) => name === value)?.[1] ?? span)}
        data={SPANS.map(([value]) => ({ value, label: t(`spans.${value}`) }))}
      />
      <Tooltip label={t('to-position')}>
        <ActionIcon variant="default" size={30} aria-label={t('to-position')} onClick={onToPosition}>
          <IconFocusCentered size={17} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('keys:open')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={30}
          aria-label={t('keys:open')}
          className={classes.keys}
          onClick={openKeys}
        >
          <IconKeyboard size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
