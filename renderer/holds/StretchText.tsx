import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './holds.module.css';
import { useRangeText } from './useRangeText.ts';

interface StretchTextProps {
  names: readonly string[];
  /** Cameras that the person may not know of. */
  hidden?: number;
  /** UTC ms. */
  from: number;
  to: number;
}

/** Which footage is meant: its cameras, a line each, and from when to when. */
export function StretchText({ names, hidden = 0, from, to }: StretchTextProps) {
  const { t } = useTranslation('holds');
  const rangeText = useRangeText();
  return (
    <div className={classes.wrap}>
      {names.map((name) => (
        <Text key={name} size="sm" fw={600}>
          {name}
        </Text>
      ))}
      {hidden > 0 && (
        <Text size="sm" c="dimmed">
          {t('card.hidden', { count: hidden })}
        </Text>
      )}
      <Text size="sm" className="tabular">
        {rangeText(from, to)}
      </Text>
    </div>
  );
}
