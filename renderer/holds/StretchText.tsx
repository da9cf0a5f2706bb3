import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import screen from '../ui/screen.module.css';
import { useRangeText } from './useRangeText.ts';

const MOST_NAMES = 4;

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
  const others = hidden + Math.max(0, names.length - MOST_NAMES);
  return (
    <div className={screen.wrap}>
      {names.slice(0, MOST_NAMES).map((name) => (
        <Text key={name} size="sm" fw={600}>
          {name}
        </Text>
      ))}
      {others > 0 && (
        <Text size="sm" c="dimmed" title={names.slice(MOST_NAMES).join(', ')}>
          {t('card.hidden', { count: others })}
        </Text>
      )}
      <Text size="sm" className="tabular">
        {rangeText(from, to)}
      </Text>
    </div>
  );
}
